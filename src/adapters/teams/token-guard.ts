const MAX_HEADER = 8192;
const BEARER = /^Bearer ([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/**
 * Looks at the Authorization header before botbuilder does: true when it has the shape of a token of exactly this
 * issuer. It proves nothing (the signature is botbuilder's to check); it keeps tokens off botbuilder's other paths,
 * which are not for us: tokens of any Entra tenant are tried as "emulator" or "skill" tokens, without a check of the
 * serviceUrl claim, and each new tenant id in such a token, however forged, is remembered for good
 * (botframework-connector 4.23.3, emulatorValidation.ts).
 */
export function isChannelToken(header: string | undefined, issuer: string): header is string {
  if (header === undefined || header.length > MAX_HEADER) return false;
  const payload = BEARER.exec(header)?.[2];
  if (payload === undefined) return false;
  const claims = parseObject(Buffer.from(payload, 'base64url').toString('utf8'));
  return claims?.iss === issuer;
}

function parseObject(json: string): { iss?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
