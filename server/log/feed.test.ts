import { expect, it } from 'vitest';
import type { LogEvent } from '../../shared/contract/events.ts';
import { tell } from '../../shared/live/testing.ts';
import { silent, until } from '../live/testing.ts';
import { type FeedStatus, startFeed } from './feed.ts';
import type { Cursor, LogPage } from './readLog.ts';

/** A log whose pages are read from memory, and a follower that keeps what it takes. */
function bench(log: LogEvent[], { pollMs = 10 } = {}) {
  const taken: LogEvent[] = [];
  const statuses: FeedStatus['state'][] = [];
  const faults: { read: Error | null; settle: Error | null } = { read: null, settle: null };
  let reads = 0;
  const feed = startFeed({
    log: silent,
    onStatus: ({ state }) => statuses.push(state),
    intervals: { pollMs, readMs: 1_000, backoffMs: 1, backoffLimitMs: 5, pageSize: 10 },
    async read(cursor: Cursor, limit: number): Promise<LogPage> {
      reads++;
      if (faults.read) throw faults.read;
      const events = log.filter((event) => event.seq > cursor.seq).slice(0, limit);
      return { events, headSeq: log.at(-1)?.seq ?? 0, settingsVersion: 1 };
    },
    follower: {
      cursor: () => ({ seq: taken.at(-1)?.seq ?? 0, recordedAt: 0 }),
      async settle() {
        if (faults.settle) throw faults.settle;
      },
      async take(events) {
        taken.push(...events);
      },
    },
  });
  return { feed, taken, statuses, faults, log, reads: () => reads };
}

const story = (count: number) =>
  tell(
    0,
    Array.from({ length: count }, (_, i) => [i, 'source.note', { text: 'x' }]),
  );

it('[L1] hands every event on once, in order, over many pages and additions', async () => {
  const all = story(95);
  const run = bench(all.slice(0, 35));
  await until(() => run.taken.length === 35, 'the backlog is read');
  run.log.push(...all.slice(35));
  run.feed.wake();
  await until(() => run.taken.length === 95, 'the rest is read');
  expect(run.taken).toEqual(all);
  await run.feed.close();
});

it('[L1] from scratch begins where what is kept of the log begins, and still sees a gap behind that', async () => {
  const run = bench(story(30).slice(12));
  await until(() => run.taken.length === 18, 'what is kept is read');
  expect(run.statuses).not.toContain('stopped');
  run.log.push(...story(35).slice(32));
  run.feed.wake();
  await until(() => run.statuses.includes('stopped'), 'the gap is seen');
  expect(run.taken).toHaveLength(18);
  await run.feed.close();
});

it('[L1] takes what is handed on without reading where it comes next, and reads where it does not', async () => {
  const all = story(9);
  const committed = (from: number, to: number) => ({ firstSeq: from + 1, events: () => all.slice(from, to) });
  const run = bench([], { pollMs: 60_000 });
  await until(() => run.statuses.includes('following'), 'it follows');
  const reads = run.reads();
  run.log.push(...all.slice(0, 3));
  run.feed.writing()(committed(0, 3));
  await until(() => run.taken.length === 3, 'what was handed on is taken');
  expect(run.reads()).toBe(reads);

  // Another writer came between, and what is handed on twice is known.
  for (const [from, to] of [
    [5, 6],
    [0, 3],
  ] as const) {
    const before = run.reads();
    run.log.push(...all.slice(run.log.length, Math.max(run.log.length, to)));
    run.feed.writing()(committed(from, to));
    await until(() => run.reads() > before, 'it reads');
    await until(() => run.taken.length === run.log.length, 'all of the log is taken');
  }
  // Handed on while it reads: the read may be too early to hold it, so there is another.
  run.log.push(...all.slice(6));
  run.feed.wake();
  run.feed.writing()(committed(6, 9));
  await until(() => run.taken.length === 9, 'the rest is taken');
  expect(run.taken).toEqual(all);
  await run.feed.close();
});

it('[L3] a wake while this node writes waits for the end of that, and is not lost by it', async () => {
  const all = story(6);
  const run = bench([], { pollMs: 60_000 });
  await until(() => run.statuses.includes('following'), 'it follows');
  const reads = run.reads();
  const ended = run.feed.writing();
  run.feed.wake();
  run.log.push(...all.slice(0, 3));
  await new Promise(setImmediate);
  expect(run.reads()).toBe(reads);
  ended({ firstSeq: 1, events: () => all.slice(0, 3) });
  await until(() => run.reads() > reads, 'it reads for the wake');
  expect(run.taken).toEqual(all.slice(0, 3));

  // Another node's, while a write of this one's fails.
  const failed = run.feed.writing();
  run.log.push(...all.slice(3));
  run.feed.wake();
  failed(null);
  await until(() => run.taken.length === 6, 'what the other wrote is read');
  expect(run.taken).toEqual(all);
  await run.feed.close();
});

it('[L3] reads on without any wake', async () => {
  const run = bench([]);
  await until(() => run.statuses.includes('following'), 'it follows');
  run.log.push(...story(3));
  await until(() => run.taken.length === 3, 'the poll finds them');
  await run.feed.close();
});

it('[L1] stops at a gap rather than skip it', async () => {
  const run = bench(story(20).filter(({ seq }) => seq !== 15));
  await until(() => run.feed.status().state === 'stopped', 'it stops');
  expect(run.taken.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const reads = run.reads();
  run.feed.wake();
  await run.feed.close();
  expect(run.reads()).toBe(reads);
});

it('[L9] says since when the database is down, and catches up alone once it is back', async () => {
  const run = bench(story(5));
  await until(() => run.taken.length === 5, 'it has read');
  run.faults.read = new Error('connection refused');
  await until(() => run.feed.status().state === 'down', 'it notices');
  const { since } = run.feed.status();
  expect(since).not.toBeNull();
  run.log.push(...story(40).slice(5));
  const reads = run.reads();
  await until(() => run.reads() > reads + 5, 'it tries again and again');
  expect(run.feed.status().since).toBe(since);
  run.faults.read = null;
  await until(() => run.taken.length === 40, 'it catches up');
  await until(() => run.feed.status().state === 'following', 'it follows again');
  expect(run.feed.status().since).toBeNull();
  await run.feed.close();
});

it('takes no page twice when putting it right fails', async () => {
  const run = bench(story(5));
  await until(() => run.taken.length === 5, 'it has read');
  run.faults.settle = new Error('connection refused');
  await until(() => run.feed.status().state === 'down', 'it notices');
  run.log.push(...story(8).slice(5));
  run.faults.settle = null;
  await until(() => run.taken.length === 8, 'it goes on');
  expect(run.taken.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await run.feed.close();
});

it('[L4] counts a read that is never answered as a failure', async () => {
  let reads = 0;
  const statuses: string[] = [];
  const feed = startFeed({
    log: silent,
    onStatus: ({ state }) => statuses.push(state),
    intervals: { pollMs: 5, readMs: 20, backoffMs: 1, backoffLimitMs: 5 },
    async read() {
      reads++;
      if (reads === 1) return new Promise<LogPage>(() => {});
      return { events: [], headSeq: 0, settingsVersion: 1 };
    },
    follower: { cursor: () => ({ seq: 0, recordedAt: 0 }), settle: async () => {}, take: async () => {} },
  });
  await until(() => statuses.at(-1) === 'following', 'it reads again');
  expect(statuses[0]).toBe('down');
  await feed.close();
});
