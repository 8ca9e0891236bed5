import { article } from '../article.ts';

/** What to do about AuthFailure. */
export const AUTH_FAILURE = article({
  errorType: 'AuthFailure',
  title: 'Authentication failure',
  meaning: 'Logging in to the mail server failed or was missing.',
  steps: [
    'Check server, port and TLS of the client: smtp.office365.com, port 587, STARTTLS',
    'Check whether SMTP AUTH is allowed: Get-CASMailbox {sender|<mailbox>} | fl SmtpClientAuthenticationDisabled, and Get-TransportConfig | fl SmtpClientAuthenticationDisabled',
    'Look at the sign-in log of the account for the reason: password, multi-factor, conditional access, locked',
  ],
  causes: {
    required: {
      meaning: 'The server wants the sender to log in first.',
      steps: [
        'Let the device or program log in, or send to the MX host of the recipient domain instead of the submission host when it only delivers inside',
      ],
    },
    rejected: {
      meaning: 'The server did not accept the credentials.',
      steps: [
        'Enter the password anew; with multi-factor sign-in use OAuth or an app password',
        '"454 4.7.0 Temporary authentication failure" between Exchange servers: check the time difference, the SPN and the default transport certificate',
      ],
    },
    disabled: {
      meaning: 'Logging in this way is switched off for the tenant or mailbox.',
      steps: [
        'Move the program to OAuth, to High Volume Email, or to a relay connector by address or certificate',
        'Only where policy allows: Set-CASMailbox {sender|<mailbox>} -SmtpClientAuthenticationDisabled $false',
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
    { title: 'RFC 4954: SMTP AUTH', url: 'https://www.rfc-editor.org/rfc/rfc4954' },
  ],
});
