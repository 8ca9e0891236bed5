import type { Rule } from '../rule.ts';
import { PROTOCOL } from './faults.ts';

/** A parameter that is not known, by name: `SIZE` and `BODY` in it say nothing about the message. */
export const TEXT_PARAMETER: readonly Rule[] = [
  {
    id: 'text-parameter',
    ...PROTOCOL,
    text: /(?:unsupported|unrecogni[sz]ed|unknown|invalid|unimplemented) (?:e?smtp |mail |mail from |rcpt |rcpt to )?(?:option|parameter|argument|extension|keyword)s?\W{0,3}(?:size|body|ret|envid|notify|orcpt|smtputf8|auth)\b|\b(?:size|body|ret|envid|notify|orcpt|smtputf8) (?:option|parameter|argument|extension|keyword) (?:is )?(?:not (?:recogni[sz]ed|supported|implemented|known)|unsupported|unrecogni[sz]ed|unknown|unimplemented)/,
    confidence: 0.95,
    meaning: 'The server does not know a parameter of MAIL or RCPT.',
    source: 'RFC 5321 section 4.1.1.11',
    example: '555 5.5.4 Unsupported option: SIZE=1',
  },
];

/** The protocol itself, in words. */
export const TEXT_PROTOCOL: readonly Rule[] = [
  {
    id: 'text-masked-verb',
    errorType: 'ProtocolError',
    cause: 'protocol',
    owner: 'network',
    text: /xxxx[a-z]?'?(?: |$|')/,
    confidence: 0.9,
    meaning: 'A device on the way overwrites SMTP verbs (mail inspection of a firewall).',
    source:
      'https://www.cisco.com/c/en/us/support/docs/security/pix-500-series-security-appliances/70031-pix7x-mailserver.html',
    example: "500 5.3.3 Unrecognized command 'XXXXXXXA'",
  },
  {
    id: 'text-protocol',
    ...PROTOCOL,
    text: /syntax error|(?:command|verb|parameter|argument|option|extension)s?(?: [^ ]{1,40}){0,3}? ?(?:unrecogni[sz]ed|not (?:recogni[sz]ed|implemented|understood|supported|allowed|known)|unknown|unimplemented|invalid|out of sequence|not valid|error|disabled|syntax)|(?:unrecogni[sz]ed|unknown|unimplemented|invalid|bad|unsupported|unexpected|improper|illegal|wrong) (?:smtp |or )?(?:command|verb|parameter|sequence|argument|option|syntax|pipelining|use of pipelining)|bad sequence|out of sequence|out of order|protocol (?:error|violation|synchroni[sz]ation)|synchroni[sz]ation error|pipelining|(?:need|send|expected|expecting|polite people|say) (?:a |the )?(?:helo|ehlo|mail|rcpt|mail from|hello)\b|need (?:mail|rcpt) (?:before|command)|smtp (?:protocol|error|syntax|command)|sender already|nested mail|no (?:valid )?(?:recipients|transaction|mail transaction)|malformed (?:reply|response|command)|line too long|mail transaction|5\.5\.[0124] error/,
    confidence: 0.85,
    meaning: 'One server sent a command or reply that the other does not accept.',
    source: 'RFC 5321 section 4.2.4; RFC 3463 section 3.6',
    example: '503 5.5.1 Bad sequence of commands',
  },
];
