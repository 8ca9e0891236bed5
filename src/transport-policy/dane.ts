export { lookupTlsa, type TlsaLookup } from './lookup-tlsa.ts';
export { type DaneMatch, matchDane, type ShownCertificate } from './match-dane.ts';
