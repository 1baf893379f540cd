import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallVisit } from '../../../shared/contract/calls.ts';
import { append } from '../../live/testing.ts';
import { type Bearer, createTestApp, type TestApp } from '../../testing.ts';
import { answeredVisit, furnish, insertLegs, insertVisits, visitOf } from './testing.ts';

let server: TestApp;
let manager: Bearer;
let held: Bearer;

const MINUTE = 60_000;
const TEN = Date.UTC(2026, 2, 2, 10);
const at = (minutes: number) => TEN + minutes * MINUTE;

describe('one call', () => {
  beforeAll(async () => {
    server = await createTestApp();
    ({ manager, held } = await furnish(server));
    const { db, ownerSql, tenantId } = server.test;
    const story = { callId: '17/1:2', queue: 'help' };
    await append(db, tenantId, [
      { kind: 'call.queued', occurredAt: at(100), ...story, origin: 'inbound', caller: 'abc…1234' },
      { kind: 'call.alerted', occurredAt: at(101), ...story, agent: 'Agent/7' },
      {
        kind: 'call.missed',
        occurredAt: at(101) + 9_000,
        ...story,
        agent: 'Agent/7',
        ringMs: 9_000,
        reason: 'no_answer',
      },
      { kind: 'call.answered', occurredAt: at(102), ...story, agent: 'Agent/7' },
      { kind: 'call.held', occurredAt: at(103), callId: '17/1:2', agent: 'Agent/7' },
      { kind: 'call.resumed', occurredAt: at(104), callId: '17/1:2', agent: 'Local/7@agents' },
      {
        kind: 'call.transferred',
        occurredAt: at(105),
        ...story,
        agent: 'Agent/7',
        to: 'sales',
        toKind: 'queue',
        transferKind: 'blind',
      },
    ]);
    await insertVisits(ownerSql, tenantId, [
      answeredVisit({ callId: 'b', enteredAt: at(1), waitMs: 40_000, talkMs: 3_000, queueId: 'help' }),
      answeredVisit({
        callId: '17/1:2',
        queueId: 'help',
        caller: 'abc…1234',
        enteredAt: at(100),
        waitMs: 2 * MINUTE,
        talkMs: 3 * MINUTE,
        identity: 'ext:7',
        isTransferred: true,
      }),
      visitOf({
        callId: '17/1:2',
        nth: 2,
        queueId: 'sales',
        enteredAt: at(105),
        outcome: 'abandoned',
        settledAt: at(106),
        waitMs: MINUTE,
        origin: 'transfer',
      }),
    ]);
    await insertLegs(ownerSql, tenantId, [
      {
        identity: 'ext:7',
        countedAt: at(101) + 9_000,
        callId: '17/1:2',
        kind: 'missed',
        nth: 1,
        queueId: 'help',
        startedAt: at(101),
        endedAt: at(101) + 9_000,
        waitMs: null,
        talkMs: null,
        holdMs: null,
        wrapUpMs: null,
        handledAt: null,
        isTransferred: false,
        isCompleted: false,
      },
    ]);
  });
  afterAll(() => server.close());
  const one = (id: string, who = manager) => server.ask('GET', `/calls/${encodeURIComponent(id)}`, who);

  it('is told as it went over queues and agents, with its facts and its events', async () => {
    const answer = await one('17/1:2');
    expect(answer.statusCode, answer.body).toBe(200);
    const { data } = answer.json();
    expect(data).toMatchObject({ callId: '17/1:2', caller: 'abc…1234', isCut: false });
    const steps = data.journey.map(
      (step: {
        at: string;
        step: string;
        queueId: string;
        agentName: string;
        durationMs: number;
        detail: string;
      }) =>
        [step.at.slice(11, 19), step.step, step.queueId, step.agentName, step.durationMs, step.detail]
          .join(' ')
          .trim(),
    );
    expect(steps).toEqual([
      '11:40:00 entered help',
      '11:41:00 rang help Anna',
      '11:41:09 missed help Anna 9000 no_answer',
      '11:42:00 answered help Anna 120000',
      '11:43:00 held  Anna 60000',
      '11:45:00 transferred help Anna  sales',
      '11:45:00 ended help Anna 180000',
      '11:45:00 entered sales',
      '11:46:00 left sales  60000 abandoned',
    ]);
    expect(data.visits.map(({ nth }: CallVisit) => nth)).toEqual([1, 2]);
    expect(data.legs).toMatchObject([
      { kind: 'missed', agentId: 'Agent/7', queueId: 'help', queueName: 'Help' },
    ]);
    expect(data.events.map(({ kind }: { kind: string }) => kind)).toEqual([
      'call.queued',
      'call.alerted',
      'call.missed',
      'call.answered',
      'call.held',
      'call.resumed',
      'call.transferred',
    ]);
  });

  it('is 404 when nobody knows it', async () => {
    expect((await one('nobody')).statusCode).toBe(404);
  });

  it('[T9] is shown whole to whom one of its queues is in sight, and else to be unknown', async () => {
    expect((await one('17/1:2', held)).json().data.visits).toHaveLength(2);
    expect((await one('b', held)).statusCode).toBe(404);
    expect((await one('b')).statusCode).toBe(200);
  });

  it('[L13] has a bounded number of events', async () => {
    const { db, tenantId } = server.test;
    for (let batch = 0; batch < 2; batch++) {
      await append(
        db,
        tenantId,
        Array.from({ length: 600 }, (_, i) => ({
          kind: 'source.note',
          occurredAt: at(200) + i,
          callId: 'noisy',
          text: 'x',
        })),
      );
    }
    const { data } = (await one('noisy')).json();
    expect([data.events.length, data.isCut]).toEqual([1_000, true]);
  });
});
