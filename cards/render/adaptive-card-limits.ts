/**
 * Limits of Adaptive Cards in Teams. Source: learn.microsoft.com/microsoftteams/platform (cards reference, message size)
 * as collected in November 2026.
 */
export const ADAPTIVE_CARD = {
  /** Bots may send 1.5; Action.Execute needs at least 1.4. */
  version: '1.5',
  /** A message may hold about 100 KB counted in UTF-16, older pages say 28 KB: 25 KB of UTF-8 JSON fit under all. */
  bytes: 25_000,
  /** Actions of one card, overflow menu included: Teams draws six and drops the rest (go-teams-notify issue 161). */
  actions: 6,
} as const;
