import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QualitySummary } from '../../../shared/contract/quality.ts';
import type { ScoreDetail, ScoreRow } from '../../../shared/contract/qualityScores.ts';
import { formNamed, okOf, publishForm, QUALITY } from '../../analytics/quality/testing.ts';
import { inTenant } from '../../db/connect.ts';
import { append, item } from '../../db/testing/items.ts';
import { createTestApp, type TestApp } from '../../testing.ts';

/** From POST /events to the scores, through history as it runs. */

let app: TestApp;
let manager: Record<string, string>;
const HOUR = 3_600_000;
const at = Math.floor((Date.now() - 3 * HOUR) / 1_000) * 1_000;
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const RANGE = `startDate=${day(at - 24 * HOUR)}&endDate=${day(at + 24 * HOUR)}`;

beforeAll(async () => {
  app = await createTestApp({}, { projects: true });
  await app.addAccount('manager@example.test', 'manager');
  manager = (await app.signIn('manager@example.test')).bearer;
  await publishForm(app, manager, formNamed('Call review'));
  await send(answered('c1', 'ann'), answered('c2', 'ann'), answered('c3', 'bob'));
});
afterAll(() => app.close());

let sent = 0;
const event = (kind: string, offset: number, fields: object) => ({
  source: 'test',
  sourceKey: `k${sent++}`,
  occurredAt: at + offset,
  kind,
  ...fields,
});
const answered = (callId: string, agent: string) => [
  event('call.queued', 0, { callId, queue: 'sales' }),
  event('call.answered', 5_000, { callId, queue: 'sales', agent, waitMs: 5_000 }),
  event('call.ended', 65_000, { callId, queue: 'sales', agent, by: 'caller', talkMs: 60_000 }),
];
const review = (callId: string, fields: object = {}) =>
  event('quality.scored', HOUR, {
    callId,
    agent: 'ann',
    reviewer: 'Helen',
    form: 'Call review',
    answers: { Tone: 8, Help: 10, 'Data protection': true },
    ...fields,
  });
const send = async (...events: (object | object[])[]) =>
  okOf(await app.ask('POST', '/events', manager, { events: events.flat() }));

const scoresOf = async (callId: string) =>
  okOf<ScoreRow[]>(await app.ask('GET', `${QUALITY}/scores?${RANGE}&callId=${callId}`, manager));
const soon = { timeout: 20_000 };

describe('quality.scored', () => {
  it('[Q1] of one of our forms becomes a signed score of the call’s agent, once however often it is sent', async () => {
    const sentTwice = review('c1');
    await send(sentTwice);
    await send(sentTwice, review('c2', { answers: { Tone: null, Help: 9, 'Data protection': false } }));
    await expect.poll(() => scoresOf('c2'), soon).toHaveLength(1);
    const [score, ...others] = await scoresOf('c1');
    expect(others).toEqual([]);
    expect(score).toMatchObject({
      agentId: 'ann',
      queueId: 'sales',
      calledAt: new Date(at).toISOString(),
      isCallKnown: true,
      origin: 'event',
      reviewer: 'Helen',
      formVersion: 1,
      state: 'signed',
      isPassed: true,
    });
    expect(score?.score).toBeCloseTo(((8 + 30 + 10) / 50) * 100, 10);
    expect((await scoresOf('c2'))[0]).toMatchObject({ score: 0, failedCritical: ['law'] });
    // Disputed like any other.
    const { id, version } = await okOf<Promise<ScoreDetail>>(
      await app.ask('GET', `${QUALITY}/scores/${score?.id}`, manager),
    );
    const disputed = await app.ask('POST', `${QUALITY}/scores/${id}/dispute`, manager, {
      version,
      reason: 'No.',
    });
    expect(disputed.statusCode, disputed.body).toBe(200);
  });

  it('of another form keeps its own score; [T4] without one it has none, and is in no mean', async () => {
    const before = okOf<QualitySummary>(await app.ask('GET', `${QUALITY}/summary?${RANGE}`, manager));
    await send(
      review('c3', { agent: 'bob', form: 'Theirs', answers: { Warmth: 3, Note: '=1+1' }, score: 61 }),
      review('c3', { agent: 'bob', form: 'Theirs', answers: {}, reviewer: 'Sana' }),
    );
    await expect.poll(async () => (await scoresOf('c3')).length, soon).toBe(2);
    const scores = await scoresOf('c3');
    expect(scores.map(({ score, formId, isPassed }) => [score, formId, isPassed]).sort()).toEqual(
      [
        [61, null, null],
        [null, null, null],
      ].sort(),
    );
    const after = okOf<QualitySummary>(await app.ask('GET', `${QUALITY}/summary?${RANGE}`, manager));
    expect([after.reviews - before.reviews, after.scored - before.scored]).toEqual([2, 1]);
    expect(after.qualityScore).toBeCloseTo(
      ((before.qualityScore ?? 0) * before.scored + 61) / after.scored,
      8,
    );
  });

  it('that comes before its call is found by it later, whoever answered', async () => {
    await send(review('late', { agent: undefined }));
    await expect
      .poll(() => scoresOf('late'), soon)
      .toMatchObject([{ isCallKnown: false, agentId: null, queueId: null }]);
    await send(answered('late', 'cid'));
    await expect
      .poll(() => scoresOf('late'), soon)
      .toMatchObject([
        { isCallKnown: true, agentId: 'cid', queueId: 'sales', calledAt: new Date(at).toISOString() },
      ]);
  });

  it('that was in the log before history read it is taken all the same', async () => {
    await send(review('c1', { reviewer: 'Marco' }));
    await expect.poll(async () => (await scoresOf('c1')).length, soon).toBe(2);
    // As an installation that is upgraded begins.
    await inTenant(app.test.db, app.test.tenantId, async (tx) => {
      await tx`delete from call_quality_scores where origin = 'event'`;
      await tx`delete from quality_checkpoints`;
    });
    await send(answered('c9', 'ann'));
    await expect.poll(async () => (await scoresOf('c1')).length, soon).toBe(2);
  });

  it('goes with the import that brought it, and no other does', async () => {
    const { db, tenantId } = app.test;
    const importId = crypto.randomUUID();
    const held = (await scoresOf('c1')).length;
    await inTenant(db, tenantId, async (tx) => {
      const [head] = await tx<{ seq: string }[]>`select seq from event_heads`;
      await tx`
        insert into imports (tenant_id, id, source, name, state, first_seq, last_seq)
        values (${tenantId}, ${importId}, 'test', 'reviews', 'done', ${Number(head?.seq) + 1}, ${Number(head?.seq) + 1})`;
      const body = { reviewer: 'Imported', form: 'Theirs', answers: {}, score: 50 };
      const one = item('imported', { kind: 'quality.scored', callId: 'c1', agent: 'ann', body });
      await append(tx, [{ ...one, importId, occurredAt: at }]);
    });
    await expect.poll(async () => (await scoresOf('c1')).length, soon).toBe(held + 1);
    const voided = await app.ask('DELETE', `/imports/${importId}`, manager);
    expect(voided.statusCode, voided.body).toBeLessThan(300);
    await expect
      .poll(async () => (await scoresOf('c1')).map(({ reviewer }) => reviewer), soon)
      .toHaveLength(held);
    expect((await scoresOf('c1')).map(({ reviewer }) => reviewer)).not.toContain('Imported');
  });
});
