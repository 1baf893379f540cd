import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { story, tell } from '../../../shared/live/testing.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { appendStory, silent } from '../../live/testing.ts';
import { createAudit, FAILED_AGAIN_MS, ROUND_MS, UNSETTLED_AGAIN_MS } from './audit.ts';
import { reconcile } from './reconcile.ts';
import { projectAll } from './testing.ts';

/** When the audit looks at a day, and when it looks again. The clocks are the test's, the proofs are real ones. */

let test: TestDatabase;
let tenantId: string;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenantId = await test.newTenant(`t${Math.random()}`);
});

const DAY_MS = 86_400_000;
const START = Date.parse('2026-10-12T00:00:00Z');
const MINUTE_MS = 60_000;

/** An audit whose days are noted as they are looked at; each takes `dayTakesMs`, and may fail. */
function createRounds({
  dayTakesMs = 0,
  fails = () => false,
}: {
  dayTakesMs?: number;
  fails?: () => boolean;
} = {}) {
  let elapsedMs = 0;
  const looked: string[] = [];
  const audit = createAudit(new Registry(), {
    elapsed: () => elapsedMs,
    prove: async (options) => {
      looked.push(new Date(options.day.start).toISOString().slice(0, 10));
      elapsedMs += dayTakesMs;
      if (fails()) throw new Error('cannot be read');
      return reconcile(options);
    },
  });
  /** The days looked at in one round at `now`. */
  return async (now: number): Promise<string[]> => {
    looked.length = 0;
    const { settings } = await loadSettings(test.db, tenantId);
    await audit.run({ db: test.db, tenantId, settings, now: () => now, log: silent, isOver: () => false });
    return [...looked];
  };
}

async function tellDays(days: number, now: number) {
  const calls = 12 * days;
  await appendStory(
    test.db,
    tenantId,
    story({ seed: 3, calls, agents: 2, queues: 1, start: START, everyMs: (days * DAY_MS) / calls }),
  );
  await projectAll(test.db, tenantId, now);
}

describe('[R1] the audit', () => {
  it('looks at a day that had not settled half an hour later, and not before', async () => {
    // Waits from a minute before midnight: lost two hours later [V10].
    const lines = tell(START, [
      [DAY_MS / 1_000 - 60, 'call.queued', { callId: 'c', queue: 'q', origin: 'inbound' }],
    ]);
    await appendStory(test.db, tenantId, lines);
    const end = START + DAY_MS;
    const round = createRounds();
    const first = end + MINUTE_MS;
    const at = async (now: number) => {
      await projectAll(test.db, tenantId, now);
      return round(now);
    };
    expect(await at(first)).toEqual(['2026-10-12']);
    expect(await at(first + UNSETTLED_AGAIN_MS - 1)).toEqual([]);
    expect(await at(first + UNSETTLED_AGAIN_MS)).toEqual(['2026-10-12']);
    expect(await at(first + 2 * UNSETTLED_AGAIN_MS - 1)).toEqual([]);
    expect(await at(end + 3 * 3_600_000)).toEqual(['2026-10-12']);
    // Proven by now.
    expect(await at(end + 9 * 3_600_000)).toEqual([]);
  });

  it('looks at a day that could not be read the day after, and nobody waits for it', async () => {
    const now = START + 5 * DAY_MS;
    await tellDays(2, now);
    let failing = 1;
    const round = createRounds({ fails: () => failing-- > 0 });
    const first = await round(now);
    expect(first.length).toBeGreaterThan(1);
    const [failed] = first;
    expect(await round(now + FAILED_AGAIN_MS - 1)).toEqual([]);
    expect(await round(now + FAILED_AGAIN_MS)).toEqual([failed]);
    expect(await round(now + 3 * FAILED_AGAIN_MS)).toEqual([]);
  });

  it('ends a round once it has gone on for so long, and goes on with the rest in the next', async () => {
    const now = START + 9 * DAY_MS;
    await tellDays(6, now);
    const round = createRounds({ dayTakesMs: ROUND_MS / 2 });
    const rounds: string[][] = [];
    for (let days = await round(now); days.length > 0; days = await round(now)) rounds.push(days);
    const all = rounds.flat();
    // A day is begun while the time is not over: at 0, a half and the whole of it.
    expect(rounds.slice(0, -1).map(({ length }) => length)).toEqual(rounds.slice(1).map(() => 3));
    expect(rounds.length).toBeGreaterThan(1);
    expect(all).toEqual([...new Set(all)].sort().reverse());
    expect(all.at(-1)).toBe('2026-10-12');
  });
});
