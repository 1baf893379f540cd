import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { SYSTEM } from '../../access/audit/audit.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { createIngest, type Ingest } from '../ingest.ts';
import { demoDayAt } from './clock.ts';
import { tellDay } from './day.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const log = pino({ level: 'silent' });
const SEED = 'callboard';

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
  now = demoDayAt(SEED, 'UTC', Date.now()).instant(10 * 60);
});

function play(options: { sources?: () => string[] } = {}): Simulator {
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

/** What there is to tell of yesterday and today until now. */
function expected(): string[] {
  return [-1, 0]
    .flatMap((offset) => tellDay(demoDayAt(SEED, 'UTC', now, offset)))
    .filter(({ occurredAt }) => occurredAt <= now)
    .sort((a, b) => a.occurredAt - b.occurredAt)
    .map(({ sourceKey }) => sourceKey);
}

async function untilTold(count: number): Promise<void> {
  while ((await keys()).length < count) await new Promise((resolve) => setTimeout(resolve, 20));
}

it('[L2] tells yesterday and today until now, oldest first, goes on as time does, and nothing twice when started again', async () => {
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
  expect(await keys()).toEqual(expected());
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
