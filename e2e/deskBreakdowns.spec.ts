import { expect, type Page, test } from '@playwright/test';
import { postEvents } from './testing/api.ts';
import { type Desk, startDesk } from './testing/desk.ts';
import { hold } from './testing/hold.ts';
import { expectAccessible } from './testing/page.ts';

/** What figures of performance are made of, each page held to SQL over the visits. */

let desk: Desk;
/** Of the day that something happened on, and of its month. */
let day: string;
let month: string;

test.beforeAll(async () => {
  desk = await startDesk();
  const { badDay } = desk.year;
  day = `performance?start=${badDay}&end=${badDay}`;
  const last = new Date(Date.UTC(Number(badDay.slice(0, 4)), Number(badDay.slice(5, 7)), 0));
  month = `performance?start=${badDay.slice(0, 8)}01&end=${last.toISOString().slice(0, 10)}`;
  const before = Number((await desk.sql`select count(*)::int as n from queue_visits`)[0]?.n);
  await postEvents(desk.cabled.server.url, await desk.api.createKey(), eventful(badDay));
  await expect
    .poll(async () =>
      Number((await desk.sql`select count(*)::int as n from queue_visits where outcome <> 'open'`)[0]?.n),
    )
    .toBe(before + 8);
  // Figures by day follow the visits.
  await expect
    .poll(async () => (await desk.summary(`startDate=${badDay}&endDate=${badDay}`)).transferred)
    .toBe(2);
});
test.afterAll(() => desk?.dispose());

/** Two calls of seconds, two transfers, of which one into a queue, and two who give up, of whom one comes back. */
function eventful(date: string): object[] {
  const events: object[] = [];
  const at = (time: string) => Date.parse(`${date}T${time}Z`);
  const say = (time: string, event: object) =>
    events.push({
      ...{ source: 'pbx', sourceKey: `b-${events.length}`, sourceOrder: 10_000 + events.length },
      occurredAt: at(time),
      ...event,
    });
  const talk = (
    callId: string,
    queue: string,
    caller: string,
    [from, answered, ended]: [string, string, string],
  ) => {
    say(from, { kind: 'call.queued', callId, queue, caller });
    say(answered, { kind: 'call.answered', callId, queue, agent: 'Ann' });
    if (ended !== '') say(ended, { kind: 'call.ended', callId, queue, agent: 'Ann', by: 'caller' });
  };
  talk('short-1', 'support', '+493055501', ['13:00:00', '13:00:05', '13:00:14']);
  talk('short-2', 'sales', '+493055502', ['13:02:00', '13:02:05', '13:02:06']);
  talk('sent-1', 'sales', '+493055503', ['13:10:00', '13:10:05', '']);
  say('13:11:00', {
    kind: 'call.transferred',
    callId: 'sent-1',
    queue: 'sales',
    agent: 'Ann',
    to: 'support',
    toKind: 'queue',
  });
  talk('sent-1', 'support', '+493055503', ['13:11:01', '13:11:10', '13:12:00']);
  talk('sent-2', 'support', '+493055504', ['13:20:00', '13:20:05', '']);
  say('13:21:00', {
    kind: 'call.transferred',
    callId: 'sent-2',
    queue: 'support',
    agent: 'Ann',
    to: '+49891234',
    toKind: 'external',
  });
  for (const [callId, caller, from, left] of [
    ['gone-1', '+493055505', '13:30:00', '13:31:00'],
    ['gone-2', '+493055506', '13:32:00', '13:33:00'],
  ] as const) {
    say(from, { kind: 'call.queued', callId, queue: 'support', caller });
    say(left, { kind: 'call.left', callId, queue: 'support', outcome: 'abandoned' });
  }
  talk('back-1', 'support', '+493055505', ['13:40:00', '13:40:08', '13:42:00']);
  return events;
}

const table = (page: Page) => page.getByRole('table');
const cellsOf = (page: Page, row: RegExp) => table(page).getByRole('row', { name: row }).getByRole('cell');

test('[T5] a cell of the week leads to its days, and a day to its calls, by keyboard', async ({ page }) => {
  await desk.open(page, `${month}&tab=pattern`);
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' }).format(
    desk.year.badFrom,
  );
  const heat = table(page).first();
  const row = heat.getByRole('row', { name: new RegExp(`^${weekday}`) });
  await row.getByRole('link').first().focus();
  await expect(page.getByText(/calls offered in \d such day/)).toBeVisible();
  const cell = `cell=${new Date(desk.year.badFrom).getUTCDay() || 7}-600`;
  await row.locator(`a[href*="${cell}"]`).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(cell));
  const days = page.getByRole('region', { name: /10:00 – 11:00$/ }).first();
  const [told] = await desk.sql`
    select count(*)::int as offered, (count(*) filter (where outcome = 'abandoned'))::int as abandoned from queue_visits
    where entered_at >= ${`${desk.year.badDay}T10:00:00Z`} and entered_at < ${`${desk.year.badDay}T11:00:00Z`}`;
  const name = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    desk.year.badFrom,
  );
  const figures = days.getByRole('row', { name: new RegExp(name) }).getByRole('cell');
  await expect(figures.nth(0)).toHaveText(String(told?.offered));
  await expect(figures.nth(2)).toContainText(String(told?.abandoned));
  await expectAccessible(page);
  await days
    .getByRole('row', { name: new RegExp(name) })
    .getByRole('rowheader')
    .getByRole('link')
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/\d{4}, 10:00\s?–\s?11:00$/);
  await expect(table(page).getByRole('row')).toHaveCount(1 + Number(told?.offered));
});

test('[T5] another cell shows nothing of the one before', async ({ page }) => {
  await desk.open(page, `${month}&tab=pattern`);
  const weekday = new Date(desk.year.badFrom).getUTCDay() || 7;
  const cell = (minutes: number) => table(page).first().locator(`a[href*="cell=${weekday}-${minutes}"]`);
  const days = (name: RegExp) => page.getByRole('region', { name });
  await cell(600).click();
  await expect(days(/10:00 – 11:00$/).first()).toBeVisible();
  const { release } = await hold(page, /pattern\/days\?.*startMinutes=660/);
  await cell(660).click();
  await expect(page).toHaveURL(new RegExp(`cell=${weekday}-660`));
  await expect(days(/10:00 – 11:00$/)).toHaveCount(0);
  await expect(days(/11:00 – 12:00$/)).toHaveCount(0);
  release();
  await expect(days(/11:00 – 12:00$/).first()).toBeVisible();
});

test('[T2] agents have a line of what they handled day by day', async ({ page }) => {
  await desk.open(page, `${month}&tab=agents`);
  const [most] = await desk.sql`
    select max(n)::int as n from (
      select count(*) as n from agent_metrics where kind = 'answered'
        and date_trunc('month', started_at) = date_trunc('month', ${desk.year.badDay}::timestamptz)
      group by started_at::date) as days`;
  await expect(
    table(page)
      .getByRole('row', { name: /^Ann/ })
      .getByRole('img', { name: new RegExp(`to ${most?.n},`) }),
  ).toBeVisible();
  await expect(table(page).getByRole('columnheader', { name: 'Handled by day' })).toBeVisible();
  await expectAccessible(page);
});

test('[H5] calls under 10 s by queue and agent lead to those calls, and are explained', async ({ page }) => {
  await desk.open(page, `${day}&tab=short`);
  const told = await desk.sql`
    select queue_id as queue, count(*)::int as answered, (count(*) filter (where talk_ms < 10000))::int as short
    from queue_visits where outcome = 'answered' and entered_at::date = ${desk.year.badDay}::date group by 1`;
  for (const { queue, answered, short } of told) {
    await expect(cellsOf(page, new RegExp(`^${queue}`)).nth(0)).toHaveText(String(answered));
    await expect(cellsOf(page, new RegExp(`^${queue}`)).nth(1)).toHaveText(String(short));
  }
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Agents' }).last().click();
  await expect(cellsOf(page, /^Ann/).nth(1)).toHaveText('2');
  await cellsOf(page, /^Ann/).nth(2).getByRole('link').click();
  await expect(
    page.getByRole('region', { name: 'How it came about: Share of calls under 10 s' }),
  ).toContainText('under 10 s / answered');
  await page.getByRole('rowheader', { name: 'Ann' }).getByRole('link').click();
  await expect(table(page).getByRole('row')).toHaveCount(1 + 2);
});

test('[H5] by agent they are of the days of the zone chosen, under their own heading until others are here', async ({
  page,
}) => {
  // Eleven hours behind UTC: of the calls from ten o'clock on, the day has none.
  const zone = 'Pacific/Pago_Pago';
  await desk.open(page, `${day}&tab=short&timeZone=${zone}`);
  const first = table(page).getByRole('columnheader').first();
  await expect(first).toHaveText('Queue');
  const { release } = await hold(page, /short-calls\?.*groupBy=agent/);
  await page.getByRole('link', { name: 'Agents' }).last().click();
  await expect(page).toHaveURL(/by=agent/);
  await expect(page.locator('section[aria-busy="true"]')).toHaveCount(1);
  await expect(first).toHaveText('Queue');
  release();
  await expect(first).toHaveText('Agent');
  const [told] = await desk.sql`
    select count(*)::int as answered, (count(*) filter (where talk_ms < 10000))::int as short from queue_visits
    where outcome = 'answered' and (entered_at at time zone ${zone})::date = ${desk.year.badDay}::date`;
  await expect(cellsOf(page, /^Ann/).nth(0)).toHaveText(String(told?.answered));
  await expect(cellsOf(page, /^Ann/).nth(1)).toHaveText(String(told?.short));
  await page.getByRole('rowheader', { name: 'Ann' }).getByRole('link').click();
  await expect(table(page).getByRole('row')).toHaveCount(1 + Number(told?.short));
});

test('[H6] transfers are told by where they went', async ({ page }) => {
  await desk.open(page, `${day}&tab=transfers`);
  await expect(cellsOf(page, /^support/).nth(0)).toHaveText('1');
  await expect(cellsOf(page, /^Extension or outside/).nth(1)).toHaveText('50.0%');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Routes' }).click();
  await table(page).getByRole('link', { name: 'sales → support' }).click();
  await expect(page.getByText('Transferred to support.')).toBeVisible();
  await expect(table(page).getByRole('row')).toHaveCount(1 + 1);
});

test('[V12] of those who gave up, who called back and was answered is told, and listed', async ({ page }) => {
  await desk.open(page, `${day}&tab=returns`);
  const [told] = await desk.sql`
    select (count(*) filter (where outcome = 'abandoned'))::int as abandoned from queue_visits
    where queue_id = 'support' and entered_at::date = ${desk.year.badDay}::date`;
  await expect(cellsOf(page, /^support/).nth(0)).toHaveText(String(told?.abandoned));
  await expect(cellsOf(page, /^support/).nth(2)).toHaveText('1');
  await expectAccessible(page);
  await table(page).getByRole('link', { name: 'support' }).click();
  await expect(table(page).getByRole('row')).toHaveCount(1 + 1);
});

test('[SL8] intervals on target by queue, and on to days', async ({ page }) => {
  await desk.open(page, `${day}&tab=target`);
  // Standard, within 20 s, short abandons up to 5 s left out; of what waits nothing is left.
  const told = await desk.sql`
    select queue_id as queue, count(*)::int as intervals, (count(*) filter (where level >= 0.8))::int as kept from (
      select queue_id, date_bin('15 minutes', entered_at, 'epoch') as step,
        (count(*) filter (where outcome = 'answered' and wait_ms <= 20000))::float8
          / nullif(count(*) filter (where not (outcome = 'abandoned' and wait_ms <= 5000)), 0) as level
      from queue_visits where entered_at::date = ${desk.year.badDay}::date group by 1, 2) as step
    where level is not null group by 1`;
  for (const { queue, intervals, kept } of told) {
    await expect(cellsOf(page, new RegExp(`^${queue}`)).nth(0)).toHaveText(String(intervals));
    await expect(cellsOf(page, new RegExp(`^${queue}`)).nth(1)).toHaveText(String(kept));
  }
  await expectAccessible(page);
  await table(page).getByRole('link', { name: 'support' }).click();
  await expect(page).toHaveURL(/queue=support/);
  await page.getByRole('link', { name: 'Weekdays and hours' }).click();
  await table(page)
    .getByRole('link', { name: /10:00$/ })
    .click();
  await expect(page.getByRole('region', { name: /10:00 – 11:00$/ }).first()).toBeVisible();
});

test('[R1] a 0 on the wall opens how it came about, though nothing happened today', async ({ page }) => {
  await desk.open(page, '');
  const tile = page.getByRole('region', { name: 'Offered' });
  await expect(tile.getByRole('link')).toHaveText('0');
  await tile.getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Offered: 0' })).toBeVisible();
});
