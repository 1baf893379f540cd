import fc from 'fast-check';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { AppError } from '../http/errors.ts';
import { createIngest, type Ingest } from './ingest.ts';

const log = pino({ level: 'silent' });
const now = Date.now();

let test: TestDatabase;
let ingest: Ingest;
let tenantId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  ingest = createIngest({ db: test.db, log, registry: new Registry() });
});
afterAll(async () => {
  await ingest.close();
  await test.close();
});
beforeEach(async () => {
  tenantId = await test.newTenant(`Tenant ${Math.random()}`);
});

function queued(key: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'call.queued',
    source: 'pbx',
    sourceKey: key,
    occurredAt: now,
    callId: key,
    queue: 'sales',
    ...fields,
  };
}

function stored(): Promise<{ seq: number; source_key: string; body: Record<string, unknown> }[]> {
  return inTenant(
    test.db,
    tenantId,
    (tx) => tx`
    select seq::int, source_key, call_id, queue_id, agent_id, body from call_events order by seq`,
  );
}

async function problems(events: unknown[]): Promise<unknown> {
  return ingest.receive(tenantId, { events, partial: false }).catch((error: unknown) => error);
}

describe('createIngest', () => {
  it('stores events once, numbered in order, and says what became of each request', async () => {
    const events = ['a', 'b'].map((key) => queued(key));
    const first = await ingest.receive(tenantId, { events, partial: false });
    expect(first).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: 0,
      warnings: 0,
      lastSeq: 2,
      rejections: [],
    });
    const again = await ingest.receive(tenantId, { events: [...events, queued('c')], partial: false });
    expect(again).toMatchObject({ accepted: 1, duplicates: 2, warnings: 0, lastSeq: 3 });
    expect((await stored()).map((row) => [row.seq, row.source_key])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  it('[L2] the same key with other content is a duplicate and a warning, and the first stays', async () => {
    await ingest.receive(tenantId, { events: [queued('a')], partial: false });
    const answer = await ingest.receive(tenantId, {
      events: [queued('a', { queue: 'other' })],
      partial: false,
    });
    expect(answer).toMatchObject({ accepted: 0, duplicates: 1, warnings: 1 });
    expect(await stored()).toMatchObject([{ queue_id: 'sales' }]);
  });

  it('[S60] the same batch from many clients at once is stored once, and every request has its own counts', async () => {
    const batch = Array.from({ length: 50 }, (_, index) => queued(`k${index}`));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ingest.receive(tenantId, { events: batch, partial: false })),
    );
    expect(answers.map((answer) => answer.accepted + answer.duplicates)).toEqual(Array(20).fill(50));
    expect(answers.reduce((sum, answer) => sum + answer.accepted, 0)).toBe(50);
    expect(await stored()).toHaveLength(50);
  });

  it('[S60] any overlap of concurrent batches counts every event exactly once', async () => {
    const batches = fc.array(fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 15 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (drawn) => {
        tenantId = await test.newTenant(`Tenant ${Math.random()}`);
        const answers = await Promise.all(
          drawn.map((keys) =>
            ingest.receive(tenantId, { events: keys.map((key) => queued(`k${key}`)), partial: false }),
          ),
        );
        const distinct = new Set(drawn.flat()).size;
        expect(answers.reduce((sum, answer) => sum + answer.accepted, 0)).toBe(distinct);
        const counts = answers.map((answer) => answer.accepted + answer.duplicates);
        expect(counts).toEqual(drawn.map((keys) => keys.length));
        expect((await stored()).map((row) => row.seq)).toEqual(
          Array.from({ length: distinct }, (_, index) => index + 1),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('stores nothing of a batch with a bad event, and names its index and field', async () => {
    const error = await problems([queued('a'), queued('b', { callId: '' }), queued('c', { occurredAt: 0 })]);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'invalid_events',
      issues: [
        { index: 1, path: 'callId' },
        { index: 2, path: 'occurredAt' },
      ],
    });
    expect(await stored()).toEqual([]);
  });

  it('stores the good events of a partial batch, and keeps the bad ones readable', async () => {
    const bad = queued('b', { queue: 5, caller: '+15550001234' });
    const answer = await ingest.receive(tenantId, { events: [queued('a'), bad, null], partial: true });
    expect(answer).toMatchObject({
      accepted: 1,
      rejected: 2,
      rejections: [
        { index: 1, field: 'queue' },
        { index: 2, field: 'event' },
      ],
    });
    const kept = await ingest.rejections(tenantId, { after: null, importId: null, limit: 10 });
    expect(kept.map((row) => [row.index, row.field]).sort()).toEqual([
      [1, 'queue'],
      [2, 'event'],
    ]);
    const raw = kept.find((row) => row.index === 1)?.raw ?? '';
    expect(JSON.parse(raw)).toMatchObject({ sourceKey: 'b', occurredAt: now, caller: '+…1234' });
  });

  it('a partial batch with nothing good answers with the log position all the same', async () => {
    await ingest.receive(tenantId, { events: [queued('a')], partial: false });
    expect(await ingest.receive(tenantId, { events: [{}], partial: true })).toMatchObject({
      accepted: 0,
      rejected: 1,
      lastSeq: 1,
    });
  });

  it('[S63] text PostgreSQL cannot hold, or nested too deep to write, is rejected and still kept', async () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 100_000; level++) deep = [deep];
    const events = [
      queued('a\u0000'),
      queued('\ud800'),
      queued('d', { comment: deep }),
      JSON.parse('{"__proto__":1}'),
    ];
    expect(await ingest.receive(tenantId, { events, partial: true })).toMatchObject({
      accepted: 0,
      rejected: 4,
    });
    expect(await ingest.rejections(tenantId, { after: null, importId: null, limit: 10 })).toHaveLength(4);
  });

  it('[S63] __proto__ and emoji as ids are names like any other', async () => {
    const events = [queued('a', { queue: '__proto__' }), queued('b', { queue: '👩‍💻' })];
    expect(await ingest.receive(tenantId, { events, partial: false })).toMatchObject({ accepted: 2 });
    expect(await stored()).toMatchObject([{ queue_id: '__proto__' }, { queue_id: '👩‍💻' }]);
  });

  it('no caller number reaches the log, unless the tenant chose so', async () => {
    const caller = '+4930123456789';
    await ingest.receive(tenantId, { events: [queued('a', { caller })], partial: false });
    expect((await stored())[0]?.body.caller).toMatch(/^[0-9a-f]{16}…6789$/);

    const open = await test.newTenant('In the clear');
    await inTenant(test.db, open, (tx) => tx`update settings set caller_privacy = 'clear'`);
    tenantId = open;
    await ingest.receive(tenantId, { events: [queued('a', { caller })], partial: false });
    expect((await stored())[0]?.body.caller).toBe(caller);
  });

  it('a source with a namespace keeps its ids apart from those of another', async () => {
    await inTenant(
      test.db,
      tenantId,
      (tx) => tx`insert into sources (tenant_id, id, namespace) values (${tenantId}, 'berlin', 'b/')`,
    );
    const events = [queued('a', { source: 'berlin' }), queued('a')];
    expect(await ingest.receive(tenantId, { events, partial: false })).toMatchObject({ accepted: 2 });
    expect(await stored()).toMatchObject([
      { call_id: 'b/a', queue_id: 'b/sales' },
      { call_id: 'a', queue_id: 'sales' },
    ]);
    const tooLong = queued('c', { source: 'berlin', callId: 'x'.repeat(127) });
    expect(await problems([tooLong])).toMatchObject({ issues: [{ index: 0, path: 'callId' }] });
    expect(await ingest.receive(tenantId, { events: [tooLong], partial: true })).toMatchObject({
      rejected: 1,
    });
  });

  it('an interface that only joined a queue is not made a person', async () => {
    const joined = {
      kind: 'agent.joined',
      source: 'pbx',
      sourceKey: '1',
      occurredAt: now,
      agent: 'Local/1@x',
      queue: 'q',
    };
    const signedIn = {
      kind: 'agent.signed_in',
      source: 'pbx',
      sourceKey: '2',
      occurredAt: now,
      agent: 'Agent/1',
    };
    await ingest.receive(tenantId, { events: [joined, signedIn], partial: false });
    const agents = await inTenant(test.db, tenantId, (tx) => tx`select id from agents`);
    expect(agents.map((agent) => agent.id)).toEqual(['Agent/1']);
  });

  it('pages through rejections, newest first, each once', async () => {
    for (let batch = 0; batch < 3; batch++) {
      await ingest.receive(tenantId, { events: [{}, {}, {}], partial: true });
    }
    const seen: string[] = [];
    let after: { at: string; id: string } | null = null;
    do {
      const page = await ingest.rejections(tenantId, { after, importId: null, limit: 2 });
      seen.push(...page.map((row) => row.id));
      const last = page.at(-1);
      after = last ? { at: last.createdAt, id: last.id } : null;
    } while (after !== null);
    expect(new Set(seen).size).toBe(9);
    expect(seen).toHaveLength(9);
  });

  it('another tenant sees nothing of it', async () => {
    await ingest.receive(tenantId, { events: [queued('a'), {}], partial: true });
    expect(await ingest.rejections(test.tenantB, { after: null, importId: null, limit: 10 })).toEqual([]);
  });
});
