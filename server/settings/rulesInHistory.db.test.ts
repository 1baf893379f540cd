import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHistory, type History, RANGE } from '../analytics/testing.ts';
import { append } from '../live/testing.ts';

/** Business rules where figures are read: what is decided holds for the next answer, of the wall and of history. */

let history: History;
let bearer: { authorization: string };
beforeAll(async () => {
  history = await createHistory(600);
  ({ bearer } = await history.signIn('admin@example.test'));
  const at = Date.now() - 60_000;
  const call = (callId: string) => ({ callId, queue: 'q0' });
  await append(history.test.db, history.test.tenantId, [
    { kind: 'call.queued', occurredAt: at, origin: 'inbound', ...call('l1') },
    { kind: 'call.answered', occurredAt: at + 5_000, agent: 'a0', ...call('l1') },
    { kind: 'call.queued', occurredAt: at, origin: 'inbound', ...call('l2') },
    { kind: 'call.abandoned', occurredAt: at + 9_000, ...call('l2') },
  ]);
}, 60_000);
afterAll(() => history.close());

async function decide(rules: object): Promise<void> {
  const answer = await history.ask('PATCH', '/settings/business-rules', bearer, rules);
  expect(answer.statusCode, answer.body).toBe(200);
}
const past = async (address: string) => {
  const answer = await history.get(`${address}${address.includes('?') ? '&' : '?'}${RANGE}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
/** Of the last half an hour: just after midnight what was a minute ago is not today's. */
const wall = async () => (await history.ask('GET', '/metrics/live?window=last30', bearer)).json().data;

describe('[SL1] business rules hold at once', () => {
  it('the definition: in summary, in sectors and on the wall', async () => {
    await decide({ definition: 'standard' });
    await expect.poll(async () => (await wall()).totals.offered).toBe(2);
    const before = await past('/summary');
    await decide({ definition: 'asterisk' });
    const after = await past('/summary');
    expect(after.data.definition).toBe('asterisk');
    expect(after.data.serviceLevel).not.toBe(before.data.serviceLevel);
    expect(after.data.serviceLevel).toBe((await past('/summary?definition=asterisk')).data.serviceLevel);
    expect((await past('/sectors')).data[0].definition).toBe('asterisk');
    // [SL7] Of those answered, all within.
    await expect.poll(async () => (await wall()).totals.serviceLevel).toBe(1);
    await decide({ definition: 'strict' });
    await expect.poll(async () => (await wall()).totals.serviceLevel).toBe(0.5);
    expect((await past('/summary')).data.definition).toBe('strict');
    await decide({ definition: 'standard' });
  });

  it('[T1] the start of the week: in trends by week', async () => {
    const starts = async () =>
      (await past('/trends?groupBy=week')).data.map((row: { start: string }) => row.start);
    await decide({ weekStart: 1 });
    const mondays = await starts();
    expect(mondays.slice(1).every((start: string) => weekdayOf(start) === 'Monday')).toBe(true);
    await decide({ weekStart: 7 });
    const sundays = await starts();
    expect(sundays).not.toEqual(mondays);
    expect(sundays.slice(1).every((start: string) => weekdayOf(start) === 'Sunday')).toBe(true);
    await decide({ weekStart: 1 });
    expect(await starts()).toEqual(mondays);
  });

  it('[SL0] thresholds and short abandons: exactly, though rows are still stamped with others', async () => {
    await decide({ thresholds: { thresholdSeconds: 45, shortAbandonSeconds: 8 } });
    const { data, meta } = await past('/summary?queue=q0');
    expect(meta.recounting).toBe(true);
    expect(data.thresholds).toEqual({ thresholdSeconds: 45, shortAbandonSeconds: 8 });
    const [counted] = await history.test.ownerSql`
      select count(*)::int as "shortAbandoned" from queue_visits
      where tenant_id = ${history.test.tenantId} and queue_id = 'q0' and outcome = 'abandoned'
        and origin <> 'callback' and wait_ms <= 8000 and entered_at < '2026-11-04'::timestamp at time zone 'Europe/Berlin'`;
    expect(data).toMatchObject(counted ?? {});
    await decide({ thresholds: { thresholdSeconds: 20, shortAbandonSeconds: 5 } });
    expect((await past('/summary?queue=q0')).meta.recounting).toBe(false);
  });

  it('[T4] the minimum sample, and [H4] the days of first contacts', async () => {
    const { data } = await past('/summary');
    expect(data.lowSample).toEqual([]);
    await decide({ minimumSample: 1_000, firstContactDays: 2 });
    const after = (await past('/summary')).data;
    expect(after.lowSample).toEqual(
      expect.arrayContaining(['serviceLevel', 'ahtMs', 'firstContactResolution']),
    );
    expect(after.firstContactDays).toBe(2);
    expect(after.firstContactResolved).toBeGreaterThan(data.firstContactResolved);
    await decide({ minimumSample: 10, firstContactDays: 7 });
    expect((await past('/summary')).data).toEqual(data);
  });

  it('targets: on the front page', async () => {
    const verdicts = async () =>
      (await history.ask('GET', '/analytics/dashboard', bearer)).json().data.periods.today.verdicts;
    await decide({ targets: { asaSeconds: 30 } });
    expect(await verdicts()).toContainEqual(expect.objectContaining({ metric: 'asaMs', target: 30_000 }));
    await decide({ targets: { asaSeconds: null } });
    expect((await verdicts()).map(({ metric }: { metric: string }) => metric)).not.toContain('asaMs');
  });
});

function weekdayOf(start: string): string {
  return new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'Europe/Berlin' }).format(
    new Date(start),
  );
}
