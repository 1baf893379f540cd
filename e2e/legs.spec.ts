import { expect, test } from '@playwright/test';
import { postEvents } from './testing/api.ts';
import { type Desk, startDesk } from './testing/desk.ts';
import { expectAccessible } from './testing/page.ts';

let desk: Desk;

test.beforeAll(async () => {
  desk = await startDesk();
});
test.afterAll(() => desk?.dispose());

test('[A6] the rings nobody took behind a figure are listed as long as it says, each beside its call', async ({
  page,
}) => {
  const { badDay, badFrom } = desk.year;
  const rings = [0, 1, 2].flatMap((place) => {
    const call = { source: 'pbx', callId: `lazy-${place}`, queue: 'support' };
    const at = badFrom + (200 + place) * 60_000;
    return [
      { ...call, sourceKey: `lazy-${place}-a`, occurredAt: at, kind: 'call.queued' },
      { ...call, sourceKey: `lazy-${place}-b`, occurredAt: at + 15_000, kind: 'call.missed', agent: 'Ann' },
      {
        ...call,
        sourceKey: `lazy-${place}-c`,
        occurredAt: at + 20_000,
        kind: 'call.left',
        outcome: 'abandoned',
      },
    ];
  });
  await postEvents(desk.cabled.server.url, await desk.api.createKey(), rings);
  const missed = () => desk.summary(`startDate=${badDay}&endDate=${badDay}`).then((row) => row.missedRings);
  await expect.poll(missed).toBe(3);

  await desk.open(
    page,
    `performance?start=${badDay}&end=${badDay}&tab=queues&explain=missedRings&row=support`,
  );
  const explained = page.getByRole('region', { name: 'How it came about: Missed rings' });
  await explained.getByRole('link', { name: '3', exact: true }).first().click();
  await expect(page).toHaveURL(/#\/legs\?kind=missed/);
  const list = page.getByRole('region', { name: 'Rings that nobody took' }).last();
  await expect(list).toContainText('3 in all');
  const table = list.getByRole('table');
  const told = await desk.sql`
    select call_id, identity from agent_metrics where kind = 'missed' and counted_at::date = ${badDay}::date
    order by counted_at desc`;
  await expect(table.getByRole('row')).toHaveCount(1 + told.length);
  for (const [place, { identity }] of told.entries())
    await expect(table.getByRole('row').nth(1 + place)).toContainText(identity);
  await expectAccessible(page);
  await table.getByRole('row').nth(1).getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`#/calls/${told[0]?.call_id}$`));
});

test('[T8] agents have a column of the time that was closed, queues one of the calls outside hours', async ({
  page,
}) => {
  const days = `performance?start=${desk.year.badDay}&end=${desk.year.badDay}`;
  await desk.open(page, `${days}&tab=agents`);
  for (const [tab, name] of [
    ['agents', 'Available while closed'],
    ['queues', 'Outside opening hours'],
  ] as const) {
    await page.goto(`${desk.cabled.server.url}/#/${days}&tab=${tab}`);
    const header = page.getByRole('table').getByRole('columnheader', { name });
    await expect(page.getByRole('table')).toBeVisible();
    await expect(header).toBeHidden();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel(name).check();
    await expect(header).toBeVisible();
    await page.keyboard.press('Escape');
  }
});
