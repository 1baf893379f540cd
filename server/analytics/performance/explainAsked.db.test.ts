import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bearer } from '../../testing.ts';
import { createHistory, type History, RANGE } from '../testing.ts';
import { createExplaining } from './explaining.ts';

/** Who may ask how a figure came about, and how. */

let history: History;
let north: Bearer;
let told: ReturnType<typeof createExplaining>;

beforeAll(async () => {
  history = await createHistory(200);
  told = createExplaining(history);
  await history.addAccount('north@example.test', 'supervisor', ['north']);
  north = (await history.signIn('north@example.test')).bearer;
});
afterAll(() => history.close());

describe('whoever is held to sectors', () => {
  it('[S46] is explained the totals of those, with lists as long as they say', async () => {
    const { data, meta } = (await history.get(`/summary?${RANGE}`, north)).json();
    await told.expectExplained(
      meta.explain,
      data,
      ['calls', 'serviceLevel', 'abandonmentRate', 'ahtMs'],
      north,
    );
    const whole = await told.explained(meta.explain, 'offered');
    expect(whole.data.value).toBeGreaterThan(data.offered);
  });

  it('[T9] sees all of an agent’s work, lists what is in sight, and is told how much is not', async () => {
    const { data, meta } = (await history.get(`/agents/a0?${RANGE}`, north)).json();
    const answer = await told.explained(meta.explain, 'ahtMs', data, north);
    expect(answer.data.value).toBe(data.ahtMs);
    await told.expectLists(answer, north);
    const { count, unseen } = answer.data.calls.denominator ?? { count: 0, unseen: 0 };
    expect(unseen).toBeGreaterThan(0);
    expect(count + unseen).toBe(data.handled);
  });

  it('[S46] is told of what is out of sight what is told of what there is not', async () => {
    for (const field of ['queue=q2', 'sector=south', 'agent=a2']) {
      const metric = field.startsWith('agent') ? 'handled' : 'offered';
      const answer = await history.get(`/explain?${RANGE}&metric=${metric}&${field}`, north);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().error.issues[0].path).toBe(field.split('=')[0]);
    }
  });
});

describe('what is wrong with a question is told by the name of its field', () => {
  const day = 'startDate=2026-10-05&endDate=2026-10-05';
  it.each([
    ['', 'metric'],
    ['metric=beauty', 'metric'],
    ['metric=outbound', 'metric'],
    ['metric=offered&agent=a0', 'metric'],
    ['metric=offered&metric=calls', 'metric'],
    ['metric=handled&agent=none', 'agent'],
    ['metric=handled&agent=a0&agent=a1', 'agent'],
    ['metric=handled&agent=a0&sector=south', 'agent'],
    ['metric=handled&agent=a0&sector=none', 'sector'],
    ['metric=handled&agent=a0&queue=none', 'queue'],
    ['metric=handled&agent=a0&definition=strict', 'definition'],
    ['metric=handled&agent=a0&threshold=20', 'threshold'],
    ['metric=handled&agent=a0&start=2026-10-05T08:00:00Z&end=2026-10-05T09:00:00Z', 'start'],
    ['metric=offered&queue=none', 'queue'],
    ['metric=offered&sector=none', 'sector'],
    ['metric=offered&definition=best', 'definition'],
    ['metric=offered&threshold=601', 'threshold'],
    ['metric=offered&of=agent', 'of'],
    ['metric=offered&groupBy=day', 'groupBy'],
    ['metric=offered&start=2026-10-05T08:00:00Z', 'end'],
    ['metric=offered&end=2026-10-05T08:00:00Z', 'start'],
    ['metric=offered&start=yesterday&end=2026-10-05T08:00:00Z', 'start'],
    ['metric=offered&start=2026-10-05T09:00:00Z&end=2026-10-05T09:00:00Z', 'end'],
    ['metric=offered&start=2026-10-05T08:07:00Z&end=2026-10-05T09:00:00Z', 'start'],
    ['metric=offered&start=2026-10-05T08:00:00Z&end=2026-10-06T09:00:00Z', 'end'],
  ])('%s', async (parameters, field) => {
    const answer = await history.get(`/explain?${day}&${parameters}`);
    expect(answer.statusCode, answer.body).toBe(400);
    const { issues } = answer.json().error;
    expect(issues.map(({ path }: { path: string }) => path)).toEqual([field]);
    if (field === 'metric' && parameters !== 'metric=offered&metric=calls')
      expect(issues[0].message).toContain('handled');
  });
});
