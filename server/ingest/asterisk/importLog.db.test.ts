import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IngestAnswer } from '../../../shared/contract/rest.ts';
import { SYSTEM } from '../../access/audit/audit.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { createIngest, type Ingest } from '../ingest.ts';

const pbxware = resolve('../shared/data/queue_log/pbxware_2018.log');
const isPresent = existsSync(pbxware);
if (!isPresent) console.warn(`skipped: the real queue log is not at ${pbxware}`);

let test: TestDatabase;
let ingest: Ingest;
let tenantId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  ingest = createIngest({ db: test.db, log: pino({ level: 'silent' }), registry: new Registry() });
});
afterAll(async () => {
  await ingest.close();
  await test.close();
});
beforeEach(async () => {
  tenantId = await test.newTenant(`Tenant ${Math.random()}`);
});

function load(text: string | Buffer, chunkBytes = 65_536, overrides: object = {}): Promise<IngestAnswer> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const options = {
    tenantId,
    source: 'asterisk',
    timeZone: 'UTC',
    name: 'test',
    isFollowed: false,
    by: SYSTEM,
  } as const;
  return ingest.importAsterisk({ ...options, format: 'lines', ...overrides }, Readable.from(chunks));
}

function rows(): Promise<Record<string, unknown>[]> {
  return inTenant(
    test.db,
    tenantId,
    (tx) => tx`
    select occurred_at, kind, source_key, source_order, call_id, queue_id, agent_id, body
    from call_events order by occurred_at, source_order, source_key`,
  );
}

function calls(count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const at = 1_700_000_000 + index;
    return `${at}|c${index}|q|NONE|ENTERQUEUE||5551234|1\n${at}|c${index}|q|SIP/1|CONNECT|0|x|0\n`;
  }).join('');
}

describe('importLog', () => {
  it('stores more lines than a transaction holds, and again changes nothing', async () => {
    const log = calls(1_500);
    expect(await load(log)).toEqual({
      accepted: 3_000,
      duplicates: 0,
      rejected: 0,
      warnings: 0,
      lastSeq: 3_000,
      rejections: [],
    });
    const before = await rows();
    expect(await load(log)).toMatchObject({ accepted: 0, duplicates: 3_000, warnings: 0, lastSeq: 3_000 });
    expect(await rows()).toEqual(before);
  });

  it('stores the same in any chunks', async () => {
    const log = `${calls(20)}broken\n`;
    await load(log);
    const whole = await rows();
    const [settings] = await inTenant(test.db, tenantId, (tx) => tx`select caller_key from settings`);
    for (const chunkBytes of [1, 7, 100]) {
      tenantId = await test.newTenant(`Chunks of ${chunkBytes}`);
      // Keys are made with the tenant's secret: two tenants compare only when they share it.
      await inTenant(test.db, tenantId, (tx) => tx`update settings set caller_key = ${settings?.caller_key}`);
      expect(await load(log, chunkBytes)).toMatchObject({ accepted: 40, rejected: 1 });
      expect(await rows()).toEqual(whole);
    }
  });

  it('keeps malformed lines as rejects with their number, and never stops for one', async () => {
    const log = `garbage\n${calls(1)}1700000009|c|q|NONE|ABANDON|1|1|soon\nx|15550001234\n`;
    const answer = await load(log);
    expect(answer).toMatchObject({
      accepted: 2,
      rejected: 3,
      rejections: [
        { line: 1, field: 'line' },
        { line: 4, field: 'wait' },
        { line: 5, field: 'line' },
      ],
    });
    const kept = await ingest.rejections(tenantId, { after: null, importId: null, limit: 10 });
    expect(kept.map((row) => row.raw).sort()).toEqual(
      ['1700000009|c|q|NONE|ABANDON|1|1|soon', 'garbage', 'x|…1234'].sort(),
    );
    expect(kept.every((row) => row.importId !== null)).toBe(true);
  });

  it('tells no more than the first hundred rejects, and counts all', async () => {
    const answer = await load('bad\n'.repeat(2_500));
    expect(answer).toMatchObject({ accepted: 0, rejected: 2_500 });
    expect(answer.rejections).toHaveLength(100);
  });

  it('leaves a row that says what became of the import, and marks its events', async () => {
    await load(`${calls(2)}bad\n`);
    const [row] = await inTenant(
      test.db,
      tenantId,
      (tx) => tx`
      select state, lines::int, accepted::int, duplicates::int, rejected::int, finished_at is not null as is_finished,
        (select count(*)::int from call_events where import_id = imports.id) as events
      from imports`,
    );
    expect(row).toEqual({
      state: 'done',
      lines: 5,
      accepted: 4,
      duplicates: 0,
      rejected: 1,
      is_finished: true,
      events: 4,
    });
  });

  it('an import that breaks off is marked as failed, keeps what it stored, and can be sent again', async () => {
    const log = calls(1_000);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(log.slice(0, log.length - 500));
      throw new Error('connection lost');
    }
    const options = {
      tenantId,
      source: 'asterisk',
      timeZone: 'UTC',
      name: 'x',
      format: 'lines',
      isFollowed: false,
      by: SYSTEM,
    } as const;
    await expect(ingest.importAsterisk(options, broken())).rejects.toThrow('connection lost');
    const [row] = await inTenant(
      test.db,
      tenantId,
      (tx) => tx`select state, error, accepted::int from imports`,
    );
    expect(row).toMatchObject({ state: 'failed', error: 'connection lost' });
    const answer = await load(log);
    expect(answer.accepted + Number(row?.accepted)).toBe(2_000);
    expect(await rows()).toHaveLength(2_000);
  });

  it('a log cut at any byte and then sent whole misses nothing', async () => {
    const log = calls(3);
    for (let cut = 0; cut <= log.length; cut += 11) {
      tenantId = await test.newTenant(`Cut ${cut}`);
      await load(log.slice(0, cut));
      await load(log);
      const kinds = (await rows()).map((row) => `${row.kind} ${row.call_id}`);
      for (const call of ['c0', 'c1', 'c2']) {
        expect(kinds).toContain(`call.queued ${call}`);
        expect(kinds).toContain(`call.answered ${call}`);
      }
    }
  });

  it('an inferred alias joins the interface to the person, once', async () => {
    const log = `1700000000|1700000000.5|q|Local/77@x|ADDMEMBER|\n1700000001|1700000000.5|NONE|Agent/1127|AGENTCALLBACKLOGIN|x\n`;
    await load(log);
    const settings = () => inTenant(test.db, tenantId, (tx) => tx`select version from settings`);
    const before = await settings();
    await load(log);
    expect(await settings()).toEqual(before);
    const aliases = await inTenant(
      test.db,
      tenantId,
      (tx) => tx`select alias, agent_id, origin from agent_aliases`,
    );
    expect(aliases).toEqual([{ alias: 'Local/77@x', agent_id: 'Agent/1127', origin: 'inferred' }]);
  });

  it('reads rows of the table as JSON lines', async () => {
    const row = { time: '2023-02-05 01:09:21', callid: 'c', queuename: 'q', agent: 'NONE', event: 'CLOSED' };
    const answer = await load(`${JSON.stringify(row)}\nnot json\n`, 10, {
      format: 'rows',
      timeZone: 'Europe/Berlin',
    });
    expect(answer).toMatchObject({ accepted: 1, rejected: 1, rejections: [{ line: 2, field: 'line' }] });
    expect(await rows()).toMatchObject([{ occurred_at: new Date('2023-02-05T00:09:21Z') }]);
  });

  it('[L13] one tenant cannot run any number of imports at once', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      await held;
      yield Buffer.from(calls(1));
    }
    const options = {
      tenantId,
      source: 'asterisk',
      timeZone: 'UTC',
      name: 'x',
      format: 'lines',
      isFollowed: false,
      by: SYSTEM,
    } as const;
    const running = Array.from({ length: 4 }, () => ingest.importAsterisk(options, slow()));
    await expect(ingest.importAsterisk(options, slow())).rejects.toMatchObject({ code: 'too_many_requests' });
    release();
    await Promise.all(running);
    expect(await load(calls(1))).toMatchObject({ duplicates: 2 });
  });

  it.skipIf(!isPresent)('a production log imports whole, twice, in both orders of its halves', async () => {
    const log = readFileSync(pbxware);
    const half = log.indexOf('\n', log.length / 2) + 1;
    expect(await load(log.subarray(half))).toMatchObject({ rejected: 0 });
    expect(await load(log)).toMatchObject({ rejected: 0, lastSeq: 989 });
    expect(await load(log)).toMatchObject({ accepted: 0, duplicates: 989, warnings: 0 });
  });
});
