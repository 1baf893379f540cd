import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agentsAnswer,
  bucketRow,
  queueRow,
  sectorsAnswer,
  summaryAnswer,
} from '../../../shared/contract/analytics.ts';
import { DEFINITIONS } from '../../../shared/contract/metrics.ts';
import { AGENT_METRICS, VISIT_METRICS } from '../../../shared/explain/catalogue.ts';
import { randomFacts } from '../../history/rollUps/testing.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';
import { createExplaining } from './explaining.ts';

/** Every figure explained is the figure shown, and every list behind it as long as it says. */

let history: History;
let told: ReturnType<typeof createExplaining>;

beforeAll(async () => {
  history = await createHistory(280);
  told = createExplaining(history);
});
afterAll(() => history.close());

const of = (address: string) => dataOf(history, address, summaryAnswer);

describe('a figure of a summary', () => {
  it.each([
    '',
    '&queue=q0&timeZone=America/New_York',
    '&queue=q0&queue=q2&threshold=7&shortAbandon=30',
    '&sector=north',
    '&sector=north&queue=q1',
  ])(
    '[R1] [T5] %s: every one is explained by its own value, and its lists are as long as it',
    async (filter) => {
      const { data, meta } = await of(`/summary?${RANGE}${filter}`);
      expect(data.offered).toBeGreaterThan(100);
      await told.expectExplained(meta.explain, data, VISIT_METRICS);
    },
  );

  it('[SL1]–[SL7] service level is explained by every definition, all of them for the same visits', async () => {
    for (const rules of ['&threshold=10&shortAbandon=25', '&threshold=600&shortAbandon=0']) {
      const levels: (number | null)[] = [];
      const variants: string[] = [];
      for (const definition of DEFINITIONS) {
        const { data, meta } = await of(`/summary?${RANGE}${rules}&definition=${definition}`);
        const answer = await told.explained(meta.explain, 'serviceLevel');
        expect(answer.data.value).toBe(data.serviceLevel);
        expect(answer.data.definition).toBe(definition);
        expect(answer.data.variants.find(({ isShown }) => isShown)).toMatchObject({
          ...{ name: definition, value: answer.data.value, ruleId: answer.data.ruleId },
          ...{ words: answer.data.words, filled: answer.data.filled, calls: answer.data.calls },
        });
        await told.expectLists(answer);
        levels.push(data.serviceLevel);
        variants.push(JSON.stringify(answer.data.variants.map(({ value }) => value)));
      }
      expect([...new Set(variants)], 'the same for whichever is asked').toEqual([JSON.stringify(levels)]);
    }
  });

  it('[SL3] follows the switches of a tenant', async () => {
    const { ownerSql, tenantId } = history.test;
    const set = (on: boolean) => ownerSql`
      update settings set genesys_short_abandons_in = ${on}, genesys_flow_outs_in = ${on}, version = version + 1
      where tenant_id = ${tenantId}`;
    await set(true);
    const { data, meta } = await of(`/summary?${RANGE}&definition=genesys`);
    const answer = await told.explained(meta.explain, 'serviceLevel');
    await set(false);
    expect(answer.data.value).toBe(data.serviceLevel);
    expect(answer.data.words).toContain('flow-outs');
    await told.expectLists(answer);
  });

  it('[SL0] of this very moment knows who waits, and lists them', async () => {
    const now = Date.now();
    const { visits } = randomFacts({ seed: 3, calls: 12, start: now - 900_000, end: now - 100_000 });
    const waiting = visits.map((visit, place) => ({
      ...visit,
      ...{
        callId: `waits${place}`,
        queueId: 'q2',
        nth: 1,
        outcome: 'open' as const,
        enteredAt: now - (place % 2 === 0 ? 60_000 : 400_000) - place,
      },
      ...{
        settledAt: null,
        identity: null,
        endedAt: null,
        talkMs: null,
        holdMs: null,
        wrapUpMs: null,
        handledAt: null,
      },
      ...{ isTransferred: false, isCompleted: false, earlierQueues: [] },
    }));
    await history.remember({ visits: waiting }, now);
    const [first, last] = [now - 86_400_000, now].map((at) =>
      new Date(at).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' }),
    );
    // Minutes from any of their ages, so that none passes it meanwhile.
    for (const rules of ['&threshold=250', '&threshold=600', '']) {
      const { data, meta } = await of(`/summary?startDate=${first}&endDate=${last}&queue=q2${rules}`);
      expect(data.open).toBeGreaterThan(5);
      await told.expectExplained(meta.explain, data, [
        'open',
        'serviceLevel',
        'abandonmentRate',
        'waitP90Ms',
      ]);
    }
  });
});

describe('a row of a list', () => {
  it('[T5] of sectors is explained as a total, of queues as a queue', async () => {
    for (const filter of ['', '&queue=q0&queue=q2']) {
      const answer = await dataOf(history, `/sectors?${RANGE}${filter}`, sectorsAnswer);
      for (const row of answer.data)
        await told.expectExplained(answer.meta.explain, row, [
          'serviceLevel',
          'abandonmentRate',
          'calls',
          'occupancy',
        ]);
      const queues = (await history.get(`/trends?${RANGE}&groupBy=queue${filter}`)).json();
      for (const row of queueRow.array().parse(queues.data))
        await told.expectExplained(queues.meta.explain, row, [
          'serviceLevel',
          'abandonmentRate',
          'calls',
          'ahtMs',
        ]);
    }
  });

  it.each([
    ['month', RANGE],
    ['week', RANGE],
    ['day', 'startDate=2026-10-24&endDate=2026-10-26'],
    ['hour', 'startDate=2026-10-25&endDate=2026-10-25'],
    ['interval', 'startDate=2026-10-25&endDate=2026-10-25'],
    ['day', 'startDate=2026-10-05&endDate=2026-10-06&timeZone=Asia/Kolkata'],
  ])('[T1] [T2] of a trend by %s is explained by its start and end (%s)', async (groupBy, range) => {
    const answer = (await history.get(`/trends?${range}&groupBy=${groupBy}&sector=north`)).json();
    const rows = bucketRow.array().parse(answer.data);
    const busy = [...rows].sort((a, b) => b.offered - a.offered).slice(0, 2);
    expect(busy[0]?.offered).toBeGreaterThan(0);
    for (const row of busy)
      await told.expectExplained(answer.meta.explain, row, [
        'offered',
        'serviceLevel',
        'calls',
        'asaMs',
        'waitP90Ms',
        'signedInMs',
      ]);
  });

  it.each([
    RANGE,
    `${RANGE}&queue=q0&queue=q1`,
    'startDate=2026-10-05&endDate=2026-10-12&timeZone=Asia/Kolkata',
  ])('[T9] of agents is explained by the agent (%s)', async (question) => {
    const answer = await dataOf(history, `/agents?${question}`, agentsAnswer);
    expect(answer.data.length).toBeGreaterThan(2);
    for (const row of answer.data) await told.expectExplained(answer.meta.explain, row, AGENT_METRICS);
    const top = (await history.get(`/top?${question}&metric=ahtMs`)).json();
    expect(top.meta.explain).toBe(answer.meta.explain);
  });

  it('of one agent, altogether and in a queue', async () => {
    const { data, meta } = (await history.get(`/agents/a1?${RANGE}`)).json();
    await told.expectExplained(meta.explain, data, ['answered', 'ahtMs', 'occupancy']);
    for (const row of data.queues)
      await told.expectExplained(`${meta.explain}&queue={queueId}`, row, [
        'answered',
        'ahtMs',
        'transferRate',
      ]);
  });
});

it('[A2] a figure of time leads to the agents whose time it is, which add up to it', async () => {
  const { data, meta } = await of(`/summary?${RANGE}`);
  const { agents, calls, variants } = (await told.explained(meta.explain, 'signedInMs')).data;
  expect([calls.numerator, calls.denominator, variants]).toEqual([null, null, []]);
  const rows = agentsAnswer.parse((await history.get(agents ?? '')).json()).data;
  expect(rows.reduce((sum, { signedInMs }) => sum + signedInMs, 0)).toBe(data.signedInMs);
  const both = (await told.explained(meta.explain, 'occupancy')).data.variants;
  expect(both.map(({ name, value }) => [name, value])).toEqual([
    ['occupancy', data.occupancy],
    ['utilisation', data.utilisation],
  ]);
});

it('an explanation is JSON whatever is accepted, says how fresh it is, and is asked for again only once it changed', async () => {
  const address = `/explain?${RANGE}&metric=offered`;
  const first = await history.get(address, {
    accept: 'text/csv',
    ...(await history.signIn('admin@example.test')).bearer,
  });
  expect(first.headers['content-type']).toContain('application/json');
  expect(first.json().meta).toMatchObject({ recounting: false, freshness: { lagMs: 0 } });
  const again = await history.get(address, {
    ...(await history.signIn('admin@example.test')).bearer,
    'if-none-match': String(first.headers.etag),
  });
  expect(again.statusCode).toBe(304);
});
