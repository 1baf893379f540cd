import { expect, type Page, test } from '@playwright/test';
import postgres, { type Sql } from 'postgres';
import { summaryAnswer } from '../shared/contract/analytics.ts';
import { type Api, postEvents, signIn } from './testing/api.ts';
import { type Cabled, startCabled } from './testing/cabled.ts';
import { countVisits } from './testing/countVisits.ts';
import { madeUpYear } from './testing/madeUpYear.ts';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN } from './testing/server.ts';

let cabled: Cabled;
let sql: Sql;
let api: Api;
const year = madeUpYear(Date.now());
const [yearName = '', month = ''] = year.badDay.split('-');
const monthName = new Intl.DateTimeFormat('en-GB', {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
}).format(year.badFrom);
const dayName = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
}).format(year.badFrom);

test.beforeAll(async () => {
  cabled = await startCabled();
  sql = postgres(cabled.database.url, { max: 1, onnotice: () => {} });
  api = await signIn(cabled.server.url);
  await postEvents(cabled.server.url, await api.createKey(), year.events);
  const first = new Date(year.badFrom - 390 * 86_400_000).toISOString().slice(0, 10);
  const today = new Date().toISOString().slice(0, 10);
  await expect
    .poll(async () => (await read(`startDate=${first}&endDate=${today}`)).offered, { timeout: 60_000 })
    .toBe(year.calls);
});

test.afterAll(async () => {
  await sql?.end();
  await cabled?.dispose();
});

test('year → month → day → interval → call → events: at every step the figures are those of the visits; back is back', async ({
  page,
}) => {
  const violations = watchPolicy(page);
  await open(page, '');
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'Performance' }).click();
  await page.getByRole('button', { name: 'Days: ' }).click();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await page.goto(`${cabled.server.url}/#/performance?start=${yearName}-01-01&end=${yearName}-12-31`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Days: ${yearName}`);
  await expectFigures(page, `${yearName}-01-01T00:00:00Z`, `${Number(yearName) + 1}-01-01T00:00:00Z`);
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Service level: how it came about' }).click();
  const explained = page.getByRole('region', { name: /^How it came about/ });
  const counted = await countVisits(sql, { from: `${yearName}-01-01`, to: `${Number(yearName) + 1}-01-01` });
  await expect(explained.getByRole('heading', { level: 2 })).toHaveText(
    `Service level: ${counted.serviceLevel}`,
  );
  await expect(explained).toContainText('The same calls by every definition');
  await expectAccessible(page);
  await explained.getByRole('link', { name: 'Close' }).click();
  await expect(explained).toBeHidden();

  await page
    .getByRole('group', { name: /Steps of the chart/ })
    .getByRole('link', { name: `${monthName}:` })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Days: ${monthName}`);
  const monthEnd = new Date(Date.UTC(Number(yearName), Number(month), 1)).toISOString();
  await expectFigures(page, `${yearName}-${month}-01T00:00:00Z`, monthEnd);

  await page.getByRole('table').getByRole('link', { name: dayName, exact: true }).click();
  await expect(page.getByRole('navigation', { name: 'Wider ranges' })).toContainText(monthName);
  await expectFigures(page, `${year.badDay}T00:00:00Z`, `${year.badDay}T23:59:59.999Z`);
  await expectAccessible(page);

  // By keyboard: the chart is one stop, arrow keys go along it.
  const steps = page.getByRole('group', { name: /Steps of the chart/ });
  await steps.locator('a[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await expect(steps.getByRole('link', { name: /^09:00: / })).toBeFocused();
  for (let quarter = 0; quarter < 4; quarter++) await page.keyboard.press('ArrowRight');
  await expect(steps.getByRole('link', { name: /^10:00: / })).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('10:00 – 10:15');
  const bad = await countVisits(sql, { from: new Date(year.badFrom), to: new Date(year.badFrom + 900_000) });
  const figures = page.getByLabel('Headline figures');
  await expect(figures).toContainText(
    new RegExp(`Offered${bad.offered}(?: few calls: this may be chance)?calls`),
  );
  await expect(figures).toContainText(
    new RegExp(`Abandoned\\D*${bad.abandoned}(?: few calls: this may be chance)?calls`),
  );
  await expect(figures).toContainText(new RegExp(`Speed of answer${bad.asa}`));
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(1 + Number(bad.offered));
  await expectAccessible(page);
  await page.getByLabel('Outcome').selectOption('Abandoned');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(1 + Number(bad.abandoned));
  await page.goBack();

  await page.getByRole('row').filter({ hasText: 'Ann' }).last().getByRole('link').click();
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText(
    /Entered.*support.*Answered.*Ann.*Ended/s,
  );
  const callId = decodeURIComponent(new URL(page.url()).hash.split('/').at(-1) ?? '');
  const [told] = await sql`select count(*)::int as events from call_events where call_id = ${callId}`;
  await page.getByText('Raw events').click();
  await expect(page.getByRole('region', { name: 'Raw events' }).getByRole('listitem')).toHaveCount(
    told?.events,
  );
  await expect(page.getByText('call.queued', { exact: true })).toBeVisible();
  await expectAccessible(page);

  for (const name of ['10:00 – 10:15', /^Days: \w+day/, `Days: ${monthName}`, `Days: ${yearName}`]) {
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  }
  expect(violations()).toEqual([]);
});

test('[T4] any figure of a table opens how it came about, by keyboard too, and closing leads back to it', async ({
  page,
}) => {
  const day = `performance?start=${year.badDay}&end=${year.badDay}`;
  await open(page, `${day}&tab=queues`);
  const table = page.getByRole('table');
  await table.getByRole('link', { name: 'support' }).focus();
  await page.keyboard.press('ArrowRight');
  for (let column = 0; column < 2; column++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const explained = page.getByRole('region', { name: 'How it came about: Abandoned' });
  const [told] = await sql`
    select count(*)::int as abandoned from queue_visits
    where queue_id = 'support' and outcome = 'abandoned' and entered_at::date = ${year.badDay}::date`;
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
  const start = new Date(year.badFrom).toISOString();
  for (const [address, title, text] of [
    [`${day}&explain=offered&row=${encodeURIComponent(start)}`, 'Offered', '10:00'],
    [`${day}&tab=agents&explain=answered&row=Ann`, 'Answered', 'Ann'],
    [`${day}&tab=agents&agent=Ann&explain=answered&row=on%20${year.badDay}`, 'Answered', 'Ann, '],
    [`${day}&tab=top&explain=answered&row=Ann`, 'Answered', 'Ann'],
    [
      `${day}&tab=agents&agent=Ann&explain=answered&row=${encodeURIComponent('in support')}`,
      'Answered',
      'Ann, support',
    ],
  ] as const) {
    await page.goto(`${cabled.server.url}/#/${address}`);
    await expect(
      page.getByRole('region', { name: `How it came about: ${title}` }).getByRole('heading', { level: 2 }),
      address,
    ).toHaveText(new RegExp(`^${text}.*${title}: \\d`));
  }
  await page.goto(`${cabled.server.url}/#/${day}&tab=queues`);
  await table
    .getByRole('row', { name: /^Together/ })
    .getByRole('link')
    .first()
    .click();
  await expect(page.getByRole('region', { name: 'How it came about: Offered' })).toBeVisible();
});

test('[SL1] [V7] waits by length: the slider tells the service level at any threshold, a bar leads to its calls', async ({
  page,
}) => {
  await open(page, `performance?start=${year.badDay}&end=${year.badDay}&queue=support&tab=waits`);
  const slider = page.getByLabel('Service level within so many seconds');
  await expect(slider).toHaveValue('20');
  await slider.focus();
  for (let second = 20; second < 24; second++) await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/within=24/);
  const [told] = await sql`
    select count(*) filter (where outcome = 'answered' and wait_ms <= 24000)::float8
      / count(*) filter (where not (outcome = 'abandoned' and wait_ms <= 5000)) as level
    from queue_visits where queue_id = 'support' and entered_at::date = ${year.badDay}::date`;
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
  const [among] = await sql`
    select count(*)::int as n from queue_visits
    where queue_id = 'support' and entered_at::date = ${year.badDay}::date and wait_ms > 20000 and wait_ms <= 22000`;
  await bar.click();
  await expect(page.getByText('Waited 0:20 to 0:22.')).toBeVisible();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(1 + Number(among?.n));
});

test('a link is a view: tables, columns, filters and rules stand in the address or in the browser, and a file is what is shown', async ({
  page,
}) => {
  await open(page, `performance?start=${year.badDay}&end=${year.badDay}&tab=queues&sort=offered`);
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
  expect(file.suggestedFilename()).toBe(`queues-${year.badDay}.csv`);
  const [longest] = await sql`
    select max(wait_ms) / 1000.0 as seconds from queue_visits
    where queue_id = 'support' and entered_at::date = ${year.badDay}::date`;
  const text = (await (await file.createReadStream()).toArray()).join('');
  expect(text).toContain('Queue,Offered,');
  expect(text).toMatch(new RegExp(`support,6,3,3,.*,${Number(longest?.seconds)}\r\n`));

  await page.getByRole('button', { name: 'Rules of service level' }).click();
  await page.getByLabel('Answered within, s').fill('60');
  await page.getByLabel('Answered within, s').press('Enter');
  await expect(page).toHaveURL(/threshold=60/);
  const { serviceLevel } = await read(`startDate=${year.badDay}&endDate=${year.badDay}&threshold=60`);
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
  const [there] = await sql`
    select to_char(min(started_at) at time zone 'UTC', 'HH24:MI') || ' – ' || to_char(max(ended_at) at time zone 'UTC', 'HH24:MI') as hours
    from agent_intervals where identity = 'Ann' and started_at::date = ${year.badDay}::date`;
  await expect(daily.getByRole('row').last()).toContainText(there?.hours);
  await page.getByRole('link', { name: 'Outcomes' }).click();
  await page.getByRole('link', { name: 'Answered', exact: true }).last().click();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('Calls counted as: Answered');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
});

test('links that cannot be are a page and a word about it; an empty time says what to do', async ({
  page,
}) => {
  await open(
    page,
    `performance?start=${year.badDay}&end=${yearName}-01-01&tab=nonsense&timeZone=Mars/Phobos&queue=nope&threshold=9999`,
  );
  for (const said of [
    'came before the beginning',
    'no “nonsense”',
    'no time zone “Mars/Phobos”',
    'no queue “nope”',
    'threshold=9999',
  ])
    await expect(page.getByText(said)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Headline figures' })).toBeVisible();

  await page.goto(`${cabled.server.url}/#/performance?start=2001-02-03&end=2001-02-03`);
  await expect(page.getByRole('heading', { name: 'No calls in these days' })).toBeVisible();
  await page.goto(`${cabled.server.url}/#/calls/never%20heard%20of`);
  await expect(page.getByRole('heading', { name: 'This call is not known' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page is wider than a phone, and each is accessible: ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, 'performance');
    const pages = [
      `performance?start=${yearName}-${month}-01&end=${yearName}-${month}-28&tab=agents&agent=Ann`,
      ...['steps', 'queues', 'sectors', 'agents', 'top', 'outcomes', 'waits', 'pattern'].map(
        (tab) => `performance?start=${yearName}-01-01&end=${yearName}-12-31&tab=${tab}`,
      ),
      `calls?start=${year.badDay}&end=${year.badDay}`,
      'calls/call-3',
    ];
    await page.setViewportSize({ width: 390, height: 844 });
    for (const address of pages) {
      await page.goto(`${cabled.server.url}/#/${address}`);
      await expect(
        page.getByRole('main').locator('[aria-busy="true"], p:text("Waiting for the figures")'),
      ).toHaveCount(0);
      await expect(page.getByRole('region').first()).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), address).toBe(390);
      await expectAccessible(page);
    }
  });
}

test('[R1] a figure of today on the wall leads to how it came about', async ({ page }) => {
  const at = Date.now() - 5_000;
  const shared = { source: 'pbx', callId: 'call-today', queue: 'support' };
  await postEvents(cabled.server.url, await api.createKey(), [
    { ...shared, kind: 'call.queued', sourceKey: 't-0', occurredAt: at },
    { ...shared, kind: 'call.left', sourceKey: 't-1', occurredAt: at + 2_000, outcome: 'abandoned' },
  ]);
  const today = new Date(at).toISOString().slice(0, 10);
  await expect.poll(async () => (await read(`startDate=${today}&endDate=${today}`)).offered).toBe(1);
  await open(page, '');
  const tile = page.getByRole('region', { name: 'Offered' });
  await expect(tile.getByRole('link')).toHaveText('1');
  await tile.getByRole('link').click();
  await expect(page).toHaveURL(/#\/performance\?range=today&explain=offered/);
  await expect(page.getByRole('heading', { name: 'Offered: 1' })).toBeVisible();
});

/** Signed in, at an address. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(`${cabled.server.url}/#/${address}`);
  await enter(page, ADMIN.password);
}

async function read(query: string) {
  return api.get(`/api/v1/analytics/performance/summary?${query}`, summaryAnswer.shape.data);
}

/** What the content security policy has forbidden so far. */
function watchPolicy(page: Page): () => string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  return () => violations;
}

async function expectFigures(page: Page, from: string, to: string): Promise<void> {
  const counted = await countVisits(sql, { from, to });
  const figures = page.getByRole('region', { name: 'Headline figures' });
  const expected: [label: string, value: string, meaning: string][] = [
    ['Service level', counted.serviceLevel, 'of calls'],
    ['Offered', counted.offered, 'calls that entered'],
    ['Answered', counted.answered, 'calls that reached'],
    ['Abandoned', counted.abandoned, 'callers who'],
    ['Speed of answer', counted.asa, 'minutes until'],
    ['Handle time', counted.aht, 'minutes a call'],
  ];
  for (const [label, value, meaning] of expected) {
    const text = `${label}(?:Warning |Critical )?${value}(?: few calls: this may be chance)?${meaning}`;
    await expect(figures).toContainText(new RegExp(text));
  }
}
