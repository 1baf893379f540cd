import type { DateTime } from 'luxon';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../access/audit/audit.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { createIngest } from '../../ingest/ingest.ts';
import { startEngine } from '../../live/engine.ts';
import { createTurns } from '../../live/lastWeek.ts';
import { append, silent, until } from '../../live/testing.ts';
import { startFeed } from '../../log/feed.ts';
import { type Cursor, readPage } from '../../log/readLog.ts';
import { counts, decide, monthAgo, NOW, openMonth, record, runRetention } from './testing.ts';

let test: TestDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.close());

const run = (eventMonths: number | null) => runRetention(test, { eventMonths });

describe('what is older than what is kept', () => {
  const parts = () => ({
    db: test.db,
    log: pino({ level: 'silent' }),
    registry: new Registry(),
    intervals: { policyMs: 0 },
    now: () => NOW,
  });
  const queued = (at: DateTime) => ({
    kind: 'call.queued',
    source: 'pbx',
    sourceKey: String(at.toMillis()),
    occurredAt: at.toMillis(),
    callId: 'c',
    queue: 'q',
  });

  it('[L2] is not taken in: its key may be gone, and it would count twice', async () => {
    const ingest = createIngest({ ...parts(), eventMonths: 3 });
    const send = (at: DateTime) => ingest.receive(test.tenantId, { events: [queued(at)], partial: true });
    expect(await send(monthAgo(3))).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await send(monthAgo(3).minus({ milliseconds: 1 }))).toMatchObject({
      accepted: 0,
      rejections: [{ index: 0, field: 'occurredAt', message: expect.stringContaining('older is not kept') }],
    });
    await decide(test, test.tenantId, { event_retention_months: 2 });
    expect(await send(monthAgo(2).minus({ milliseconds: 1 }))).toMatchObject({ accepted: 0, rejected: 1 });
    expect(await send(monthAgo(2))).toMatchObject({ accepted: 1 });
    await ingest.close();
  });

  it('is not taken in either once the term has been made longer, or in a file, line by line', async () => {
    await decide(test, test.tenantId, { event_retention_months: 2 });
    await run(null);
    await inTenant(test.db, test.tenantId, (tx) => tx`update settings set event_retention_months = null`);
    const ingest = createIngest(parts());
    const line = (at: DateTime, id: string) => `${at.toSeconds()}|${id}|q|NONE|ENTERQUEUE||5551234|1\n`;
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${line(monthAgo(4), 'old')}${line(monthAgo(2), 'kept')}`);
    }
    const answer = await ingest.importAsterisk(
      {
        tenantId: test.tenantId,
        by: SYSTEM,
        source: 'asterisk',
        timeZone: 'UTC',
        name: 'x',
        format: 'lines',
        isFollowed: false,
      },
      file(),
    );
    expect(answer).toMatchObject({
      accepted: 1,
      rejected: 1,
      rejections: [{ line: 1, field: 'occurredAt' }],
    });
    await ingest.close();
  });
});

describe('[L1] with the beginning of the log gone', () => {
  it('a feed that starts from scratch reads all that is left, and live goes on', async () => {
    const { db, tenantId } = test;
    await openMonth(test, 4);
    await openMonth(test, 2);
    await record(test, tenantId, 4, 30);
    await record(test, tenantId, 2, 20);
    await run(3);
    expect(await counts(test, tenantId)).toMatchObject({ events: 20, first: 31 });

    let cursor: Cursor = { seq: 0, recordedAt: 0 };
    const taken: number[] = [];
    const feed = startFeed({
      read: (from, limit) => readPage(db, tenantId, from, limit),
      log: silent,
      onStatus() {},
      intervals: { pollMs: 10, pageSize: 7 },
      follower: {
        cursor: () => cursor,
        async settle() {},
        async take(events) {
          for (const event of events) {
            taken.push(event.seq);
            cursor = { seq: event.seq, recordedAt: event.recordedAt };
          }
        },
      },
    });
    const engine = startEngine({
      db,
      tenantId,
      log: silent,
      inTurn: createTurns(),
      intervals: { feed: { pollMs: 10 } },
      watcher: { onFolded() {}, onReset() {}, onStatus() {} },
    });
    await until(() => engine.view(), 'live state is built');
    const last = await append(db, tenantId, [
      { kind: 'call.queued', occurredAt: Date.now(), callId: 'new', queue: 'q', origin: 'inbound' },
    ]);
    expect(last).toBe(51);
    expect(await engine.untilSeq(last, 20_000)).toBe(true);
    expect(engine.view()?.state.open.size).toBe(1);
    await until(() => taken.length === 21, 'the feed has read everything');
    expect(taken).toEqual(Array.from({ length: 21 }, (_, i) => 31 + i));
    await engine.close();
    await feed.close();
  });
});
