import { exchangeTracking } from './exchange-tracking.ts';
import { exoEnhancedSummary } from './exo-enhanced-summary.ts';
import { exoExtendedTrace } from './exo-extended-trace.ts';
import type { TraceFormat } from './format.ts';

/** All formats, in the order in which they are tried. */
export const FORMATS: readonly TraceFormat[] = [exoExtendedTrace, exoEnhancedSummary, exchangeTracking];
