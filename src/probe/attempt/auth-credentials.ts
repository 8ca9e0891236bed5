import type { AuthMechanism } from '../request.ts';

/** Stands wherever a secret would. */
const HIDDEN = '***';

/**
 * Who logs in and with what. The secret is in private fields only, so that no JSON, log line or inspection of the object
 * can show it.
 */
export class Credentials {
  readonly mechanism: AuthMechanism;
  readonly user: string;
  /** Hosts that may be given the secret: names, or suffixes that begin with a dot. */
  readonly hosts: readonly string[];
  /** What is sent after the mechanism, and in answer to each challenge after it. */
  readonly #answers: readonly string[];
  /** The secret in every form in which a peer could repeat it. */
  readonly #forms: readonly string[];

  constructor(mechanism: AuthMechanism, user: string, secret: string, hosts: readonly string[]) {
    this.mechanism = mechanism;
    this.user = user;
    this.hosts = hosts;
    this.#answers = answersOf(mechanism, user, secret);
    const encoded = [base64(secret), ...this.#answers.filter((answer) => answer !== base64(user))];
    const forms = [secret, ...encoded.map((form) => form.replace(/=+$/, ''))];
    // Longest first: one form may be part of another. One or two letters are in every reply.
    this.#forms = [...new Set(forms)].filter(({ length }) => length > 2).sort((a, b) => b.length - a.length);
  }

  /** The name of the mechanism as EHLO lists it. */
  get keyword(): string {
    return this.mechanism.toUpperCase();
  }

  /** The initial response (RFC 4954 4) in base64; undefined for LOGIN, which waits to be asked. */
  get initialResponse(): string | undefined {
    return this.mechanism === 'login' ? undefined : this.#answers[0];
  }

  /** What to say to the challenge `round`, counted from 0, in base64; undefined when the mechanism has nothing to say. */
  answer(round: number): string | undefined {
    return this.#answers[round];
  }

  /** The text (bytes as latin1 characters, or decoded) without the secret, plain or in base64. */
  conceal(text: string): string {
    return this.#forms.reduce((shown, form) => shown.replaceAll(form, HIDDEN).replaceAll(asLatin1(form), HIDDEN), text);
  }
}

/** RFC 4616 (PLAIN), the expired draft-murchison-sasl-login, and Google's and Microsoft's XOAUTH2. */
function answersOf(mechanism: AuthMechanism, user: string, secret: string): string[] {
  switch (mechanism) {
    case 'plain':
      return [base64(`\0${user}\0${secret}`)];
    case 'login':
      return [base64(user), base64(secret)];
    case 'xoauth2':
      return [base64(`user=${user}\x01auth=Bearer ${secret}\x01\x01`)];
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function asLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
