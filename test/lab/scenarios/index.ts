import type { Scenario } from '../scenario.ts';
import { addresses } from './addresses.ts';
import { auth } from './auth.ts';
import { busy } from './busy.ts';
import { certificates } from './certificates.ts';
import { connect } from './connect.ts';
import { dane } from './dane.ts';
import { dns } from './dns.ts';
import { healthy } from './healthy.ts';
import { mtaSts } from './mta-sts.ts';
import { protocol } from './protocol.ts';
import { refusals } from './refusals.ts';
import { serverRefusals } from './server-refusals.ts';
import { tls } from './tls.ts';

/** All scenarios of the lab, in the order in which they are reported. */
export const SCENARIOS: readonly Scenario[] = [
  ...healthy,
  ...dns,
  ...connect,
  ...addresses,
  ...protocol,
  ...busy,
  ...refusals,
  ...serverRefusals,
  ...tls,
  ...certificates,
  ...dane,
  ...mtaSts,
  ...auth,
];
