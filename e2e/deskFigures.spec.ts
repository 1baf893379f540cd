import { expect, type Locator, test } from '@playwright/test';
import { type Desk, startDesk } from './testing/desk.ts';
import { expectAccessible, expectAt } from './testing/page.ts';

let desk: Desk;

test.beforeAll(async () => {
  desk = await startDesk();
});
test.afterAll(() => desk?.dispose());

test('[T4] any figure of a table opens how it came about, by keyboard too, and closing leads back to it', async ({
  page,
}) => {
  const day = `performance?start=${desk.year.badDay}&end=${desk.year.badDay}`;
  await desk.open(page, `${day}&tab=queues`);
  const table = page.getByRole('table');
  await table.getByRole('link', { name: 'support' }).focus();
  await page.keyboard.press('ArrowRight');
  for (let column = 0; column < 2; column++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const explained = page.getByRole('region', { name: 'How it came about: Abandoned' });
  const [told] = await desk.sql`
    select count(*)::int as abandoned from queue_visits
    where queue_id = 'support' and outcome = 'abandoned' and entered_at::date = ${desk.year.badDay}::date`;
  await expect(explained.getByRole('heading', { level: 2 })).toHaveText(
    `supportAbandoned: ${told?.abandoned}`,
  );
  await expect(page).toHaveURL(/explain=abandoned&row=support/);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(explained).toBeHidden();
  await expect(table.getByRole('row', { name: /^support/ }).locator('a:focus')).toHaveText(
    `${told?.abandoned}`,
  );
  await page.keyboard.press('Enter');
  await explained
    .getByRole('link', { name: `${told?.abandoned}`, exact: true })
    .first()
    .click();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(1 + Number(told?.abandoned));

  // Of a quarter of an hour, of an agent, of all together, and of a queue of an agent.
  const start = new Date(desk.year.badFrom).toISOString();
  for (const [address, title, text] of [
    [`${day}&explain=offered&row=${encodeURIComponent(start)}`, 'Offered', '10:00'],
    [`${day}&tab=agents&explain=answered&row=Ann`, 'Answered', 'Ann'],
    [`${day}&tab=agents&agent=Ann&explain=answered&row=on%20${desk.year.badDay}`, 'Answered', 'Ann, '],
    [`${day}&tab=top&explain=answered&row=Ann`, 'Answered', 'Ann'],
    [
      `${day}&tab=agents&agent=Ann&explain=answered&row=${encodeURIComponent('in support')}`,
      'Answered',
      'Ann, support',
    ],
  ] as const) {
    await page.goto(`${desk.cabled.server.url}/#/${address}`);
    await expectAt(page, address);
    await expect(
      page.getByRole('region', { name: `How it came about: ${title}` }).getByRole('heading', { level: 2 }),
      address,
    ).toHaveText(new RegExp(`^${text}.*${title}: \\d`));
  }
  await page.goto(`${desk.cabled.server.url}/#/${day}&tab=queues`);
  await table
    .getByRole('row', { name: /^Together/ })
    .getByRole('link')
    .first()
    .click();
  await expect(page.getByRole('region', { name: 'How it came about: Offered' })).toBeVisible();
});

test('a headline figure opens and closes by keyboard, and whoever goes on to its calls is there', async ({
  page,
}) => {
  await desk.open(page, `performance?start=${desk.year.badDay}&end=${desk.year.badDay}`);
  const opens = page
    .getByRole('region', { name: 'Headline figures' })
    .getByRole('link', { name: 'Offered: how it came about' });
  const explained = page.getByRole('region', { name: 'How it came about: Offered' });
  await opens.focus();
  await page.keyboard.press('Enter');
  await expect(explained.getByRole('heading', { level: 2 })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(explained).toBeHidden();
  await expect(opens).toBeFocused();
  await page.keyboard.press('Enter');
  const calls = explained.getByRole('definition').getByRole('link').first();
  await calls.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/calls\?/);
  await expect(page.getByRole('table')).toBeVisible();
});

test('a row that scrolls out of sight leaves the focus with its table', async ({ page }) => {
  const month = desk.year.badDay.slice(0, 7);
  await desk.open(page, `performance?start=${month}-01&end=${month}-28&step=hour`);
  const table = page.getByRole('group', { name: 'Hours' });
  const row = table.getByRole('row').nth(3).getByRole('rowheader').getByRole('link');
  await row.focus();
  await expect(row).toBeFocused();
  await table.evaluate((box) => {
    box.scrollTop = box.scrollHeight / 2;
  });
  await expect(table).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(table.locator('a:focus')).toBeVisible();
});

test('[SL1] [V7] waits by length: the slider tells the service level at any threshold, a bar leads to its calls', async ({
  page,
}) => {
  await desk.open(
    page,
    `performance?start=${desk.year.badDay}&end=${desk.year.badDay}&queue=support&tab=waits`,
  );
  const slider = page.getByLabel('Service level within so many seconds');
  await expect(slider).toHaveValue('20');
  await slider.focus();
  for (let second = 20; second < 24; second++) await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/within=24/);
  const [told] = await desk.sql`
    select count(*) filter (where outcome = 'answered' and wait_ms <= 24000)::float8
      / count(*) filter (where not (outcome = 'abandoned' and wait_ms <= 5000)) as level
    from queue_visits where queue_id = 'support' and entered_at::date = ${desk.year.badDay}::date`;
  const level = `${(Number(told?.level) * 100).toFixed(1)}%`;
  await expect(page.getByText('service level within 24 s, Standard')).toContainText(level);
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByText('service level within 24 s, Standard')).toContainText(level);

  // The headline stays by the rule in force until the whole page is told by another.
  const headlines = page.getByRole('region', { name: 'Headline figures' });
  await expect(headlines).toContainText('within 20 s');
  await page.getByRole('link', { name: 'Tell the whole page by 24 s' }).click();
  await expect(headlines).toContainText('within 24 s');
  await expect(headlines).toContainText(level);

  const bar = page.getByRole('link', { name: /^0:20 to 0:22: 1 answered/ });
  const [among] = await desk.sql`
    select count(*)::int as n from queue_visits
    where queue_id = 'support' and entered_at::date = ${desk.year.badDay}::date and wait_ms > 20000 and wait_ms <= 22000`;
  await bar.click();
  await expect(page.getByText('Waited 0:20 to 0:22.')).toBeVisible();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(1 + Number(among?.n));
});

test('a link is a view: tables, columns, filters and rules stand in the address or in the browser, and a file is what is shown', async ({
  page,
}) => {
  await desk.open(
    page,
    `performance?start=${desk.year.badDay}&end=${desk.year.badDay}&tab=queues&sort=offered`,
  );
  const table = page.getByRole('table');
  await expect(table.getByRole('row').nth(1)).toContainText('sales');
  await table.getByRole('link', { name: /^Offered/ }).click();
  await expect(table.getByRole('row').nth(1)).toContainText('support');
  await expect(page).toHaveURL(/sort=-offered/);

  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByLabel('Longest wait').check();
  await expect(table.getByRole('columnheader', { name: 'Longest wait' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(table.getByRole('columnheader', { name: 'Longest wait' })).toBeVisible();

  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe(`queues-${desk.year.badDay}.csv`);
  const [longest] = await desk.sql`
    select max(wait_ms) / 1000.0 as seconds from queue_visits
    where queue_id = 'support' and entered_at::date = ${desk.year.badDay}::date`;
  const text = (await (await file.createReadStream()).toArray()).join('');
  expect(text).toContain('Queue,Offered,');
  expect(text).toMatch(new RegExp(`support,6,3,3,.*,${Number(longest?.seconds)}\r\n`));

  await page.getByRole('button', { name: 'Rules of service level' }).click();
  await page.getByLabel('Answered within, s').fill('60');
  await page.getByLabel('Answered within, s').press('Enter');
  await expect(page).toHaveURL(/threshold=60/);
  const { serviceLevel } = await desk.summary(
    `startDate=${desk.year.badDay}&endDate=${desk.year.badDay}&threshold=60`,
  );
  await expect(page.getByRole('region', { name: 'Headline figures' })).toContainText(
    `${((serviceLevel ?? 0) * 100).toFixed(1)}%`,
  );
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Queues: ' }).click();
  // The address holds the choice: the box follows it.
  await page.getByLabel('sales').click();
  await expect(page.getByLabel('sales')).toBeChecked();
  await expect(page).toHaveURL(/queue=sales/);
  await expect(page.getByRole('region', { name: 'Headline figures' })).toContainText(/Offered1calls/);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Agents', exact: true }).click();
  await page.getByRole('table').getByRole('link', { name: 'Ann' }).click();
  await expect(page.getByRole('region', { name: 'Ann' })).toContainText('Talking');
  const daily = page.getByRole('table', { name: 'Day by day' });
  await expect(daily.getByRole('row')).toHaveCount(2);
  const [there] = await desk.sql`
    select to_char(min(started_at) at time zone 'UTC', 'HH24:MI') || ' – ' || to_char(max(ended_at) at time zone 'UTC', 'HH24:MI') as hours
    from agent_intervals where identity = 'Ann' and started_at::date = ${desk.year.badDay}::date`;
  await expect(daily.getByRole('row').last()).toContainText(there?.hours);
  await page.getByRole('link', { name: 'Outcomes' }).click();
  await page.getByRole('link', { name: 'Answered', exact: true }).last().click();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('Calls counted as: Answered');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
});

test('[T1] a month by quarters of an hour is told by its days: one is pressed, several are dragged over', async ({
  page,
}) => {
  const { badDay } = desk.year;
  const last = new Date(Date.UTC(Number(badDay.slice(0, 4)), Number(badDay.slice(5, 7)), 0)).getUTCDate();
  const month = `performance?start=${badDay.slice(0, 8)}01&end=${badDay.slice(0, 8)}${last}`;
  await desk.open(page, `${month}&step=interval&metric=offered`);
  const days = page.getByRole('group', { name: /Steps of the chart/ }).getByRole('link');
  await expect(days).toHaveCount(last);
  const [told] = await desk.sql`
    select count(*) filter (where entered_at < to_timestamp(${desk.year.badFrom / 1_000 + 900}))::int as most
    from queue_visits where entered_at::date = ${badDay}::date`;
  const bad = days.nth(Number(badDay.slice(8)) - 1);
  // From its first call to its last there are quarters of an hour without any.
  await expect(bad).toHaveText(new RegExp(`: Offered 0 in the middle, 0 to ${told?.most}$`));
  await expectAccessible(page);

  const box = async (at: Locator) => {
    const { x, y, width, height } = (await at.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    return [x + width / 2, y + height / 2] as const;
  };
  const dayAfterNext = days.nth(Number(badDay.slice(8)) + 1);
  await page.mouse.move(...(await box(bad)));
  await page.mouse.down();
  await page.mouse.move(...(await box(dayAfterNext)), { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(new RegExp(`start=${badDay}&end=${badDay.slice(0, 8)}16`));
  await page.goBack();
  await expect(days).toHaveCount(last);
  // Dragged away and back a day is not pressed; by Enter it is then, as ever.
  await page.mouse.move(...(await box(bad)));
  await page.mouse.down();
  await page.mouse.move(...(await box(dayAfterNext)), { steps: 4 });
  await page.mouse.move(...(await box(bad)), { steps: 4 });
  await page.mouse.up();
  await bad.press('Enter');
  await expect(page).toHaveURL(new RegExp(`start=${badDay}&end=${badDay}`));
  await page.goBack();
  await expect(days).toHaveCount(last);
  await bad.click();
  await expect(page).toHaveURL(new RegExp(`start=${badDay}&end=${badDay}`));
  await expect(days.first()).toHaveText(/^09:00: /);
});
