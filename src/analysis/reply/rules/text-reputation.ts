import type { Rule } from '../rule.ts';
import { CONTENT, EGRESS, GREYLISTED, LISTED_IP, LOW_REPUTATION, REPUTATION, THROTTLED } from './faults.ts';

const DNSBL = 'RFC 5782; RFC 6471';

/** What servers say when it is the sending address that they do not want. */
export const TEXT_REPUTATION: readonly Rule[] = [
  {
    id: 'text-listed-url',
    ...CONTENT,
    text: /(?:black ?listed|listed|blocked|bad|spam|malicious) (?:url|uri|link)s?\b|\b(?:url|uri|link)s? .{0,40}(?:black ?list|blocked|listed|spam)|\buribl|\bsurbl/,
    confidence: 0.9,
    meaning: 'A link in the message is on a block list.',
    source: 'RFC 5782; https://surbl.org/',
    example: '554 5.7.1 Message contains a URL listed in surbl.example',
  },
  {
    id: 'text-dynamic-ip',
    ...LOW_REPUTATION,
    text: /\b(?:dynamic|dial-?up|residential|dsl|broadband|cable|home|consumer|pool|dhcp)(?:[ /-]?(?:or|and|,)? ?(?:dynamic|dial-?up|residential|generic|home|static))? (?:ip|address|addresses|host|ip ?space|ranges?|users?|client|pool|connection|assigned)|use your (?:isp|provider)'?s? (?:mail|smtp|outgoing)|dynamically assigned|\bpbl\b|dul\.|looks like a dynamic/,
    confidence: 0.85,
    meaning: 'The sending address looks like a home or dial-up line, from which this server takes no mail.',
    source: 'https://www.spamhaus.org/blocklists/policy-blocklist/',
    example: '550 5.7.1 Mail from dynamic IP addresses is not accepted here',
  },
  {
    id: 'text-blocklist',
    ...LISTED_IP,
    text: /blocked (?:using|by|at|due to|because|for|in|via|from) (?:[^ ]{1,60} )?(?:[a-z0-9-]+\.(?:[a-z0-9-]+\.){1,4}[a-z]{2,}|rbl|dnsbl|list|the following)|(?:listed|found|present|is) (?:by|in|on|at|with) (?:an? |the |our |one |multiple |several |local |internal |rbl |ip )*(?:[a-z0-9.-]{1,60} )?(?:rbl|dnsbl|dnsrbl|block ?list|black ?list|blacklist|deny ?list|denylist|blocklist|spamhaus|spamcop|sorbs|barracudacentral|uceprotect|abuseat|cbl|xbl|sbl|zen)|spamhaus|spamcop|\bsorbs\b|uceprotect|abuseat\.org|barracudacentral|abusix|mailspike|\bdroneb|psbl|\bnjabl|invaluement|spamrats|rats-(?:dyna|noptr|spam)|backscatterer|nixspam|manitu|surriel|truncate\.gbudb|senderscore|\brbls?\b|\bdnsbl|dnsrbl|rbl(?:check|-)|\bdnswl|real-?time (?:black|block)|(?:ip|host|address|server|client|network|\])(?: address)?(?: [^ ]{1,60})? (?:is |was |has been |are |being |been )?(?:currently |temporarily |permanently |also )?(?:black|block|deny|spam)[- ]?listed|black ?list(?:ed|ing)?\b|block ?listed|on (?:our|a|the) (?:block|black|deny|reject) ?list|dsbl|\blisted at\b|\b(?:ip|host|address|server)\b.{0,60}\blisted (?:on|in|at|by)|in (?:our|the|a|my|local) (?:block|black|deny) ?list|poor[- ]?reputation list/,
    confidence: 0.93,
    meaning: 'The address of the sending server is on a block list.',
    source: DNSBL,
    example: '554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using bl.example.net',
  },
  {
    id: 'text-reputation',
    ...LOW_REPUTATION,
    text: /(?:low|poor|bad|negative|no|insufficient|weak|lack of|of) (?:sender |sending |ip |email |mail |domain |server |ip address |e-?mail )?(?:reputation|senderbase)|reputation (?:is|of|was|score|policy|block|filter|check|based|too|service|for|problem|on|issue)|(?:sender|ip|domain|server|network|senderbase|poor|global)[- ]?reputation|\breputation\b|senderbase|trustedsource|talosintelligence|cloudmark|csi\.cloudmark|cyren|ipreputation|commtouch|sender score/,
    confidence: 0.9,
    meaning: 'The address or domain of the sender has a poor reputation with this server.',
    source: 'RFC 7070; https://talosintelligence.com/reputation_center',
    example: '554 Rejected: the reputation of your network is too low',
  },
  {
    id: 'text-rejected-try-later',
    ...GREYLISTED,
    code: '4',
    text: /rejected:? .{0,80}(?:try|retry|come back) (?:again )?(?:later|in)/,
    confidence: 0.72,
    meaning: 'The server turns the sender away for now; retrying delivers.',
    source: 'RFC 6647',
    example: '451 4.7.1 <mx.example.net[198.51.100.7]>: Client host rejected: Try again later',
  },
  {
    id: 'text-host-rate',
    ...THROTTLED,
    text: /host rejected:? .{0,60}(?:rate|limit|quota|too many|throttl)/,
    confidence: 0.9,
    meaning: 'The server takes fewer messages at a time from this address.',
    source: 'RFC 3463 section 3.8 (X.7.1)',
    example: '450 4.7.1 Client host rejected: rate limit exceeded',
  },
  {
    id: 'text-ip-banned',
    ...REPUTATION,
    text: /\b(?:(?:ips?|ip addresse?s?|client host|your mail ?server|network|connections? from|mails? from|messages? from|your (?:host|server|network|mta|ip|client|machine)|(?:this|sending|remote) (?:host|server|client|machine|ip)|originating ip)(?: address)?|(?:host|address|addr|from|client|server|relay|sender|source|by) [[(<]?(?=[0-9a-f]{1,4}[.:][0-9a-f]))(?: ?[[(<]?[0-9a-f]{1,4}[.:][^ ]{1,60})?,? (?:(?:is|was|has been|have been|are|being|been|currently|temporarily|permanently) ){0,3}(?:blocked|banned|rejected|denied|refused|prohibited|barred|black|not allowed|not welcome|restricted|suspended|blackholed|firewalled|deferred due|not permitted|not authori[sz]ed|not accepted|unwelcome)|(?:blocked|banned|rejected|denied|blocking|refusing|unauthori[sz]ed|suspicious|bad|spammy|unwanted) (?:sending |source |client |sender |originating |remote |your )?(?:ip|host|server|network|mta)\b|spam (?:source|sender|origin|host|server)|known spam|spamming|sent? (?:us )?spam|source of spam|too much spam|spam ?bot|bad neighbou?rhood|intrusion prevention|too many spams? |sending spam|(?:abus|spam) (?:complaint|activity|has been|from your)|(?:user )?complaints|access (?:to this mail system )?(?:has been )?(?:denied|rejected|blocked)[^.]{0,40}\b(?:ip|host|address)|blocked for (?:spam|abuse)|ip (?:address )?(?:is )?(?:blocked|banned|denied)|ip.{0,20}due to (?:spam|abuse)|mailserver is .{0,20}blocked|bulk mailer|sender ip (?:must|reverse|rejected|blocked)|open (?:relay|proxy)|botnet|infected|compromised host|zombie|connection rejected by policy|host rejected(?!:? .{0,40}(?:rate|limit|too many|quota|throttl|gr[ea]y))|client host rejected: (?:access denied|blocked|abus|spam|banned|go away)|(?:server|ip|network) (?:temporarily )?blocked|ip blocked|blocked ip/,
    confidence: 0.85,
    meaning: 'The server refuses mail from this address.',
    source: 'RFC 3463 section 3.8 (X.7.1)',
    example: '554 5.7.1 Connection refused: your IP address 198.51.100.7 is banned',
  },
  {
    id: 'text-egress-blocked',
    ...EGRESS,
    text: /port 25 (?:is )?(?:blocked|closed|filtered|not allowed)|outbound (?:port|smtp|connections?) (?:25 )?(?:is |are )?(?:blocked|not allowed|denied)|blocked by (?:your|the) (?:isp|provider|firewall|network)|permission denied \(|wsaeacces/,
    confidence: 0.8,
    meaning: 'The sending side may not open connections to port 25.',
    source: 'https://learn.microsoft.com/azure/virtual-network/troubleshoot-outbound-smtp-connectivity',
    example: 'connect to mx1.fabrikam.example port 25: outbound port 25 is blocked',
  },
];
