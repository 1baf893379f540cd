import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { IngestEvent } from '../../../shared/contract/events.ts';
import { SYSTEM } from '../../access/audit/audit.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { createIngest, type Ingest } from '../ingest.ts';
import { demoDayAt } from './clock.ts';
import { tellDay } from './day.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const log = pino({ level: 'silent' });
const SEED = 'callboard';
const WEDNESDAY = Date.UTC(2026, 10, 18);

let test: TestDatabase;
let ingest: Ingest;
let tenantId: string;
/** The clock of the simulators: moved by hand. */
let now: number;

beforeAll(async () => {
  test = await createTestDatabase();
  ingest = createIngest({ db: test.db, log, registry: new Registry() });
});
afterAll(async () => {
  await ingest.close();
  await test.close();
});
beforeEach(async () => {
  tenantId = await test.newTenant('demo');
  now = demoDayAt(SEED, 'UTC', WEDNESDAY).instant(10 * 60);
});

function play(
  options: { sources?: () => string[]; pastDays?: number; ingest?: Pick<Ingest, 'append'> } = {},
): Simulator {
  return startSimulator({
    db: test.db,
    ingest,
    log,
    tenantId,
    seed: SEED,
    speed: 1,
    pastDays: 1,
    now: () => now,
    intervals: { lookMs: 0, retryMs: 10 },
    ...options,
  });
}

function keys(): Promise<string[]> {
  return inTenant(test.db, tenantId, async (tx) => {
    const rows = await tx<{ source_key: string }[]>`
      select source_key from call_events where tenant_id = ${tenantId} order by seq`;
    return rows.map((row) => row.source_key);
  });
}

const told = (offset: number): IngestEvent[] =>
  tellDay(demoDayAt(SEED, 'UTC', now, offset)).filter(({ occurredAt }) => occurredAt <= now);

/** What there is to tell: today until now, then yesterday. */
function expected(): string[] {
  return [0, -1].flatMap(told).map(({ sourceKey }) => sourceKey);
}

async function untilTold(count: number): Promise<void> {
  const told = () =>
    inTenant(test.db, tenantId, async (tx) => {
      // Every event has the number after the one before [L1].
      const [head] = await tx<{ seq: number }[]>`
        select seq::int from event_heads where tenant_id = ${tenantId}`;
      return head?.seq ?? 0;
    });
  while ((await told()) < count) await new Promise((resolve) => setTimeout(resolve, 20));
}

it('[L2] tells today until now, then yesterday, goes on as time does, and nothing twice when started again', async () => {
  const first = play();
  await untilTold(expected().length);
  expect(await keys()).toEqual(expected());
  now += 30 * 60_000;
  await untilTold(expected().length);
  await first.close();

  now += 3 * 3_600_000;
  const again = play();
  await untilTold(expected().length);
  await again.close();
  expect((await keys()).sort()).toEqual(expected().sort());
});

it('[L15] what was left out while the server was off is told in order, from where it left off yesterday', async () => {
  const first = play({ pastDays: 0 });
  await untilTold(told(0).length);
  await first.close();
  const before = await keys();
  now += 24 * 3_600_000;
  const again = play({ pastDays: 1 });
  await untilTold(told(-1).length + told(0).length);
  await again.close();
  const inOrder = [...told(-1), ...told(0)].sort((a, b) => a.occurredAt - b.occurredAt);
  expect(await keys()).toEqual(inOrder.map(({ sourceKey }) => sourceKey));
  expect((await keys()).slice(0, before.length)).toEqual(before);
});

it('[L2] stopped in the middle of the past, it goes on there: whole days are not told again, and nothing is twice', async () => {
  const pastDays = 3;
  const sent: string[] = [];
  const heard: Pick<Ingest, 'append'> = {
    append(tenant, request) {
      expect(request.events.length).toBeLessThanOrEqual(1_000);
      sent.push(...request.events.map(({ sourceKey }) => sourceKey));
      return ingest.append(tenant, request);
    },
  };
  const past = Array.from({ length: pastDays }, (_, place) => told(place - pastDays));
  const today = told(0);
  // Sunday is whole, Monday is not.
  const [sunday = [], monday = []] = past;
  const half = today.length + sunday.length + 2_000;
  const first = play({ pastDays, ingest: heard });
  await untilTold(half);
  await first.close();
  expect((await keys()).length).toBeLessThan(half + monday.length - 2_000);
  const again = sent.length;
  const second = play({ pastDays, ingest: heard });
  const whole = [...today, ...past.flat()].map(({ sourceKey }) => sourceKey);
  await untilTold(whole.length);
  await second.close();
  expect((await keys()).sort()).toEqual([...whole].sort());
  const done = new Set(sunday.map(({ sourceKey }) => sourceKey));
  expect(sent.slice(again).filter((key) => done.has(key))).toEqual([]);
  // Oldest first, each day's events together.
  expect((await keys()).slice(today.length)).toEqual(whole.slice(today.length));

  const offered = await inTenant(
    test.db,
    tenantId,
    (tx) => tx<{ day: string; calls: number }[]>`
      select to_char(occurred_at at time zone 'UTC', 'Dy') as day, count(*)::int as calls from call_events
      where tenant_id = ${tenantId} and kind = 'call.queued'
        and occurred_at < ${new Date(demoDayAt(SEED, 'UTC', now).start)}
      group by 1, occurred_at::date order by occurred_at::date`,
  );
  expect(offered.map(({ day }) => day)).toEqual(['Sun', 'Mon', 'Tue']);
  const ranges = [
    [100, 260],
    [2_200, 3_300],
    [1_900, 2_900],
  ] as const;
  offered.forEach(({ calls }, place) => {
    const [low, high] = ranges[place] ?? [0, 0];
    expect(calls).toBeGreaterThan(low);
    expect(calls).toBeLessThan(high);
  });

  const third = play({ pastDays, ingest: heard });
  const before = sent.length;
  now += 30 * 60_000;
  await untilTold(whole.length + 100);
  await third.close();
  expect(sent.slice(before).filter((key) => past.flat().some(({ sourceKey }) => sourceKey === key))).toEqual(
    [],
  );
});

it('[L2] a day that was told otherwise, by another seed or an older simulator, is left as it is', async () => {
  const other = tellDay(demoDayAt('other', 'UTC', now, -2)).slice(0, 2_000);
  for (const from of [0, 1_000]) await ingest.append(tenantId, { events: other.slice(from, from + 1_000) });
  const simulator = play({ pastDays: 2 });
  const whole = [...other, ...expected().map((sourceKey) => ({ sourceKey }))].map(
    ({ sourceKey }) => sourceKey,
  );
  await untilTold(whole.length);
  now += 30 * 60_000;
  await untilTold(other.length + expected().length);
  await simulator.close();
  expect((await keys()).slice(0, whole.length)).toEqual(whole);
  expect((await keys()).length).toBe(other.length + expected().length);
});

it('[L2] two of it, as on two nodes, tell the same once', async () => {
  const both = [play(), play()];
  await untilTold(expected().length);
  await Promise.all(both.map((simulator) => simulator.close()));
  expect((await keys()).sort()).toEqual(expected().sort());
});

it('arranges its queues and people in sectors, and leaves alone what somebody has arranged otherwise', async () => {
  const arrangement = () =>
    inTenant(test.db, tenantId, async (tx) => {
      const [row] = await tx<{ queues: number; agents: number; general: string }[]>`
        select (select count(*)::int from queues where sector_id <> 'unassigned') as queues,
          (select count(*)::int from agents where sector_id <> 'unassigned') as agents,
          (select sector_id from queues where id = 'General') as general`;
      return row;
    });
  const first = play();
  await untilTold(1);
  await first.close();
  expect(await arrangement()).toEqual({ queues: 6, agents: 60, general: 'service' });
  await inTenant(test.db, tenantId, (tx) => tx`update queues set sector_id = 'sales' where id = 'General'`);
  const told = (await keys()).length;
  const again = play();
  await untilTold(told + 1);
  await again.close();
  expect((await arrangement())?.general).toBe('sales');
});

it('ends for good once somebody may send events, or has imported a log, or another source is heard', async () => {
  const heard = play({ sources: () => ['simulator', 'asterisk'] });
  expect(await heard.ended).toContain('asterisk');

  const other = await test.newTenant('with a key');
  await inTenant(
    test.db,
    other,
    (tx) => tx`
      insert into api_keys (tenant_id, id, name, prefix, hash, scopes)
      values (${other}, gen_random_uuid(), 'PBX', 'cb_', decode('00', 'hex'), '{events:write}')`,
  );
  tenantId = other;
  expect(await play().ended).toContain('PBX');
  expect(await keys()).toEqual([]);

  tenantId = await test.newTenant('with a log');
  const lines = async function* () {
    yield Buffer.from('1700000000|1.1|NONE|NONE|QUEUESTART|\n');
  };
  await ingest.importAsterisk(
    {
      tenantId,
      timeZone: 'UTC',
      source: 'asterisk',
      name: 'queue_log',
      format: 'lines',
      by: SYSTEM,
      isFollowed: false,
    },
    lines(),
  );
  expect(await play().ended).toContain('queue_log');
});

it('comes back by itself after a failure', async () => {
  let failures = 3;
  const failing: Pick<Ingest, 'append'> = {
    append: (tenant, request) => {
      if (failures-- > 0) return Promise.reject(new Error('the database is away'));
      return ingest.append(tenant, request);
    },
  };
  const simulator = startSimulator({
    db: test.db,
    ingest: failing,
    log,
    tenantId,
    seed: SEED,
    speed: 1,
    pastDays: 0,
    now: () => now,
    intervals: { lookMs: 0, retryMs: 1 },
  });
  await untilTold(1);
  await simulator.close();
  expect(failures).toBeLessThan(0);
});
