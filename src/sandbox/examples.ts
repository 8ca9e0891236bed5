/** Lines that work in the sandbox, by command: what help and the first visit show there instead of the usual examples. */
export const SANDBOX_EXAMPLES: Record<string, string[]> = {
  probe: [
    '/probe expired.sandbox.test',
    '/probe pool.sandbox.test --all',
    '/probe monitor@proxyfail.sandbox.test --depth submit',
  ],
  peer: ['/peer healthy.sandbox.test', '/peer 203.0.113.10'],
  'trace-parse': ['/trace-parse'],
};
