// A process of its own that writes runs and says which were confirmed, until it is killed. Uses the compiled store.
import { openLowdbStore } from '../../dist/src/store/lowdb/lowdb-store.js';

try {
  const store = await openLowdbStore(process.argv[2]);
  for (let n = 0; ; n += 1) {
    const id = `run${n}`;
    await store.putRun({
      id,
      line: '/probe contoso.com',
      command: 'probe',
      userId: 'U1',
      userName: 'Ann',
      place: {},
      message: null,
      revision: 0,
      state: 'done',
      startedAt: '2026-11-20T12:00:00.000Z',
      endedAt: null,
    });
    process.send({ confirmed: id });
  }
} catch (error) {
  process.send({ error: String(error) });
}
