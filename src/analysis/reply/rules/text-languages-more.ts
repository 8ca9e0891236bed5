import type { Rule } from '../rule.ts';
import { CONTENT, DISABLED_RECIPIENT, QUOTA, SIZE, UNKNOWN_RECIPIENT } from './faults.ts';

const SOURCE = 'RFC 6531 section 3.7.4 (replies are free text); RFC 3463 section 3';

/**
 * What is said most, about recipients and mailboxes, in Polish, Czech and Slovak, Hungarian, Romanian, Turkish, the Nordic
 * languages, Greek and Korean. fold.ts takes off accents that are marks of their own, not the bar of `ł` or `ø`.
 */
export const TEXT_LANGUAGES_MORE: readonly Rule[] = [
  {
    id: 'lang2-mailbox-full',
    ...QUOTA,
    text: /skrzynka .{0,40}(?:pelna|pełna|przepełniona)|(?:schranka|mailbox) .{0,30}(?:plna|zaplnena|preplnena)|(?:postafiok|fiok) .{0,30}(?:megtelt|tele)|(?:casuta|cutia) .{0,30}plina|posta kutusu .{0,30}dolu|(?:postkasse|postboks|brevlada|inkorg|innboks|postlada)n? .{0,30}(?:full|fuld)|postilaatikko .{0,20}taynna|γραμματοκιβωτιο.{0,30}γεματο|(?:메일함|편지함|사서함).{0,20}(?:가득|용량)|용량.{0,10}초과/u,
    confidence: 0.92,
    meaning: "The recipient's mailbox is full.",
    source: SOURCE,
    example: '552 5.2.2 Skrzynka odbiorcy jest pelna',
  },
  {
    id: 'lang2-mailbox-disabled',
    ...DISABLED_RECIPIENT,
    text: /(?:konto|skrzynka|uzytkownik) .{0,30}(?:zablokowan|nieaktywn|zawieszon|wyłączon)|(?:ucet|schranka|konto) .{0,30}(?:zablokovan|neaktivn|deaktivovan)|(?:kontoen?|kontot) .{0,20}(?:sparret|sperret|inaktiv|avstangt)|hesap .{0,20}(?:askiya|devre dis)|계정.{0,12}(?:정지|비활성)|휴면/u,
    confidence: 0.88,
    meaning: 'The mailbox exists but is switched off.',
    source: SOURCE,
    example: '550 5.2.1 Konto odbiorcy zablokowane',
  },
  {
    id: 'lang2-unknown-user',
    ...UNKNOWN_RECIPIENT,
    text: /(?:uzytkownik|adresat|odbiorca|skrzynka|konto|adres) .{0,40}(?:nie istnieje|nieznany|nieznana)|(?:nieznany|brak) (?:uzytkownik|odbiorc|adresat|skrzynk)|(?:uzivatel|prijemce|prijimatel|schranka|adresa) .{0,30}(?:neexistuje|neznamy|neznama)|nezn(?:amy|ama) (?:uzivatel|prijemce|pouzivatel)|(?:ismeretlen|nem letezo) (?:cimzett|felhasznalo|postafiok)|(?:utilizator|destinatar|adresa)\w{0,4} .{0,20}(?:inexistent|necunoscut|nu exista)|(?:kullanici|kullanıcı|alici|alıcı|adres) .{0,20}(?:bulunamadi|bulunamadı|mevcut degil|bilinmiyor)|(?:okand|ukendt|ukjent|tuntematon) (?:anvandare|mottagare|bruger|modtager|bruker|mottaker|kayttaja|vastaanottaja)|(?:anvandaren|mottagaren|brugeren|modtageren|brukeren|mottakeren) .{0,20}(?:finns inte|finnes ikke|findes ikke|eksisterer ikke)|αγνωστος (?:χρηστης|παραληπτης)|(?:사용자|수신자|메일 ?주소|계정).{0,12}(?:없|존재하지)|존재하지 않는 (?:사용자|메일|계정|수신)|(?:користувача?|адресата?|скриньк[аиу]) .{0,20}(?:не знайдено|не існує)/u,
    confidence: 0.9,
    meaning: 'There is no such recipient at this server.',
    source: SOURCE,
    example: '550 5.1.1 Użytkownik nie istnieje',
  },
  {
    id: 'lang2-size',
    ...SIZE,
    text: /(?:wiadomosc|wiadomość) .{0,30}(?:za duza|zbyt duza|przekracza)|zprava .{0,20}(?:prilis velka|presahuje)|(?:meddelandet|meldingen|beskeden) .{0,20}(?:for stor)|az uzenet tul nagy|mesaj .{0,20}cok buyuk/u,
    confidence: 0.88,
    meaning: 'The message is larger than the server or the mailbox takes.',
    source: SOURCE,
    example: '552 5.3.4 Wiadomosc jest za duza',
  },
  {
    id: 'lang2-content',
    ...CONTENT,
    text: /(?:wiadomosc|wiadomość|zprava|uzenet|mesaj|meddelande|스팸).{0,40}(?:spam|wirus|virus|차단|거부)/u,
    confidence: 0.85,
    meaning: 'A filter refused the message for what it holds.',
    source: SOURCE,
    example: '550 5.7.1 Wiadomosc odrzucona jako spam',
  },
];
