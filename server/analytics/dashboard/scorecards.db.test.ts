import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DashboardAnswer, dashboardAnswer } from '../../../shared/contract/dashboard.ts';
import { inTenant } from '../../db/connect.ts';
import { randomFacts } from '../../history/rollUps/testing.ts';
import { createHistory, type History } from '../testing.ts';

/** What the front page says of agents and of the days of sectors: the days that are over as the database's clock has them. */

let history: History;
const DAY_MS = 86_400_000;

beforeAll(async () => {
  history = await createHistory(0);
  const now = Date.now();
  // Queues in two sectors, and one agent who passes on whatever he takes.
  const facts = randomFacts({ seed: 5, calls: 500, start: now - 34 * DAY_MS, end: now });
  const legs = facts.legs.map((leg) => (leg.identity === 'a0' ? { ...leg, isTransferred: true } : leg));
  await history.remember({ ...facts, legs, pieces: [] }, now);
  await history.test.ownerSql`select refresh_scorecards('0')`;
}, 60_000);
afterAll(() => history.close());

async function page(bearer?: { authorization: string }): Promise<DashboardAnswer> {
  const headers = bearer ?? (await history.signIn('admin@example.test')).bearer;
  const answer = await history.ask('GET', '/analytics/dashboard', headers);
  expect(answer.statusCode, answer.body).toBe(200);
  return dashboardAnswer.parse(answer.json());
}

it('[L10] agents worth a look have the figures of /agents, and say of which days', async () => {
  const { data, meta } = await page();
  const { startDate, endDate } = meta.scorecards ?? {};
  const { data: agents } = (await history.get(`/agents?startDate=${startDate}&endDate=${endDate}`)).json();
  expect(data.agents.length).toBeGreaterThan(0);
  for (const { reasons, ...row } of data.agents) {
    expect(reasons.length).toBeGreaterThan(0);
    expect(agents.find(({ agentId }: { agentId: string }) => agentId === row.agentId)).toMatchObject(row);
  }
  expect(data.agents.map(({ agentId }) => agentId)).toContain('a0');
});

it('[L10] each sector’s days are those /trends has of its queues, by the definition in force', async () => {
  for (const definition of ['standard', 'strict', 'asterisk']) {
    const { tenantId, ownerSql } = history.test;
    await ownerSql`
      update settings set definition = ${definition}, version = version + 1 where tenant_id = ${tenantId}`;
    const { data } = await page();
    const north = data.sectors.find(({ sectorId }) => sectorId === 'north');
    const [first, last] = [north?.days[0], north?.days.at(-1)];
    expect(north?.days.length).toBeGreaterThan(25);
    const address = `/trends?groupBy=day&sector=north&startDate=${first?.date}&endDate=${last?.date}`;
    const { data: days } = (await history.get(address)).json();
    const told = days
      .filter((day: { offered: number; refused: number; missedRings: number }) =>
        [day.offered, day.refused, day.missedRings].some((count) => count > 0),
      )
      .map((day: (typeof days)[number]) => [
        day.offered,
        day.answered,
        day.abandoned,
        day.serviceLevel,
        day.ahtMs,
      ]);
    expect(
      north?.days.map((day) => [day.offered, day.answered, day.abandoned, day.serviceLevel, day.ahtMs]),
    ).toEqual(told);
  }
});

it('[S46] a supervisor sees the agents and sectors that are his', async () => {
  await history.addAccount('south@example.test', 'supervisor', ['south']);
  const { bearer } = await history.signIn('south@example.test');
  const { data } = await page(bearer);
  expect(data.sectors.map(({ sectorId }) => sectorId)).toEqual(['south']);
  expect(data.agents.filter(({ sectorId }) => sectorId !== 'south')).toEqual([]);
});

it('[S46] [T9] a queue that moves is in no days of the sector it left, nor is its new one without it', async () => {
  const { tenantId, db, ownerSql } = history.test;
  const moveTo = (sector: string) =>
    inTenant(
      db,
      tenantId,
      (tx) => tx`update queues set sector_id = ${sector} where tenant_id = ${tenantId} and id = 'q1'`,
    );
  await history.addAccount('left@example.test', 'supervisor', ['south']);
  const { bearer } = await history.signIn('left@example.test');
  const daysOf = async () => {
    const { data } = await page(bearer);
    return data.sectors[0]?.days ?? [];
  };
  const sum = (days: Awaited<ReturnType<typeof daysOf>>) =>
    days.reduce((all, { offered }) => all + offered, 0);
  const before = await daysOf();
  expect(before.length).toBeGreaterThan(25);
  await moveTo('south');
  expect(await daysOf()).toEqual([]);
  await ownerSql`select refresh_scorecards('0')`;
  const both = await daysOf();
  expect(sum(both)).toBeGreaterThan(sum(before));
  await moveTo('north');
  expect(await daysOf()).toEqual([]);
  await ownerSql`select refresh_scorecards('0')`;
  expect(await daysOf()).toEqual(before);
});
