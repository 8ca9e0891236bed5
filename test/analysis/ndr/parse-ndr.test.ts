import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNdr } from '../../../src/analysis/ndr/parse-ndr.ts';
import { createScore, fixturePath, readLabels, rightAnswers } from '../reply/labels.ts';

const FIELDS = [
  'errorType',
  'cause',
  'owner',
  'code',
  'enhanced',
  'remoteHost',
  'remoteIp',
  'permanent',
  'recipient',
] as const;

describe('labelled bounces', () => {
  it('are all read right, as bytes and as text', async () => {
    const score = createScore();
    for (const label of readLabels('ndr')) {
      const bytes = readFileSync(fixturePath(label.file ?? ''));
      for (const input of [bytes, bytes.toString('latin1')]) {
        const { verdict } = await parseNdr(input);
        for (const field of FIELDS) score.add(label.id, field, verdict?.[field], rightAnswers(label, field));
      }
    }
    console.info(`bounces: ${score.report()}`);
    expect(score.wrong).toEqual([]);
  });
});

const DSN = (fields: string): string =>
  `From: MAILER-DAEMON@mx.example.net\nTo: app@example.net\nSubject: Undelivered\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nIt did not work.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n${fields}\n--b--\n`;

describe('bodies of many mail systems', () => {
  it.each([
    [
      'Postfix',
      'This is the mail system at host mx.example.net.\n\n<kim@fabrikam.example>: host mx1.fabrikam.example[192.0.2.62] said: 550 5.1.1\n    <kim@fabrikam.example>: Recipient address rejected: User unknown (in reply to\n    RCPT TO command)\n',
      {
        errorType: 'RecipientRejected',
        code: '550',
        enhanced: '5.1.1',
        remoteHost: 'mx1.fabrikam.example',
        remoteIp: '192.0.2.62',
        recipient: 'kim@fabrikam.example',
      },
    ],
    [
      'Postfix without a reply',
      'This is the mail system at host mx.example.net.\n\n<kim@fabrikam.example>: connect to mx1.fabrikam.example[192.0.2.62]:25: Connection\n    timed out\n',
      {
        errorType: 'UnableToConnect',
        cause: 'timeout',
        code: null,
        remoteHost: 'mx1.fabrikam.example',
        remoteIp: '192.0.2.62',
      },
    ],
    [
      'Exim',
      'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  kim@fabrikam.example\n    SMTP error from remote mail server after RCPT TO:<kim@fabrikam.example>:\n    host mx1.fabrikam.example [192.0.2.62]: 552 5.2.2 mailbox full\n',
      {
        errorType: 'MailboxFull',
        code: '552',
        enhanced: '5.2.2',
        remoteHost: 'mx1.fabrikam.example',
        remoteIp: '192.0.2.62',
        permanent: true,
      },
    ],
    [
      'Exim, local',
      'This message was created automatically by mail delivery software.\n\nThis is a permanent error. The following address(es) failed:\n\n  kim@fabrikam.example\n    Unrouteable address\n',
      { errorType: 'RecipientRejected', recipient: 'kim@fabrikam.example' },
    ],
    [
      'qmail',
      "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<kim@nosuch.example>:\nSorry, I couldn't find any host named nosuch.example. (#5.1.2)\n",
      { errorType: 'DnsFailure', cause: 'nxdomain', enhanced: '5.1.2', recipient: 'kim@nosuch.example' },
    ],
    [
      'Sendmail',
      '   ----- The following addresses had permanent fatal errors -----\n<kim@fabrikam.example>\n    (reason: 550 5.7.1 Relaying denied)\n\n   ----- Transcript of session follows -----\n... while talking to mx1.fabrikam.example.:\n>>> RCPT To:<kim@fabrikam.example>\n<<< 550 5.7.1 Relaying denied\n550 5.7.1 <kim@fabrikam.example>... Relaying denied\n',
      {
        errorType: 'PolicyRejected',
        cause: 'relay-denied',
        code: '550',
        remoteHost: 'mx1.fabrikam.example',
        recipient: 'kim@fabrikam.example',
      },
    ],
    [
      'Gmail',
      'Delivery to the following recipient failed permanently:\n\n     kim@fabrikam.example\n\nTechnical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected by the server for the recipient domain fabrikam.example by mx1.fabrikam.example. [192.0.2.62].\n\nThe error that the other server returned was:\n550 5.1.1 <kim@fabrikam.example>: Recipient address rejected: User unknown\n',
      {
        errorType: 'RecipientRejected',
        code: '550',
        remoteHost: 'mx1.fabrikam.example',
        remoteIp: '192.0.2.62',
        recipient: 'kim@fabrikam.example',
      },
    ],
    [
      'Yahoo',
      'Sorry, we were unable to deliver your message to the following address.\n\n<kim@fabrikam.example>:\n550: 5.1.1 <kim@fabrikam.example>: Recipient address rejected: User unknown\n',
      { errorType: 'RecipientRejected', code: '550', recipient: 'kim@fabrikam.example' },
    ],
    [
      'Exchange 2003',
      'Your message did not reach some or all of the intended recipients.\n\nThe following recipient(s) could not be reached:\n\n      kim@fabrikam.example on 11/20/2006 9:15 AM\n            The e-mail account does not exist at the organization this message was sent to.\n            <mx.contoso.example #5.1.1 smtp;550 5.1.1 User unknown>\n',
      { errorType: 'RecipientRejected', code: '550', enhanced: '5.1.1' },
    ],
    [
      'Exchange 2010, relayed',
      'Diagnostic information for administrators:\n\nGenerating server: mail.contoso.example\n\nkim@fabrikam.example\nmail.contoso.example #<mx.contoso.example #5.7.1 smtp;530 5.7.1 Client was not authenticated> #SMTP#\n',
      { errorType: 'AuthFailure', cause: 'required', code: '530', recipient: 'kim@fabrikam.example' },
    ],
    [
      'Courier',
      'This is a delivery status notification from mx.example.net, running the Courier mail server.\n\nUNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<kim@fabrikam.example>:\n    mx1.fabrikam.example [192.0.2.62]:\n>>> RCPT TO:<kim@fabrikam.example>\n<<< 550 5.2.1 Mailbox disabled\n',
      { errorType: 'RecipientRejected', cause: 'disabled', code: '550', recipient: 'kim@fabrikam.example' },
    ],
    [
      'Domino',
      'Your message\n\n  Subject: Hello\n\nwas not delivered to:\n\n  kim@fabrikam.example\n\nbecause:\n\n  User kim (kim@fabrikam.example) not listed in Domino Directory\n',
      {
        errorType: 'RecipientRejected',
        cause: 'unknown',
        code: null,
        recipient: 'kim@fabrikam.example',
        permanent: true,
      },
    ],
    [
      'Oracle Messaging Server',
      'Your message cannot be delivered to the following recipients:\n\n  Recipient address: kim@fabrikam.example\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;550 5.1.1 unknown or illegal alias: kim@fabrikam.example\n  Remote system: dns;mx1.fabrikam.example (TCP|192.0.2.9|1|192.0.2.62|25)\n',
      {
        errorType: 'RecipientRejected',
        code: '550',
        remoteHost: 'mx1.fabrikam.example',
        recipient: 'kim@fabrikam.example',
      },
    ],
    [
      'DragonFly',
      'There was an error delivering your mail to <kim@fabrikam.example>.\n\nmx1.fabrikam.example [192.0.2.62] did not like our RCPT TO:\n550 5.1.1 <kim@fabrikam.example>: Recipient address rejected: User unknown\n\nMessage headers follow.\n',
      { errorType: 'RecipientRejected', code: '550', remoteHost: 'mx1.fabrikam.example', remoteIp: '192.0.2.62' },
    ],
    [
      'Exim, delayed',
      'This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\nThe address to which the message has not yet been delivered is:\n\n  kim@fabrikam.example\n    host mx1.fabrikam.example [192.0.2.62]\n    Delay reason: Connection timed out\n',
      {
        errorType: 'UnableToConnect',
        cause: 'timeout',
        permanent: false,
        remoteIp: '192.0.2.62',
        recipient: 'kim@fabrikam.example',
      },
    ],
  ])('%s', async (_, body, expected) => {
    const { verdict } = await parseNdr(body);
    expect(verdict).toMatchObject(expected);
  });

  it('looks past a final line that only says that the message grew old', async () => {
    const body = `Generating server: mail.contoso.example\n\nkim@fabrikam.example\n3/1/2016 9:00:00 AM - Remote Server at mx1.fabrikam.example (192.0.2.62) returned '400 4.4.7 Message delayed'\n3/1/2016 8:50:00 AM - Remote Server at mx1.fabrikam.example (192.0.2.62) returned '441 4.4.1 Error encountered while communicating with primary target IP address: "Failed to connect. Winsock error code: 10060, Win32 error code: 10060." Attempted failover to alternate host, but that did not succeed.'\n`;
    expect((await parseNdr(body)).verdict).toMatchObject({
      errorType: 'UnableToConnect',
      cause: 'timeout',
      code: '400',
      enhanced: '4.4.7',
      remoteHost: 'mx1.fabrikam.example',
      remoteIp: '192.0.2.62',
    });
  });

  it('reads a warning as retried', async () => {
    const body = `    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n   ----- Transcript of session follows -----\n<kim@fabrikam.example>... Deferred: Connection timed out with mx1.fabrikam.example.\nWarning: message still undelivered after 4 hours\n`;
    expect(await parseNdr(body)).toMatchObject({
      delayed: true,
      verdict: { errorType: 'UnableToConnect', cause: 'timeout', permanent: false, remoteHost: 'mx1.fabrikam.example' },
    });
  });

  it('reads a bounce that was forwarded with quote signs', async () => {
    const body = `> This is the mail system at host mx.example.net.\n>\n> <kim@fabrikam.example>: host mx1.fabrikam.example[192.0.2.62] said: 552 5.2.2\n>     mailbox full (in reply to RCPT TO command)\n`;
    expect((await parseNdr(body)).verdict).toMatchObject({
      errorType: 'MailboxFull',
      recipient: 'kim@fabrikam.example',
    });
  });

  it('reads a delay as retried, whatever the code', async () => {
    const ndr = await parseNdr(
      DSN(
        'Final-Recipient: rfc822; kim@fabrikam.example\nAction: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; 451 4.4.1 timed out\n',
      ),
    );
    expect(ndr).toMatchObject({ delayed: true, verdict: { permanent: false, errorType: 'UnableToConnect' } });
  });

  it('reads the failed recipient among several', async () => {
    const ndr = await parseNdr(
      DSN(
        'Final-Recipient: rfc822; a@fabrikam.example\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; b@fabrikam.example\nAction: failed\nStatus: 5.2.2\nRemote-MTA: dns; mx1.fabrikam.example (192.0.2.62)\n',
      ),
    );
    expect(ndr.recipients).toHaveLength(2);
    expect(ndr.verdict).toMatchObject({
      errorType: 'MailboxFull',
      enhanced: '5.2.2',
      code: null,
      recipient: 'b@fabrikam.example',
      remoteHost: 'mx1.fabrikam.example',
      remoteIp: '192.0.2.62',
      permanent: true,
    });
  });

  it('reads a base64 part and a nested report', async () => {
    const body = Buffer.from(
      '<kim@fabrikam.example>: host mx1.fabrikam.example[192.0.2.62] said: 554 5.7.1 spam (in reply to end of DATA command)\n',
    ).toString('base64');
    const mail = `From: MAILER-DAEMON@x.example\nSubject: Undelivered Mail\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${body}\n--c--\n--a--\n`;
    expect((await parseNdr(mail)).verdict).toMatchObject({
      errorType: 'PolicyRejected',
      cause: 'content',
      remoteIp: '192.0.2.62',
    });
  });
});

describe('any input', () => {
  it('never throws', async () => {
    const samples = readLabels('ndr').map(({ file }) => readFileSync(fixturePath(file ?? '')));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.nat(),
        fc.nat(),
        fc.uint8Array({ maxLength: 40 }),
        async (mail, from, to, noise) => {
          const start = from % mail.length;
          const damaged = Buffer.concat([mail.subarray(0, start), noise, mail.subarray(start + (to % 400))]);
          const ndr = await parseNdr(damaged);
          expect(ndr.recipients.length).toBeLessThanOrEqual(100);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('bounces inside other mails', () => {
  const bounce = DSN(
    'Final-Recipient: rfc822; kim@fabrikam.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full\n',
  );
  const forward = (encoding: string, body: string): string =>
    `From: kim@contoso.example\nTo: help@contoso.example\nSubject: Fwd: what is this\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\nSee attached.\n--o\nContent-Type: message/rfc822\n${encoding}\n${body}\n--o--\n`;

  it.each([
    ['as it is', forward('', bounce)],
    ['in base64', forward('Content-Transfer-Encoding: base64\n', Buffer.from(bounce).toString('base64'))],
    ['twice', forward('', forward('', bounce).replace('boundary=o', 'boundary=i').replaceAll('--o', '--i'))],
  ])('are read when a person forwards them as an attachment %s', async (_name, mail) => {
    const { verdict, bounce: isBounce } = await parseNdr(mail);
    expect(isBounce).toBe(true);
    expect(verdict).toMatchObject({ errorType: 'MailboxFull', code: '552', recipient: 'kim@fabrikam.example' });
  });

  it('says that nothing is wrong for a success report', async () => {
    const { verdict } = await parseNdr(
      DSN(
        'Final-Recipient: rfc822; kim@fabrikam.example\nAction: relayed\nStatus: 2.0.0\nRemote-MTA: dns; mx1.fabrikam.example\nDiagnostic-Code: smtp; 250 2.0.0 queued\n',
      ),
    );
    expect(verdict).toMatchObject({ errorType: null, permanent: false, remoteHost: 'mx1.fabrikam.example' });
  });

  it('takes nothing from an absence notice, whatever words it holds', async () => {
    const { verdict, bounce: isBounce } = await parseNdr(
      'From: kim@fabrikam.example\nTo: app@contoso.example\nSubject: Out of Office: figures\nAuto-Submitted: auto-replied\n\nMy mailbox is full, call 550 511.\n',
    );
    expect({ verdict, isBounce }).toEqual({ verdict: null, isBounce: false });
  });
});
