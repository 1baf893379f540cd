import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { traffic } from '../../e2e/testing/traffic.ts';
import type { LogEvent } from '../../shared/contract/events.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { readPage } from '../log/readLog.ts';
import { createIngest, type Ingest } from './ingest.ts';

let test: TestDatabase;
let ingest: Ingest;
let tenantId: string;
const handedOn: LogEvent[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  tenantId = await test.newTenant('Acme');
  ingest = createIngest({
    db: test.db,
    log: pino({ level: 'silent' }),
    registry: new Registry(),
    onWriting: () => (committed) => {
      if (committed === null) return;
      expect(committed.events()[0]?.seq).toBe(committed.firstSeq);
      handedOn.push(...committed.events());
    },
  });
});
afterAll(async () => {
  await ingest.close();
  await test.close();
});

it('[L1] what is handed on of a commit is what reading the log gives, to the last field', async () => {
  const now = Date.now();
  const common = { source: 'pbx', occurredAt: now - 1 };
  const odd = [
    {
      ...common,
      kind: 'call.queued',
      sourceKey: 'a',
      callId: 'ä/1 "x"',
      queue: 'sales',
      caller: '+49 30 1234567',
    },
    { ...common, kind: 'source.note', sourceKey: 'b', text: 'quotes " and \\, 😀, +49 30 1234567' },
    { ...common, kind: 'agent.joined', sourceKey: 'c', agent: 'SIP/201', queue: 'support' },
    {
      ...common,
      kind: 'agent.state_changed',
      sourceKey: 'd',
      agent: 'Ann',
      state: 'paused',
      reason: 'Lunch',
    },
    {
      ...common,
      kind: 'call.queued',
      sourceKey: 'e',
      callId: 'late',
      queue: 'sales',
      occurredAt: now - 9e7,
      position: 3,
    },
  ];
  const events = [
    ...traffic({ seed: 7, calls: 120, agents: 9, queues: 3, startMs: now - 3_600_000, endMs: now }),
    ...odd,
  ];
  // Some come again: alone, and among others.
  const again = [...events.slice(0, 300), ...events.slice(100, 110), ...events.slice(300)];
  for (let from = 0; from < again.length; from += 90) {
    await ingest.receive(tenantId, { events: again.slice(from, from + 90), partial: false });
  }
  await ingest.receive(tenantId, { events: odd, partial: false });
  const { events: read } = await readPage(test.db, tenantId, { seq: 0, recordedAt: 0 }, 10_000);
  expect(read).toHaveLength(events.length);
  expect(handedOn).toStrictEqual(read);
});
