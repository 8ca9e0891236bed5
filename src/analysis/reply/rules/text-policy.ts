import type { Rule } from '../rule.ts';
import { CONTENT, LOOP, MALFORMED, MISROUTED, POLICY, RELAY, SIZE } from './faults.ts';

/** Size, loops, relaying, content and plain policy, in the words of servers of every make. */
export const TEXT_SIZE_AND_LOOP: readonly Rule[] = [
  {
    id: 'text-loop',
    ...LOOP,
    text: /\bloop\b|(?:mail|routing|forwarding|delivery|message|smtp|e-?mail|possible|infinite|local) ?loop|loops? (?:back|detected|count|to myself|found|limit)|too many (?:hops|received|relays)|hop ?count|hops exceeded|exceeded (?:maximum )?hops?|max(?:imum)? hops|looping|back to (?:myself|itself)|number of received|received:? (?:data )?headers? exceed|too many received|(?:config error|message): (?:mail )?loops|would loop/,
    confidence: 0.95,
    meaning: 'The message goes round in a circle between servers.',
    source: 'RFC 5321 section 6.3; RFC 3463 section 3.5 (X.4.6)',
    example: '554 5.4.6 Too many hops',
  },
  {
    id: 'text-size',
    ...SIZE,
    text: /^too (?:large|big)|(?:message|mail|e-?mail|msg|attachment|content|header|body|data)s?(?:'s)?(?: (?:file|file size|header|contents?|body))? ?(?:size |length )?(?:[([]?[0-9.,]{1,15} ?(?:bytes|[kmg]i?b)?[)\]]? )?(?:is |was |are |length )?(?:too (?:big|large|long)|(?:exceeds?|exceeded|exceeding|larger than|greater than|bigger than|over|above|excedes|exceeds the|has exceeded|is over) (?:the |our |a |maximum |fixed |configured |allowed |limit |size |message |recipient'?s? |administrative |server |system |global |policy |permitted )*(?:size|limit|maximum|max|allowed|allowable|[0-9])|size (?:limit|exceed|too|violat)|exceeds (?:fixed )?(?:maximum|max|size))|size (?:limit|restriction)s? (?:has been |was |is )?(?:exceeded|reached|violated)|too (?:large|big) (?:a )?(?:message|mail|attachment|for|to)|(?:exceeds|exceeded|over|above) (?:the |your |our |its |a )?(?:maximum |max |fixed |allowed )?(?:message|mail|attachment|e-?mail|msg)? ?(?:file )?size|(?:maximum|max)(?:imum)? (?:allowed |message |mail |permitted |attachment )+size|message (?:length|size) exceed|recipsizelimit|sendsizelimit|message too (?:big|large|long)|size of (?:the |this |your )?(?:message|mail|e-?mail)|exceeds size|content-length|datasize|filesize|\bsize=\d|size limit/,
    confidence: 0.93,
    meaning: 'The message is larger than the server or the mailbox takes.',
    source: 'RFC 1870 section 6; RFC 3463 section 3.4 (X.3.4)',
    example: '552 5.3.4 Message size exceeds fixed limit',
  },
];

/** A filter that says what it found, even where the sender stands in the same sentence. */
export const TEXT_FOUND: readonly Rule[] = [
  {
    id: 'text-contains-spam',
    ...CONTENT,
    text: /contains? (?:a )?(?:spam|virus|malware|phishing)|spamurl/,
    confidence: 0.9,
    meaning: 'A filter refused the message for what it holds.',
    source: 'RFC 3463 section 3.8 (X.7.1)',
    example: '571 5.7.1 Message contains spam or virus or sender is blocked',
  },
];

/** Refused relaying: the server does not take mail for this domain, or not from this client. */
export const TEXT_RELAY: readonly Rule[] = [
  {
    id: 'text-relay',
    ...RELAY,
    text: /relay(?:ing)?(?: access)?(?: is| was| has been| mail)? ?(?:to [^ ]{1,80} )?(?:denied|prohibited|not (?:allowed|permitted|authori[sz]ed|supported|possible)|forbidden|disallowed|refused|rejected|blocked|operation|disabled|restricted|attempt|incorrect|from|not)|(?:not|n't|unable|refus(?:e|es|ed|ing)|deny|denied|no|cannot|prohibited|unauthori[sz]ed|will not|illegal|restricted|invalid) (?:to |allowed to |permitted to |authori[sz]ed to |be |for |an? |open |third[- ]party |mail |an open )*relay|not (?:in|on) (?:my|our|the) (?:list of )?(?:allowed |local |authori[sz]ed )?rcpthosts|rcpthosts|(?:domain|host)(?: name)?(?: [^ ]{1,80})? (?:is |are )?not (?:hosted|handled|served|accepted|local|one of|configured|in our|in my|an accepted|authori[sz]ed|allowed|permitted|in (?:the )?list|managed|provisioned|supported|listed)|(?:isn't|is not|not) (?:a |an |one of )?(?:our |my |local |hosted |in our )?(?:local |hosted |accepted |relay )?(?:domains?|hosts?) (?:here|hosted|that we|we)|(?:do not|don't|does not|doesn't|will not) (?:relay|handle mail|accept mail|host|serve|accept messages) (?:for|to|that domain|this domain|[^ ]{1,60}\.)|not a (?:gateway|relay|local domain)|we do not relay|we don't relay|must (?:be|use) .{0,30}to relay|non[- ]?(?:local|accepted) (?:domain|recipient|host)(?! verif)|not (?:its|a|the|an) mail exchanger|not (?:the |an )?mx for|(?:not|n't|never) (?:use|be used).{0,40}\brelay|mail for [^ ]{1,120} (?:is |are )?not (?:handled|accepted|hosted|relayed|processed)|unable to relay|mail ?server does not (?:host|handle)|recipient domain (?:is )?not|is not (?:accepted|local|hosted) (?:here|by this|domain)|no relay|relay not|relaying/,
    confidence: 0.93,
    meaning: "The server does not accept mail for the recipient's domain from this client.",
    source: 'RFC 5321 section 3.6.2; RFC 3463 section 3.8 (X.7.1)',
    example: '550 5.7.1 Unable to relay for kim@fabrikam.example',
  },
];

/** What the filters say about the message itself. */
export const TEXT_CONTENT: readonly Rule[] = [
  {
    id: 'text-malformed',
    ...MALFORMED,
    text: /(?:not|non)[- ]?(?:rfc|rfc-?)(?: ?[0-9]{3,4})? ?(?:compliant|5322|2822|822|conform)|(?:violates|violation of|does not comply with|not compliant with|not conform(?:ing)? (?:to|with)) (?:the )?(?:rfc|section|header|specification|standard|internet)|\b5322\b|rfc ?2822|rfc ?822\b|rfc ?5321|bare (?:lf|line ?feed|cr\b|newline|linefeed)|(?:missing|invalid|malformed|duplicate|multiple|bad|no|illegal|several|empty|conflicting|unparsable|more than one) (?:or (?:duplicate|missing|invalid) )?(?:valid )?(?:message-?id|from|date|subject|to|mime|content-type|sender|in the|required|rfc)?[: ]?[- ]?headers?|(?:without|lacks?|lacking|no) (?:the |a |an )?(?:valid )?(?:message-?id|(?:from|date|subject) header)|missing (?:the )?(?:message-?id|from:|date:|subject|required header)|headers? (?:is |are )?(?:missing|malformed|invalid|too|corrupt|contains|not|fail|syntax)|(?:malformed|invalid|broken|corrupt(?:ed)?|bad|unparseable) (?:mime|message (?:structure|format|content)|e-?mail format|mail format|content)|mime (?:error|parse|structure|nesting|malformed|boundary)|too many (?:mime|attachments|parts|headers)|8-?bit|smtputf8|non-ascii|character ?set|charset|unicode (?:address|mail)|(?:message|content) (?:is )?(?:empty|malformed|corrupt|could not be parsed)|poison message|no (?:message )?body|smtplf|nul character|conversion (?:required|failed|not)|multiple from/,
    confidence: 0.85,
    meaning: 'The message is not built as the standards ask.',
    source: 'RFC 5322 section 3.6; RFC 3463 section 3.7',
    example: '550 5.6.0 Message contains multiple From headers',
  },
  {
    id: 'text-content',
    ...CONTENT,
    text: /\bspam|mime[- ]type|content-type|executable content|\bthreat\b|blocked by (?:the |a |our )?(?:[^ ]{1,20} )?filter|(?:due to|because of) (?:its |the |message |offending )?content\b|\bjunk|unsolicited|\bube\b|\buce\b|bulk (?:mail|e-?mail|message)|virus|malware|infected|phish|scam|trojan|malicious|worm\b|forbidden attachment|(?:attachment|file|extension|file type|content|executable|exe|zip|macro)s?(?: type| name| extension| format)?(?: [^ ]{1,60})? (?:is |are |was |were |has been )?(?:not (?:allowed|permitted|accepted)|blocked|prohibited|forbidden|rejected|banned|denied|illegal|unacceptable|disallowed|restricted|refused|presents a potential)|(?:blocked|banned|prohibited|forbidden|illegal|dangerous|unsafe|unacceptable|suspicious|disallowed|potentially) (?:attachment|file|content|extension|executable|url|link|body|subject|harmful|word)|content (?:filter|rejected|reject|policy|restriction|denied|block|scan|is not|not accepted|violation|refused|denied)|(?:message|mail|e-?mail) content|(?:message|mail|e-?mail|msg|data)(?: was| is| has been)? (?:rejected|blocked|refused|denied|quarantined|filtered|discarded|not accepted|deemed|considered|classified|identified|detected|looks like|appears|scored|flagged|marked) (?:as |by |for |due |because |with |to |in |likely |suspicious )*(?:spam|content|filter|anti|suspicious|being|blacklisted|the content|its content|possible|bulk|offensive|rule|score|heuristic)|(?:anti[- ]?spam|anti[- ]?virus|antispam|antivirus|spamassassin|amavis|rspamd|clamav|bogofilter|dspam|spam ?filter|mailscanner|vipul|razor|dcc\b|cloudfilter|content filter)|hits? (?:the )?(?:threshold|score)|score (?:of|is|exceed|too|over|above|\d)|unwanted (?:mail|content|message|e-?mail)|offensive|profanity|obscene|suspicious (?:message|mail|e-?mail|content|url|link|attachment)|blacklisted (?:url|uri|link|domain in)|(?:url|uri|link)s? (?:in (?:the )?(?:message|body|mail) )?(?:is |are )?(?:on|in|listed|blacklisted|blocked)|surbl|uribl|\bdbl\b|potential security|looks like (?:spam|a forgery)|high probability|gtube|\bham\b|message filtered|delivery refused by filter|sieve|(?:bayes|fingerprint|pattern) (?:match|detect)|message (?:contains|contained)|rejected by (?:content|filter|spam|header|body)|body checks|header checks|suspected/,
    confidence: 0.88,
    meaning: 'A filter refuses what is in the message.',
    source: 'RFC 3463 section 3.8 (X.7.1); RFC 6647',
    example: '554 5.7.1 Message rejected because of spam content',
  },
];

/** What says that the server is set up wrongly. */
export const TEXT_MISROUTED: readonly Rule[] = [
  {
    id: 'text-config-error',
    ...MISROUTED,
    enhanced: 'x.3.5',
    text: /config/,
    confidence: 0.85,
    meaning: 'The mail system of the recipient is set up wrongly.',
    source: 'RFC 3463 section 3.4 (X.3.5)',
    example: '554 5.3.5 Local configuration error',
  },
  {
    id: 'text-local-config',
    ...MISROUTED,
    text: /local configuration error|\bconfig error\b|mis-?configur(?:ed|ation)/,
    confidence: 0.75,
    meaning: 'The mail system of the recipient is set up wrongly.',
    source: 'RFC 3463 section 3.4 (X.3.5)',
    example: 'Local configuration error',
  },
];

/** Refused, and no more: asked after every rule that names a reason. */
export const TEXT_POLICY: readonly Rule[] = [
  {
    id: 'text-bare-refusal',
    errorType: 'Unknown',
    cause: 'permanent',
    owner: 'unknown',
    code: '5',
    text: /^(?:rejected|denied|refused|blocked|error|failed)[.!]?$/,
    confidence: 0.3,
    meaning: 'The server refused; it does not say why.',
    source: 'RFC 5321 section 4.2.3',
    example: '550 Rejected',
  },
  {
    id: 'text-policy',
    ...POLICY,
    text: /\bpolic(?:y|ies)\b|administrative(?:ly)? (?:prohibit|denied|reject|reason|ban|lock|block|forbidden)|administrative prohibition|prohibited by|not (?:allowed|permitted|accepted|authori[sz]ed|acceptable|welcome)\b|access (?:is |was )?denied|(?:message|mail|e-?mail|delivery|transaction|connection|command|request|session|communication|sender and recipient)(?: was| is| has been)? (?:rejected|refused|denied|declined|blocked|disallowed|forbidden|prohibited|not authori[sz]ed)|refused by (?:rule|local|site|policy|mail|your|our)|rejected by (?:the )?(?:rule|local|site|recipient|remote|user|organi[sz]ation|server|mail|system|header|admin|policy|access)|violat(?:es|ion|ed)|transport ?rules?|mail (?:flow )?rules?|security (?:policy|reasons|restriction|violation)|local (?:rule|restriction)|site (?:polic|restrict)|forbid|we do not accept|will not (?:accept|be accepted|be delivered)|go away|unauthori[sz]ed|permission denied|blocked\b|rejected\b|denied\b|refused\b(?! to| by [a-z0-9-]+\.)/,
    confidence: 0.65,
    meaning: 'The server refuses the message by its own rules.',
    source: 'RFC 3463 section 3.8 (X.7.1)',
    example: '550 5.7.1 Message rejected due to local policy',
  },
];
