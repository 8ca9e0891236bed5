import type { Rule } from '../rule.ts';
import {
  BAD_ADDRESS,
  DISABLED_RECIPIENT,
  MISCONFIGURED_RECIPIENT,
  NULL_MX,
  RESTRICTED_RECIPIENT,
  UNKNOWN_RECIPIENT,
} from './faults.ts';

const RFC_REPLIES = 'RFC 5321 section 4.2.3; RFC 3463 section 3.2';

/** What servers of every make say about a recipient who is not there, not open or not reachable for this sender. */
export const TEXT_RECIPIENT: readonly Rule[] = [
  {
    id: 'text-null-mx',
    ...NULL_MX,
    text: /null mx|nullmx|does not (?:accept|receive) (?:any )?(?:e-?mail|mail)\b(?! from)|does not accept mail \(null|mx record indicated no smtp|no smtp service here|this (?:host|server|domain) (?:does not|doesn't|never) (?:accept|receive)s? (?:e-?mail|mail)\b(?! from)/,
    confidence: 0.93,
    meaning: 'The domain says that it takes no mail at all.',
    source: 'RFC 7504; RFC 7505',
    example:
      '556 5.1.10 <kim@nomail.example>: Recipient address rejected: Domain nomail.example does not accept mail (nullMX)',
  },
  {
    id: 'text-bad-address',
    ...BAD_ADDRESS,
    text: /not a valid rfc|(?:bad|invalid|illegal|malformed|incorrect|unacceptable|wrong) (?:recipient |destination |to |rcpt |e-?mail |mailbox )?(?:address|mailbox|recipient|rcpt to)? ?(?:syntax|format)|syntax error in (?:the )?(?:recipient|rcpt|destination|to)|(?:recipient |destination |rcpt to |mail )?address (?:is |has )?(?:an? )?(?:badly formatted|not rfc|malformed|syntactically|illegal|invalid syntax|incorrectly formatted|non-compliant)|restricted characters in (?:the )?address|domain name (?:required|missing)|local part (?:must|contains|is too long)|contains (?:an? )?(?:illegal|invalid) character|requires? (?:a )?fully[- ]qualified (?:recipient|address)|user name is missing|missing (?:recipient|local part)/,
    confidence: 0.85,
    meaning: 'The address is not written as an address may be.',
    source: 'RFC 3463 section 3.2 (X.1.3)',
    example: '501 5.1.3 Bad recipient address syntax',
  },
  {
    id: 'text-recipient-disabled',
    ...DISABLED_RECIPIENT,
    text: /(?:account|mailbox|user|recipient|inbox|address|subscription|customer|email|domain)(?: [^ ]{1,60})? (?:(?:is|was|has been|has|have been|currently|temporarily|are|been|you tried to reach|that you tried to reach) ){0,4}(?:disabled?\b|inactive|deactivated|suspended|locked|frozen|blocked\b(?! (?:using|by|for spam|due))|expired\b|on hold|not active|not activated|no longer active|not enabled|turned off|closed temporarily|discontinued)/,
    confidence: 0.93,
    meaning: 'The mailbox exists but is switched off.',
    source: 'RFC 3463 section 3.3 (X.2.1)',
    example: '550 5.2.1 The email account that you tried to reach is disabled',
  },
  {
    id: 'text-disabled-recipient',
    ...DISABLED_RECIPIENT,
    text: /\b(?:disabled|inactive|deactivated|suspended|locked|expired|dormant) (?:account|mailbox|user|recipient|address|customer)|(?:account|mailbox|user|recipient|address) (?:[^ ]{1,60} )?(?:is |has )?(?:currently |temporarily )?(?:not accepting|isn't accepting|no longer accept(?:s|ing)|cannot (?:accept|receive)|can't (?:accept|receive)|unable to (?:accept|receive)|stopped accepting|not receiving) (?:any )?(?:new )?(?:e-?mails?|mails?|messages?)|not accepting (?:any )?(?:new )?(?:mail|messages|email) (?:at|for) th|mailbox currently unavailable|account not (?:enabled|active)|user (?:is )?inactive|(?:mailbox|account) (?:is )?(?:temporarily )?disabled/,
    confidence: 0.9,
    meaning: 'The mailbox exists but does not take mail now.',
    source: 'RFC 3463 section 3.3 (X.2.1)',
    example: '550 5.2.1 Mailbox kim@fabrikam.example is not accepting messages',
  },
  {
    id: 'text-recipient-restricted',
    ...RESTRICTED_RECIPIENT,
    text: /resolver\.rst\.|only accepts (?:mail|messages|e-?mail) from|accepts (?:mail|messages|e-?mail) only from|(?:not|n't) (?:authori[sz]ed|allowed|permitted) to (?:send|post|mail|write|submit)(?: e?-?mails?| messages?| mail)?(?: to)? (?:this|the|that) (?:recipient|group|list|address|mailbox|user|distribution|alias)|you (?:do not|don't) have permission to (?:send|post|e-?mail|mail)|(?:recipient|address|mailbox|group|list) (?:is |has )?(?:restricted|delivery restrictions)|members?[- ]only|closed list|(?:does not|doesn't|do not) wish to receive|does(?:n't| not) (?:accept|receive) (?:mail|e-?mail|messages) from (?:you|this sender|external|outside|the internet|unauthenticated|your)|(?:internal|authenticated) (?:senders|users|use|mail|recipients) only|sender (?:is )?not (?:authenticated|authori[sz]ed) for (?:this )?(?:recipient|mailbox|group)|recipient (?:has )?(?:blocked|rejected) (?:you|the sender|your|messages from)|denied by (?:the )?recipient|recipient'?s? (?:preferences|white ?list|safe ?list)|sender (?:address )?not (?:in|on) (?:the )?(?:recipient'?s? )?(?:white ?list|allowed)|not accepting (?:mail|messages|e-?mail) from (?:this sender|you|your)/,
    confidence: 0.9,
    meaning: 'The recipient takes mail only from certain senders, and this is not one of them.',
    source: 'RFC 3463 section 3.8 (X.7.1, X.7.2)',
    example: '550 5.7.1 This group only accepts messages from people in its organization',
  },
  {
    id: 'text-recipient-moved',
    ...UNKNOWN_RECIPIENT,
    text: /(?:user|recipient|mailbox|person|address|account|customer) (?:[^ ]{1,60} )?(?:has |have )?(?:moved|left|changed (?:to|address)|relocated)|no longer (?:works?|employed|with (?:us|the company|this)|at (?:this|our)|here|associated|a(?:n)? (?:valid|employee|customer|subscriber|student|member)|in (?:use|service)|valid|exists?|available|used|monitored|maintained|supported)|has been replaced by|user not local; please try/,
    confidence: 0.85,
    meaning: 'The recipient is no longer at this address.',
    source: 'RFC 3463 section 3.2 (X.1.6); RFC 5321 section 3.4',
    example: '551 5.1.6 Recipient no longer works here',
  },
  {
    id: 'text-unknown-user',
    ...UNKNOWN_RECIPIENT,
    text: /\b(?:unknown|no such|nonexist(?:e|a)nt|non-exist(?:e|a)nt|invalid|not a valid|no valid|no local|undefined|unregistered|bad|incorrect|wrong|not existing|inexistent) (?:or (?:illegal|invalid|unknown|inactive) )?(?:(?:local|virtual|destination|e-?mail|mail|to|this|smtp|final|forward|delivery|target|domain) )?(?:user|recipient|mailbox|mail box|account|address(?:ee)?|alias|local[ -]?part|person|customer|rcpt|login|username|name|email|id|inbox|member|destination mailbox|maildir|subscriber)s?\b/,
    confidence: 0.95,
    meaning: 'There is no such recipient at this server.',
    source: RFC_REPLIES,
    example: '550 No such user here',
  },
  {
    id: 'text-user-unknown',
    ...UNKNOWN_RECIPIENT,
    text: /\b(?:users?|recipients?|mailbox(?:es)?|mail box|account|address(?:ee)?|alias|login|username|person|customer|email|e-mail|mail address|rcpt|subscriber|member|domain user)(?: (?:account|names?|address(?:es)?|id|mailbox|ok|rejected|error|lookup|status))?:? (?:(?:<[^>]{1,200}>|"[^"]{1,200}"|'[^']{1,200}'|\([^)]{1,200}\)|[^ ]{1,120}@[^ ]{1,120}|[^ ]{1,40}):? )?(?:that you (?:tried|are trying) to (?:reach|contact|send to) |you (?:tried|entered|specified) (?:to reach )?|specified |given |in question )?(?:(?:is|was|are|were|has|seems to be|appears to be) )?(?:an? )?(?:unknown|not known|not[- ]found|does not exist|doesn't exist|doesnt exist|do not exist|don't exist|did not exist|didn't exist|not exist(?:s|ed|ing|ent)?\b|nonexistent|non-existent|could ?n[o']t be found|cannot be found|can't be found|couldn't be verified|not (?:a )?valid|invalid|undeliverable|not (?:a )?(?:known|recogni[sz]ed|registered|listed|defined|here|local)|isn't (?:valid|listed|known)|not available here|not in|unrecogni[sz]ed|deleted|removed|closed|cancell?ed|terminated|has been (?:deleted|removed|closed|cancell?ed|terminated)|(?:been )?deleted|never existed|incorrect|missing)/,
    confidence: 0.95,
    meaning: 'There is no such recipient at this server.',
    source: RFC_REPLIES,
    example: '550 5.1.1 <kim@fabrikam.example>: Recipient address rejected: User unknown in local recipient table',
  },
  {
    id: 'text-no-mailbox-here',
    ...UNKNOWN_RECIPIENT,
    text: /no mail ?box (?:here|found|by that name|exists|with that|for)|(?:there is|there's) no (?:such )?(?:one|user|mailbox|account|person|recipient|address)|no account (?:by|with|here|found)|(?:user|he|she|they|recipient|domain) (?:does not|doesn't) have an? [^ ]{0,60} ?(?:account|mailbox|email)|not our (?:customer|user|client|address)|not listed in (?:the )?(?:domino|public|directory|our)|(?:recip|recipient|exrecip|user|mailbox|address|member)notfound|(?:user|recipient|address) (?:is )?not (?:on|in|part of|handled by) (?:our|this|the|here)|not (?:found )?in (?:the |our )?(?:ldap|directory|active directory|address ?book|database|recipient map|domain)|not an? (?:actual|active|existing|valid|known|real|current) (?:recipient|user|mailbox|account|address|customer|email)|did not match (?:any|a) (?:recipient|user|mailbox)|mailbox (?:does not|doesn't) exist|unable to find (?:the )?(?:recipient|user|mailbox)|(?:cannot|can't|could not|couldn't) find (?:the |a )?(?:recipient|user|mailbox|your recipient)|no one by that name|nobody (?:here )?by that name|(?:recipient|rcpt|user|addressee) not accepted|verify (?:the )?recipient|sorry, no mailbox|user lookup (?:failed|success but no)|not local, sorry|addresses? failed: unknown/,
    confidence: 0.93,
    meaning: 'There is no such recipient at this server.',
    source: RFC_REPLIES,
    example: '550 sorry, no mailbox here by that name. (#5.1.1)',
  },
  {
    id: 'text-unrouteable-address',
    ...UNKNOWN_RECIPIENT,
    text: /unroute?able address|undeliverable address|unable to deliver to (?:address|recipient|mailbox)|address (?:unknown|not known)|unverified address|could not be delivered to (?:the )?(?:address|mailbox)|recipient verify failed|recipient verification failed|callout verification failed|delivery to (?:that |this )?(?:address|user|mailbox) (?:is )?(?:not possible|failed|impossible)/,
    confidence: 0.8,
    meaning: 'The server found no way to deliver to this address.',
    source: 'https://www.exim.org/exim-html-current/doc/html/spec_html/ch-address_rewriting.html',
    example: '550 Unrouteable address',
  },
  {
    id: 'text-recipient-misconfigured',
    ...MISCONFIGURED_RECIPIENT,
    text: /(?:alias|list|group|forward(?:ing)?) (?:expansion|include|loop).{0,40}(?:fail|error|problem)|(?:unable|failed) to (?:create|open|lock|write)(?: to)? (?:the )?(?:user'?s? |recipient'?s? )?(?:mail ?box|maildir|mail file|mail ?dir|mail spool|output file)|can'?t create (?:user )?output file|mailbox (?:is )?(?:corrupt|locked by|in use|misconfigured|damaged)|maildir|home directory|namedpropsquotaexceeded|unable to chdir|pipe (?:to|command)|\.forward|no such file or directory|user'?s? (?:mailbox|account) (?:is )?misconfigured|unknown mailer error|local delivery failed|error writing message/,
    confidence: 0.75,
    meaning: "The recipient's mailbox or alias is set up wrongly.",
    source: 'RFC 3463 section 3.3 (X.2.4)',
    example: '550 5.2.0 Unable to open mailbox: no such file or directory',
  },
];

/** Words that name the recipient and no reason: asked after every rule that names one. */
export const TEXT_RECIPIENT_VAGUE: readonly Rule[] = [
  {
    id: 'text-recipient-rejected',
    ...UNKNOWN_RECIPIENT,
    text: /(?:recipient|rcpt|addressee|user|address)(?: address)?(?: <[^>]{0,200}>| [^ ]{1,120}@[^ ]{1,120})?(?: is| was| has been)? (?:rejected|refused|denied|not accepted)/,
    confidence: 0.6,
    meaning: 'The server refused the recipient without saying why; most often there is no such mailbox.',
    source: RFC_REPLIES,
    example: '550 5.1.0 kim@fabrikam.example recipient rejected',
  },
  {
    id: 'text-mailbox-unavailable',
    ...UNKNOWN_RECIPIENT,
    code: '5',
    text: /(?:mailbox|mail box|recipient|user|account|address)(?: [^ ]{1,80})? (?:is |was )?(?:un|not |currently un)available|requested action not taken: mailbox/,
    confidence: 0.7,
    meaning: 'The mailbox is not available; most often it does not exist.',
    source: 'RFC 5321 section 4.2.3 (550)',
    example: '550 Requested action not taken: mailbox unavailable',
  },
];
