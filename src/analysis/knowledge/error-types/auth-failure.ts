import { article } from '../article.ts';

/** What to do about AuthFailure. */
export const AUTH_FAILURE = article({
  errorType: 'AuthFailure',
  title: 'Authentication failure',
  meaning: 'Logging in to the mail server failed or was missing.',
  steps: [
    {
      text: 'Read the sign-in log of the account for the reason: password, multi-factor, conditional access, locked',
      owner: 'sender',
    },
    {
      text: 'Check server, port and TLS of the program: `smtp.office365.com`, port 587, STARTTLS',
      owner: 'sender',
      tried: ['exchange-online', 'other'],
    },
  ],
  causes: {
    required: {
      meaning: 'The server wants the sender to log in first.',
      steps: [
        {
          text: 'When this port is for submission, let the probe log in too: `--auth plain`, `login` or `xoauth2`; mail from outside comes to port 25',
          tried: ['probe'],
        },
        'Let the device or program log in: user name, password or OAuth, and STARTTLS on port 587',
        'When it only delivers to the domain of the recipient, send to the MX host of that domain on port 25: no log-in is needed there',
        'When the sender is a server of yours, give it a relay: an inbound connector of type `OnPremises` by certificate or address',
      ],
    },
    rejected: {
      meaning: 'The server did not accept the credentials.',
      steps: [
        {
          text: 'Check what the probe logged in with: `MAILMEDIC_PROBE_AUTH_USER` and its password, or its token, which ends after an hour or so',
          tried: ['probe'],
        },
        {
          text: 'Enter the password anew in the program; where multi-factor sign-in is on, use OAuth or an app password',
          owner: 'sender',
          tried: ['exchange-online', 'other'],
        },
        {
          text: 'Log in by hand with the same account: when that fails too, reset the password or unlock the account',
          owner: 'sender',
        },
        {
          text: 'Between Exchange servers compare the clocks: `w32tm /query /status`; Kerberos allows five minutes',
          owner: 'recipient',
        },
        {
          text: 'Check `ExchangeServer` in the log-in methods of the connector: `Get-ReceiveConnector | fl Identity,AuthMechanism,PermissionGroups`',
          owner: 'recipient',
        },
        {
          text: 'Check the service principal names of the server: [?server `setspn -L {server}`?:`setspn -L` with its name?] must list `SMTPSVC` names',
          owner: 'recipient',
        },
      ],
    },
    disabled: {
      meaning: 'Logging in this way is switched off for the tenant or mailbox.',
      steps: [
        {
          text: 'Log in by a way that the server offers: the lines `AUTH` of its EHLO answer inside TLS, and `--auth plain`, `login` or `xoauth2`',
          tried: ['probe'],
        },
        'See where it is off: [?sender `Get-CASMailbox {sender} | fl Smtp*`?:`Get-CASMailbox` of the account, field `SmtpClientAuthenticationDisabled`?], `Get-TransportConfig | fl Smtp*`',
        'Where policy allows, switch it on for this one: [?sender `Set-CASMailbox {sender} -SmtpClientAuthenticationDisabled $false`?:`Set-CASMailbox` with `-SmtpClientAuthenticationDisabled $false`?]',
        'For good, move the program to OAuth, to High Volume Email, or to a relay connector by certificate or address',
      ],
    },
  },
  confirm: ['A log-in with the same name and password by hand gives the same answer.'],
  next: ['Ask which program or device sends, and with which server and port'],
  attach: ["The reply with its time, the account name and the client's address"],
  see: [
    {
      title: 'Authenticated client SMTP submission',
      url: 'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission',
    },
    {
      title: 'Fix NDR 5.7.57',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-5-7-57-in-exchange-online',
    },
    { title: 'RFC 4954: SMTP AUTH', url: 'https://www.rfc-editor.org/rfc/rfc4954' },
  ],
  related: ['PolicyRejected', 'SenderRejected', 'AttributionFailure'],
});
