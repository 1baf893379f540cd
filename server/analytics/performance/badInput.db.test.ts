import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHistory, type History, RANGE } from '../testing.ts';

let history: History;

beforeAll(async () => {
  history = await createHistory(1);
});
afterAll(() => history.close());

const refusedFields = async (address: string): Promise<string[]> => {
  const answer = await history.get(address);
  expect(answer.statusCode, `${address} ${answer.body}`).toBe(400);
  return answer.json().error.issues.map(({ path }: { path: string }) => path.split('.')[0]);
};

const days = (startDate: string, endDate: string) => `startDate=${startDate}&endDate=${endDate}`;
const everywhere = [
  ...['/summary', '/sectors', '/trends', '/waits', '/agents', '/top', '/agents/a0', '/agents/a0/days'],
  ...['/summary.csv', '/waits.csv'],
];

describe('what is wrong with a question is told by the name of its field', () => {
  it.each([
    ['dates reversed', days('2026-11-02', '2026-11-01'), 'endDate'],
    ['a day there is not', days('2026-02-30', '2026-03-01'), 'startDate'],
    ['a time of day', days('2026-02-03T00:00:00Z', '2026-03-01'), 'startDate'],
    ['no dates', '', 'startDate'],
    ['two dates', `${days('2026-11-01', '2026-11-02')}&startDate=2026-11-01`, 'startDate'],
    ['more than five years', days('2020-01-01', '2025-01-02'), 'endDate'],
    ['all of time', days('1970-01-01', '2999-12-31'), 'endDate'],
    ['a year that is none', days('0026-11-01', '0026-11-02'), 'startDate'],
    ['an unknown parameter', `${RANGE}&agnet=a0`, 'agnet'],
    ['a zone there is not', `${RANGE}&timeZone=Mars/Olympus`, 'timeZone'],
    ['an offset', `${RANGE}&timeZone=%2B02:00`, 'timeZone'],
  ])('%s', async (_, parameters, field) => {
    for (const address of everywhere)
      expect(await refusedFields(`${address}?${parameters}`), address).toContain(field);
  });

  it.each([
    [`/summary?${RANGE}&queue=none`, 'queue'],
    [`/summary?${RANGE}&queue=q0&queue=none`, 'queue'],
    [`/summary?${RANGE}&queue=`, 'queue'],
    [`/summary?${RANGE}&queue=%00`, 'queue'],
    [`/summary?${RANGE}&sector=none`, 'sector'],
    [`/agents?${RANGE}&agent=none`, 'agent'],
    [`/top?${RANGE}&agent=SIP/9`, 'agent'],
    [`/summary?${RANGE}&definition=best`, 'definition'],
    [`/summary?${RANGE}&threshold=601`, 'threshold'],
    [`/summary?${RANGE}&threshold=-1`, 'threshold'],
    [`/summary?${RANGE}&threshold=2.5`, 'threshold'],
    [`/summary?${RANGE}&shortAbandon=601`, 'shortAbandon'],
    [`/summary?${RANGE}&compare=never`, 'compare'],
    [`/summary?${RANGE}&groupBy=day`, 'groupBy'],
    [`/waits?${RANGE}&queue=none`, 'queue'],
    [`/waits?${RANGE}&threshold=601`, 'threshold'],
    [`/waits?${RANGE}&compare=previous`, 'compare'],
    [`/trends?${RANGE}&groupBy=decade`, 'groupBy'],
    [`/trends?${RANGE}&groupBy=queue&compare=previous`, 'compare'],
    [`/trends?${RANGE}&groupBy=day&cursor=q0`, 'cursor'],
    [`/trends?${days('2026-01-01', '2026-02-01')}&groupBy=interval`, 'groupBy'],
    [`/trends?${days('2025-01-01', '2026-01-02')}&groupBy=hour`, 'groupBy'],
    [`/trends?${days('2025-01-01', '2026-01-02')}&groupBy=day&timeZone=Asia/Tokyo`, 'timeZone'],
    [`/agents/a0/days?${RANGE}&timeZone=Asia/Tokyo`, 'timeZone'],
    [`/agents?${RANGE}&line=handled&timeZone=Asia/Tokyo`, 'timeZone'],
    [`/agents/a0/days?${days('2026-08-01', '2026-11-01')}`, 'endDate'],
    [`/agents?${RANGE}&limit=0`, 'limit'],
    [`/agents?${RANGE}&limit=1001`, 'limit'],
    [`/top?${RANGE}&metric=agentId`, 'metric'],
    [`/top?${RANGE}&order=ascending`, 'order'],
    [`/top?${RANGE}&minimumSample=-1`, 'minimumSample'],
    [`/top?${RANGE}&cursor=q`, 'cursor'],
  ])('%s', async (address, field) => {
    expect(await refusedFields(address)).toEqual([field]);
  });

  it('10,000 queues in a filter', async () => {
    const queues = Array.from({ length: 10_000 }, (_, i) => `&queue=q${i}`).join('');
    for (const address of ['/summary', '/sectors', '/trends', '/agents', '/top'])
      expect(await refusedFields(`${address}?${RANGE}${queues}`)).toEqual(['queue']);
  });

  it('a threshold of more than ten minutes, with the reason', async () => {
    const answer = await history.get(`/summary?${RANGE}&threshold=900`);
    expect(answer.json().error.issues[0].message).toMatch(/600.*not kept to the second/);
  });
});

describe('what is unusual and right is answered', () => {
  it.each([
    `/summary?${days('2024-02-29', '2024-02-29')}`,
    `/summary?${days('2021-01-01', '2026-01-01')}`,
    `/summary?${days('2999-12-31', '2999-12-31')}`,
    `/summary?${days('1970-01-01', '1970-01-02')}&compare=lastYear`,
    `/summary?${RANGE}&queue=q0&queue=q0`,
    `/summary?${RANGE}&queue=q0&sector=south`,
    `/trends?${days('2021-01-01', '2026-01-01')}&groupBy=month&compare=lastYear`,
    `/trends?${days('2025-01-01', '2026-01-01')}&groupBy=hour`,
    `/trends?${days('2025-12-02', '2026-01-01')}&groupBy=interval`,
    `/trends?${RANGE}&groupBy=hour&timeZone=Asia/Kathmandu`,
    `/agents?${RANGE}&timeZone=Europe/Berlin`,
    `/agents?${RANGE}&agent=a0&agent=a0`,
  ])('%s', async (address) => {
    const answer = await history.get(address);
    expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  });

  it('a queue and a sector that have nothing in common add up to nothing', async () => {
    const { data } = (await history.get(`/summary?${RANGE}&queue=q0&sector=south`)).json();
    expect([data.offered, data.signedInMs, data.serviceLevel]).toEqual([0, 0, null]);
  });

  it('an agent by another of his names is himself', async () => {
    await history.test.ownerSql`
      insert into agent_names (tenant_id, name, rank) values (${history.test.tenantId}, 'Agent/7', 0)`;
    await history.stamp();
    const [one, other] = [
      await history.get(`/agents/Agent%2F7?${RANGE}`),
      await history.get(`/agents/SIP%2F7?${RANGE}`),
    ];
    expect([one.statusCode, one.json().data.agentId]).toEqual([200, 'Agent/7']);
    expect(other.json().data).toEqual(one.json().data);
  });
});
