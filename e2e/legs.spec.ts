import { readFile } from 'node:fs/promises';
import { type Download, expect, test } from '@playwright/test';
import { DAY_MS, postEvents } from './testing/api.ts';
import { type Desk, startDesk } from './testing/desk.ts';
import { expectAccessible } from './testing/page.ts';

const MINUTE_MS = 60_000;

let desk: Desk;

test.beforeAll(async () => {
  desk = await startDesk();
});
test.afterAll(() => desk?.dispose());

const missedRings = async (startDate: string, endDate: string): Promise<number> =>
  (await desk.summary(new URLSearchParams({ startDate, endDate }).toString())).missedRings;

const linesOf = async (file: Download): Promise<number> =>
  (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n').length;

test('[A6] the rings nobody took behind a figure are listed as long as it says, each beside its call', async ({
  page,
}) => {
  const { badDay, badFrom } = desk.year;
  const nextDay = new Date(badFrom + DAY_MS).toISOString().slice(0, 10);
  // Told out of order, of two agents and two days.
  const rings = [
    { agent: 'Ben', at: badFrom + DAY_MS },
    { agent: 'Ann', at: badFrom + 200 * MINUTE_MS },
    { agent: 'Ben', at: badFrom + 201 * MINUTE_MS },
  ];
  const events = rings.flatMap(({ agent, at }, place) => {
    const call = { source: 'pbx', callId: `lazy-${place}`, queue: 'support' };
    return [
      { ...call, sourceKey: `lazy-${place}-a`, occurredAt: at, kind: 'call.queued' },
      { ...call, sourceKey: `lazy-${place}-b`, occurredAt: at + 15_000, kind: 'call.missed', agent },
      {
        ...call,
        sourceKey: `lazy-${place}-c`,
        occurredAt: at + 20_000,
        kind: 'call.left',
        outcome: 'abandoned',
      },
    ];
  });
  await postEvents(desk.cabled.server.url, await desk.api.createKey(), events);
  await expect.poll(() => missedRings(badDay, nextDay)).toBe(3);

  await desk.open(
    page,
    `performance?start=${badDay}&end=${nextDay}&tab=queues&explain=missedRings&row=support`,
  );
  const explained = page.getByRole('region', { name: 'How it came about: Missed rings' });
  await explained.getByRole('link', { name: '3', exact: true }).first().click();
  await expect(page).toHaveURL(/#\/legs\?kind=missed/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^14\s?–\s?15 \w+ \d{4}$/);
  const list = page.getByRole('region', { name: 'Rings that nobody took' }).last();
  await expect(list).toContainText('3 in all');
  const rows = list.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(1 + 3);
  for (const [place, [callId, day, time, agent]] of [
    ['lazy-0', 15, '10:00', 'Ben'],
    ['lazy-2', 14, '13:21', 'Ben'],
    ['lazy-1', 14, '13:20', 'Ann'],
  ].entries()) {
    const row = rows.nth(1 + place);
    await expect(row).toHaveText(new RegExp(`^${day} \\w+ \\d{4},? ${time}${agent}support$`));
    await expect(row.getByRole('link')).toHaveAttribute('href', `#/calls/${callId}`);
  }
  await expectAccessible(page);
  await rows.nth(1).getByRole('link').click();
  await expect(page).toHaveURL(/#\/calls\/lazy-0$/);
});

test('[A6] when all there is has been shown, the focus is on the list and not lost', async ({ page }) => {
  const { badFrom } = desk.year;
  const at = badFrom + 2 * DAY_MS;
  const day = new Date(at).toISOString().slice(0, 10);
  const call = { source: 'pbx', callId: 'long-ring', queue: 'support' };
  const events = [
    { ...call, sourceKey: 'long-queued', occurredAt: at, kind: 'call.queued' },
    ...Array.from({ length: 101 }, (_, nth) => ({
      ...{ ...call, sourceKey: `long-${nth}`, occurredAt: at + (nth + 1) * 1_000 },
      ...{ kind: 'call.missed', agent: 'Ben' },
    })),
    { ...call, sourceKey: 'long-left', occurredAt: at + 200_000, kind: 'call.left', outcome: 'abandoned' },
  ];
  await postEvents(desk.cabled.server.url, await desk.api.createKey(), events);
  await expect.poll(() => missedRings(day, day)).toBe(101);
  await desk.open(page, `legs?kind=missed&start=${day}&end=${day}`);
  const list = page.getByRole('region', { name: 'Rings that nobody took' }).last();
  await expect(list).toContainText('the latest 100');
  const begun = page.waitForEvent('download');
  await list.getByRole('button', { name: 'CSV' }).click();
  expect(await linesOf(await begun)).toBe(1 + 101);
  await list.getByRole('button', { name: 'Show more' }).focus();
  await page.keyboard.press('Enter');
  await expect(list).toContainText('101 in all');
  await expect(list.getByRole('table').getByRole('row')).toHaveCount(1 + 101);
  await expect(list.getByRole('button', { name: 'Show more' })).toBeHidden();
  await expect(list.getByRole('group', { name: 'Rings that nobody took' })).toBeFocused();
});

test('[A6] what the address of a list asks for that there is not is left out, and told', async ({ page }) => {
  const { badDay } = desk.year;
  await desk.open(page, `legs?kind=outbuond&queue=nowhere&start=${badDay}&end=${badDay}`);
  await expect(page.getByRole('status').filter({ hasText: 'left out' })).toHaveText(
    /“outbuond” cannot be chosen here.*no queue “nowhere” here/,
  );
  await expect(page.getByRole('region', { name: 'Rings that nobody took' }).last()).toBeVisible();
  await expectAccessible(page);
});

test('calls and rings are saved whole, and told by the clock of another zone where days are of that', async ({
  page,
}) => {
  const { badDay } = desk.year;
  const inTokyo = `start=${badDay}&end=${badDay}&timeZone=Asia/Tokyo`;
  await desk.open(page, `calls?${inTokyo}&outcome=abandoned`);
  await expect(page.getByRole('main')).toContainText('Days and times of Asia/Tokyo');
  const list = page.getByRole('region', { name: 'Calls' }).last();
  const rows = list.getByRole('table').getByRole('row');
  const [given] = await desk.sql`
    select count(*)::int as up from queue_visits where outcome = 'abandoned'
      and (entered_at at time zone 'Asia/Tokyo')::date = ${badDay}::date`;
  await expect(rows).toHaveCount(1 + given?.up);
  // Ten o'clock UTC is nineteen o'clock in Tokyo.
  await expect(rows.last().getByRole('link')).toHaveText(/^19:\d\d:\d\d$/);
  const begun = page.waitForEvent('download');
  const save = list.getByRole('button', { name: 'CSV' });
  await save.press('Enter');
  expect(await linesOf(await begun)).toBe(1 + given?.up);
  await expect(save).toHaveAttribute('aria-disabled', 'false');
  await expect(save).toBeFocused();
  await expectAccessible(page);

  // So is one of the calls, and the list its page leads back to.
  await rows.last().getByRole('link').click();
  await expect(page.getByRole('main')).toContainText('Days and times of Asia/Tokyo');
  await expect(page.getByRole('region', { name: 'What happened' }).locator('time').first()).toHaveText(
    /^19:/,
  );
  await page.getByRole('link', { name: 'Calls of this quarter of an hour' }).click();
  await expect(page).toHaveURL(/calls\?from=.*timeZone=Asia%2FTokyo/);

  // And those behind a figure of such a day, which is one day there and two here.
  await page.goto(`${desk.cabled.server.url}/#/performance?${inTokyo}&explain=abandoned`);
  const explained = page.getByRole('region', { name: 'How it came about: Abandoned' });
  await explained.locator('dd').getByRole('link').first().click();
  await expect(page).toHaveURL(/calls\?from=/);
  await expect(page.getByRole('main')).toContainText('Days and times of Asia/Tokyo');
  await page.getByRole('link', { name: /^Back to / }).click();
  await expect(page).toHaveURL(
    new RegExp(`performance\\?start=${badDay}&end=${badDay}&.*timeZone=Asia%2FTokyo`),
  );
});

test('[T8] agents have a column of the time that was closed, queues one of the calls outside hours', async ({
  page,
}) => {
  const days = `performance?start=${desk.year.badDay}&end=${desk.year.badDay}`;
  await desk.open(page, `${days}&tab=agents`);
  for (const [tab, title, name] of [
    ['agents', 'Agents', 'Available while closed'],
    ['queues', 'Queues', 'Outside opening hours'],
  ] as const) {
    await page.goto(`${desk.cabled.server.url}/#/${days}&tab=${tab}`);
    // Of the tab asked for: the one before stays on screen for a moment.
    const region = page.getByRole('region', { name: title, exact: true });
    const header = region.getByRole('table').getByRole('columnheader', { name });
    await expect(region.getByRole('table')).toBeVisible();
    await expect(header).toBeHidden();
    await region.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel(name).check();
    await expect(header).toBeVisible();
    await page.keyboard.press('Escape');
  }
});
