import { expect, test } from 'vitest';
import { createRateLimit } from '../../src/probe/rate-limit.ts';

test('each person and each target has its own minute, and the refusal says when to try again', async () => {
  const check = createRateLimit({ perUserPerMinute: 2, perTargetPerMinute: 3 });
  await check('ann', 'a.example');
  await check('ann', 'b.example');
  await expect(check('ann', 'c.example')).rejects.toThrow(/2 probes within a minute.*Try again in \d+ s\./);
  await check('bob', 'A.example');
  await check(undefined, 'a.example');
  await expect(check('eve', 'a.example')).rejects.toThrow(/a\.example has been probed 3 times/);
  await check(undefined, 'd.example');
});
