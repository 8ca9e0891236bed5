/** The time as an argument, so that what depends on it can be tested. */
export interface Clock {
  /** Wall-clock time. */
  now(): Date;
  /** A steady clock for durations, in milliseconds. */
  elapsed(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
};
