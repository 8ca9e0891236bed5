import type { Rule } from '../rule.ts';
import { BUSY, CONNECTIONS, EXPIRED, GREYLISTED, QUOTA, RECIPIENTS, RESOURCES, THROTTLED } from './faults.ts';

/** Greylisting, limits and full mailboxes: checked before the words about recipients and policy. */
export const TEXT_LIMITS: readonly Rule[] = [
  {
    id: 'text-greylisted',
    ...GREYLISTED,
    text: /gr[ea]y[- ]?list|graylisting|postgrey|\bsqlgrey|milter-grey|(?:first[- ]time|new) (?:sender|triplet|connection|host).{0,40}(?:try|retry|later|wait)|temporar(?:y|ily) (?:rejected|deferred|blocked)(?: by|:)? (?:gr[ea]y|anti-?spam delay)|please (?:try|retry) again in \d+ (?:seconds|minutes)|come back (?:later|in)|try (?:again )?in (?:a few|\d+) (?:minutes|seconds|secs|mins)|retry (?:in|after) \d+|verification in progress|deferred for (?:greylist|first)|unknown (?:mail |sender )?triplet|not yet (?:authori[sz]ed|known).{0,160}(?:try|later)|delayed for (?:spam|first)/,
    confidence: 0.93,
    meaning: 'The server asks an unknown sender to try again later (greylisting); retrying delivers.',
    source: 'RFC 6647',
    example:
      '450 4.2.0 <kim@fabrikam.example>: Recipient address rejected: Greylisted, see http://postgrey.example/help',
  },
  {
    id: 'text-too-many-connections',
    ...CONNECTIONS,
    text: /too many (?:concurrent |simultaneous |open |parallel |active |smtp |current |failed |new |tls |incoming |inbound )*(?:connections?|sessions?|smtp sessions|connects|conns)|(?:concurren(?:t|cy)|simultaneous|parallel|open) (?:smtp |client |tcp )?(?:connections?|sessions?|limit)|(?:connection|session)s? (?:limit|rate|count|concurrency|frequency|maximum)s?|(?:maximum|max|exceeded|excessive) (?:the )?(?:allowed |number of |amount of |concurrent |simultaneous |maximum |smtp |open )*(?:connections?|sessions|concurrent)|connections? (?:limit|exceeded|per|from your|from this|from the|count|quota)|max connections|concurrency limit|connect(?:ing|ed|s|ion)? too (?:often|frequent|many|fast)|toomanyconnections|all (?:server )?(?:ports|lines|slots|threads) (?:are )?busy/,
    confidence: 0.93,
    meaning: 'The sending server holds or opens too many connections.',
    source: 'RFC 5321 section 4.5.4.2; RFC 3463 section 3.5 (X.4.5)',
    example: '421 4.7.0 Too many concurrent connections from 198.51.100.7',
  },
  {
    id: 'text-too-many-recipients',
    ...RECIPIENTS,
    text: /too many (?:invalid |bad |unknown |undeliverable |non-?existent |different |message |envelope |rcpt |new |external |failed )*(?:recipients?|rcpts?|addresse?e?s|destinations|users)|(?:recipient|rcpt)s? (?:count |number )?(?:limit|exceed|per)|(?:maximum|max|exceeded|over|limit(?:ed)?|number) (?:the |of |allowed |number |maximum |total |to )*(?:recipients|rcpts)|recipients? (?:limit|maximum|this session|per message|threshold)|multiple (?:destination )?(?:domains|recipients) per transaction|one recipient (?:at a time|per)|single recipient|only (?:one|1) recipient/,
    confidence: 0.92,
    meaning: 'The message has more recipients than the server takes at once.',
    source: 'RFC 5321 section 4.5.3.1.8; RFC 3463 section 3.6 (X.5.3)',
    example: '452 4.5.3 Too many recipients',
  },
  {
    id: 'text-storage-limit',
    ...QUOTA,
    text: /(?:storage|mailbox size|mailbox storage) (?:limit|quota|allowance|capacity)|too (?:much|many) (?:mails?|messages?|e-?mails?|data) (?:is |are )?(?:stored|in (?:the|his|her|their|this|your) (?:mailbox|inbox|mail ?drop))|(?:user|mailbox|account|recipient)(?: [^ ]{1,120})? has (?:insufficient|no|not enough|run out of|no more) (?:disk |free |mailbox |storage )*(?:space|room|storage|quota)/,
    confidence: 0.94,
    meaning: "The recipient's mailbox is full.",
    source: 'RFC 3463 section 3.3 (X.2.2)',
    example: '550 The user has exceeded the storage limit for his mail',
  },
  {
    id: 'text-throttled',
    ...THROTTLED,
    text: /rate[- ]?(?:limit|control|exceed|is too|of)|ratelimit|throttl|(?:sending|message|mail|e-?mail|hourly|daily|submission|outbound|smtp|delivery|per[- ](?:hour|day|minute)|send|sender) (?:rate|limit|quota|volume|threshold|cap)|(?:limit|quota) (?:of|for|on) (?:[^ ]{1,20} )?(?:messages|mails?|e-?mails|outgoing|sending)|too (?:many|much|frequent|fast|quickly) ?(?:e-?mails?|mails?|messages?|msgs?|traffic|mail traffic|requests?|commands|errors|attempts|unsolicited|deliveries|transactions|of your|data|from|auth|bad commands|outgoing|sent)|too (?:fast|frequently|quickly|frequent)\b|(?:receiving|sending|sent|delivering|submitting) (?:mail|e-?mails?|messages) (?:at a rate|too)|(?:exceeded|exceeds|over|reached|hit) (?:the |your |its |our |this |hourly |daily |maximum |allowed |max |sending |message |number of |a )*(?:rate|hourly|daily|per hour|sending|outgoing|outbound|messages? per|e-?mails? per|defers|mails? per|messages?\/|limit (?:on|for|of) (?:the )?(?:number|messages|mails|e-?mails|sending))|unusual (?:rate|volume|traffic|activity|amount|sending|number|pattern)|unexpected volume|excessive (?:rate|volume|mail|messages|amount|spam|e-?mail|traffic|number of|unknown|errors)|slow down|back ?off|(?:mail|message|e-?mail|connection) flood|flood(?:ing|ed)?\b|tarpit|temporarily (?:rate|limited|throttled|restricted)|(?:per|in one|an|each|in an|in the last|in a) (?:hour|day|minute|24 hours)\b.{0,30}(?:limit|exceed|allow)|(?:limit|exceed|allowed|max|maximum|quota).{0,50}(?:per|an|each|\/) ?(?:hour|day|minute|24 hours)|submission quota|sending quota|sending limits?|bandwidth (?:limit|exceed)|traffic (?:limit|volume)|quota exceeded for (?:sending|outgoing)|volume (?:of|from|is|limit|too)|deferred due to (?:unexpected|volume|user)|(?:max|too many) (?:defers|failures)|frequency limited|limit reached|policy rejection-? ?quota|(?:sender|outgoing|sending) quota/,
    confidence: 0.88,
    meaning: 'The sender sends more, or faster, than the server takes.',
    source: 'RFC 7372 (X.7.28); RFC 5321 section 4.5.4.1',
    example: '421 4.7.28 Our system has detected an unusual rate of mail from your server; rate limited',
  },
  {
    id: 'text-mailbox-full',
    ...QUOTA,
    text: /(?:over|exceed(?:s|ed|ing|en)?|out of|above|beyond|past|has reached|reached|hit|passed|full,?|would exceed|will exceed) (?:the |its |their |his |her |your |user'?s? |recipient'?s? |mailbox'?s? |mail |account |allocated |allotted |disk |storage |assigned |available |maximum |allowed |free |inbox |recipient |user |space )*(?:quota|storage|space for|disk space|disk quota|mailbox|mail ?box size|capacity|storage space|allocation|inbox)|(?:mail ?box|inbox|mail ?file|mail ?drop|mailfolder|mail folder|maildir|user'?s? (?:mailbox|disk|account|storage)|recipient(?:'?s)? (?:mailbox|inbox|account|storage|quota)|account|user|recipient|addressee|mail spool|storage|mailbox of [^ ]{1,80}|mailbox for [^ ]{1,80})(?: <[^>]{1,200}>| [^ ]{1,120}@[^ ]{1,120})?:? (?:is |was |has |are |been |of the user |currently |temporarily |already |almost )*(?:full\b|over ?quota|overquota|exceed(?:s|ed)|too full|over (?:its |the |their )?(?:limit|quota|size|allowed|allotted|maximum)|out of (?:storage|space|disk)|overdrawn|no space|reached (?:its|the|their|maximum)|at (?:its )?(?:limit|capacity)|quota|storage|size (?:limit|exceed)|limit|capacity|too large|crowded)|over ?quota|overquota|quota (?:exceeded|exceed|full|reached|violation|limit|overflow|has been|is full|error|check|over|used|usage)|exceeded(?: the| its)? (?:storage|mailbox|disk) |disk quota|mailbox ?full|full mail ?box|boxfull|storage (?:quota|limit|full|exceeded|capacity)|mailboxfull|user disk quota|not enough (?:storage|space|disk|room)|no (?:more )?(?:space|room) (?:left )?(?:in|for|on) (?:the |his |her |this )?(?:mailbox|user|account|recipient)|shutoffquota|mail(?:box)? quota|too many messages (?:in|on) (?:the |this )?(?:mailbox|mail ?drop|account|server|inbox)|insufficient (?:disk )?space (?:in|for)|account storage|error writing message: (?:file too large|disk)|no (?:space|room|storage|disk space|disk quota|quota) (?:left(?! on device)|available|remaining|for|in)/,
    confidence: 0.95,
    meaning: "The recipient's mailbox is full.",
    source: 'RFC 3463 section 3.3 (X.2.2); RFC 5321 section 4.2.3 (552)',
    example: '552 5.2.2 <kim@fabrikam.example>: user is over quota',
  },
];

/** Trouble of the server itself that words about mailboxes and content must not hide. */
export const TEXT_OWN_TROUBLE: readonly Rule[] = [
  {
    id: 'text-system-full',
    ...RESOURCES,
    enhanced: 'x.3.1',
    text: /disk|space|storage|memory|resource|full/,
    confidence: 0.93,
    meaning: 'The server is short of storage or memory.',
    source: 'RFC 3463 section 3.4 (X.3.1)',
    example: '451 4.3.1 Not enough disk space on the spool volume',
  },
  {
    id: 'text-scanner-down',
    ...BUSY,
    code: '4',
    text: /(?:scanner|filter|milter|scanning|antivirus|anti-virus|virus scan|antispam|anti-spam|spam check|clamav|clamd|spamd|amavisd?)\b.{0,40}\b(?:unavailable|not available|error|fail(?:ed|ure)?|down|timed? ?out|not responding|unreachable|problem|offline)/,
    confidence: 0.85,
    meaning: "The recipient's filter is out of order for now.",
    source: 'RFC 3463 section 3.4 (X.3.0)',
    example: '450 4.3.0 Content scanner unavailable at the moment',
  },
];

/** Trouble that passes, in general words: checked after everything that names a reason. */
export const TEXT_BUSY: readonly Rule[] = [
  {
    id: 'text-resources',
    ...RESOURCES,
    text: /(?:insufficient|out of|low on|lack of|no more|not enough|exhausted|running low) (?:system |server |disk |free |main |available |virtual |local )*(?:resources?|storage|memory|disk|space|inodes|file descriptors)|(?:disk|queue|spool|file ?system|mail system|volume|server|partition|device)(?: is| was)? (?:full|out of space|over capacity)|no space left|mail (?:system|queue) full|cannot allocate memory|resources? (?:temporarily )?(?:unavailable|exhausted|shortage|restriction|limit)|back ?pressure|queue (?:file )?(?:write|limit|too)|diskspace|unable to queue|system storage/,
    confidence: 0.9,
    meaning: 'The server is short of disk, memory or another resource.',
    source: 'RFC 3463 section 3.4 (X.3.1); RFC 5321 section 4.2.3 (452)',
    example: '452 Insufficient system storage',
  },
  {
    id: 'text-busy',
    ...BUSY,
    text: /(?:mailbox|server|service|system|host|mta|we are|too|is|resources|site|mail server|temporarily|machine|network|daemon) (?:is |are |currently |temporarily |too |very |a bit |momentarily |local |mail )*(?:busy|overload(?:ed)?|unavailable|down\b|not available|congest|maintenance|not ready|offline|out of service|not accepting|not responding|closed for|refusing|not active|under maintenance)|service (?:currently |temporarily |is |not )*(?:unavailable|not available|shutting|available)|(?:high|heavy|excessive|server|system|processing|cpu|current) (?:system |server )?load|load (?:average|is |too)|system (?:load|not accepting|shutting|busy)|under (?:heavy|high|maintenance)|load too high|congestion|shut(?:ting)? ?down|server shutting|service shutdown|(?:temporary|temporarily|internal|local|transient|unexpected|system|processing|fatal|server|backend|database|mysql|sql|ldap|unknown|config(?:uration)?|general|filter|milter|queue file write) (?:\w+ )?(?:server |system |mail |internal |local |lookup |service |database |resolution |processing |policy |delivery |configuration |milter |technical |software )*(?:error|failure|problem|failed|unavailable|trouble|fault|issue|glitch|fail\b|rejection|deferral|deferred|condition|unable)|try (?:again )?(?:later|again)|please (?:try|retry)|retry later|temporarily (?:deferred|rejected|delayed|unable|disabled|refused|not|failed|unavailable)|could not complete|error in processing|local error|lookup failure|mail server (?:temporarily )?(?:rejected|configuration)|deferred|(?:recipient|sender) (?:temporarily )?deferred|unable to (?:process|complete|accept|verify|check|contact|handle)|(?:cannot|can't|could not) (?:process|accept|complete|handle|contact|store) |message (?:temporarily )?deferred|(?:4\.3\.[025]|service) .{0,20}unavailable|no (?:available )?(?:backend|workers)|recipient thread limit|mail transport unavailable|mailbox (?:server|database)(?: is)? (?:offline|unavailable|down)/,
    confidence: 0.75,
    meaning: 'The server cannot take mail right now.',
    source: 'RFC 3463 section 3.4 (X.3.0, X.3.2); RFC 5321 section 4.2.3 (421, 451)',
    example: '451 4.3.0 Temporary server error, try again later',
  },
  {
    id: 'text-expired',
    ...EXPIRED,
    text: /(?:message|mail|delivery|queue|retry|retries|time(?:out)?|e-?mail|delivery time|lifetime|retry time(?:out)?)(?: [^ ]{1,30})? (?:was |is |has |been |have |period |time |timeout )*(?:expired|exceeded|too old|too long in|timed out|in queue too long|reached)|expired\b|queue\.expired|(?:too long|for (?:more than |over )?\d+ (?:days?|hours?)) in (?:the )?queue|been in the queue too long|(?:could not|couldn't|cannot|unable to|not) (?:be |been )?(?:delivered|deliver|send|sent) (?:[^.]{0,30} )?(?:for|within|in|after|over) (?:the last )?(?:\d+|several|five|four|three|two) (?:days?|hours?|h\b)|giv(?:e|en|ing) up|too old|undeliverable for|delivery attempts? (?:exceeded|failed)|max(?:imum)? (?:retry|retries|delivery attempts|queue|time in queue)|retry time(?:out)? (?:exceeded|not reached)|(?:retry|retries|attempts?) (?:time |period |limit )?(?:exhausted|used up)|retry limit/,
    confidence: 0.85,
    meaning: 'The message grew too old in the queue; the last deferral tells why.',
    source: 'RFC 3463 section 3.5 (X.4.7)',
    example: 'Giving up: delivery attempts exceeded',
  },
];
