import { expect, type Page, test } from '@playwright/test';
import { countVisits } from './testing/countVisits.ts';
import { type Desk, startDesk } from './testing/desk.ts';
import { hold } from './testing/hold.ts';
import { expectAccessible, expectAt, expectLegible } from './testing/page.ts';

let desk: Desk;
let yearName: string;
let month: string;
/** As the page writes the month and the day of the bad quarter of an hour. */
let monthName: string;
let dayName: string;

test.beforeAll(async () => {
  desk = await startDesk();
  [yearName = '', month = ''] = desk.year.badDay.split('-');
  const { badFrom } = desk.year;
  const written = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(badFrom);
  monthName = written({ month: 'long', year: 'numeric' });
  dayName = written({ weekday: 'short', day: 'numeric', month: 'short' });
});
test.afterAll(() => desk?.dispose());

test('year → month → day → interval → call → events: at every step the figures are those of the visits; back is back', async ({
  page,
}) => {
  const violations = watchPolicy(page);
  await desk.open(page, '');
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'Performance' }).click();
  await page.getByRole('button', { name: 'Days: ' }).click();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await page.goto(`${desk.cabled.server.url}/#/performance?start=${yearName}-01-01&end=${yearName}-12-31`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Days: ${yearName}`);
  await expectFigures(page, `${yearName}-01-01T00:00:00Z`, `${Number(yearName) + 1}-01-01T00:00:00Z`);
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Service level: how it came about' }).click();
  const explained = page.getByRole('region', { name: /^How it came about/ });
  const counted = await countVisits(desk.sql, {
    from: `${yearName}-01-01`,
    to: `${Number(yearName) + 1}-01-01`,
  });
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
  await expectFigures(page, `${desk.year.badDay}T00:00:00Z`, `${desk.year.badDay}T23:59:59.999Z`);
  await expectAccessible(page);

  // By keyboard: the chart is one stop, arrow keys go along it.
  const steps = page.getByRole('group', { name: /Steps of the chart/ });
  await steps.locator('a[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await expect(steps.getByRole('link', { name: /^09:00: / })).toBeFocused();
  for (let quarter = 0; quarter < 4; quarter++) await page.keyboard.press('ArrowRight');
  await expect(steps.getByRole('link', { name: /^10:00: / })).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/\d{4}, 10:00\s?–\s?10:15$/);
  const bad = await countVisits(desk.sql, {
    from: new Date(desk.year.badFrom),
    to: new Date(desk.year.badFrom + 900_000),
  });
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
  const [told] = await desk.sql`select count(*)::int as events from call_events where call_id = ${callId}`;
  await page.getByText('Raw events').click();
  await expect(page.getByRole('region', { name: 'Raw events' }).getByRole('listitem')).toHaveCount(
    told?.events,
  );
  await expect(page.getByText('call.queued', { exact: true })).toBeVisible();
  await expectAccessible(page);

  for (const name of [/, 10:00\s?–\s?10:15$/, /^Days: \w+day/, `Days: ${monthName}`, `Days: ${yearName}`]) {
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  }
  expect(violations()).toEqual([]);
});

test('links that cannot be are a page and a word about it; an empty time says what to do', async ({
  page,
}) => {
  await desk.open(
    page,
    `performance?start=${desk.year.badDay}&end=${yearName}-01-01&tab=nonsense&timeZone=Mars/Phobos&queue=nope&threshold=9999`,
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

  await page.goto(`${desk.cabled.server.url}/#/performance?start=2001-02-03&end=2001-02-03`);
  await expect(page.getByRole('heading', { name: 'No calls in these days' })).toBeVisible();
  await page.goto(`${desk.cabled.server.url}/#/calls/never%20heard%20of`);
  await expect(page.getByRole('heading', { name: 'This call is not known' })).toBeVisible();
  await page.goto(`${desk.cabled.server.url}/#/calls/call-3?timeZone=Mars/Phobos`);
  await expect(page.getByText('no time zone “Mars/Phobos”')).toBeVisible();
  await expect(page.getByRole('region', { name: 'What happened' })).toBeVisible();
});

test('steps that are shown while others are on their way keep their own names', async ({ page }) => {
  await desk.open(page, `performance?start=${yearName}-01-01&end=${yearName}-12-31`);
  const details = page.getByRole('region', { name: 'Details' });
  const first = details.getByRole('table').getByRole('row').nth(1);
  const name = (await first.getByRole('rowheader').textContent()) ?? '';
  const { isAsked, release } = await hold(page, /trends\?.*groupBy=day/);
  await page.getByRole('link', { name: 'Days', exact: true }).click();
  await isAsked;
  await expect(details.locator('xpath=ancestor::*[@aria-busy="true"]')).toHaveCount(1);
  await expect(details.getByRole('link', { name: 'Months' })).toBeVisible();
  await expect(first.getByRole('rowheader')).toHaveText(name);
  release();
  await expect(details.getByRole('link', { name: 'Days' })).toBeVisible();
  await expect(first.getByRole('rowheader')).not.toHaveText(name);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page is wider than a phone, and each is accessible: ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await desk.open(page, 'performance');
    const pages = [
      `performance?start=${yearName}-${month}-01&end=${yearName}-${month}-28&tab=agents&agent=Ann`,
      ...['steps', 'queues', 'sectors', 'agents', 'top', 'outcomes', 'waits', 'pattern'].map(
        (tab) => `performance?start=${yearName}-01-01&end=${yearName}-12-31&tab=${tab}`,
      ),
      ...['pattern&cell=3-660', 'short', 'transfers&by=route', 'returns', 'target&by=hour'].map(
        (tab) => `performance?start=${yearName}-${month}-01&end=${yearName}-${month}-28&tab=${tab}`,
      ),
      `calls?start=${desk.year.badDay}&end=${desk.year.badDay}`,
      'calls/call-3',
    ];
    await expectFits(page, pages, colorScheme);

    // Nor is the drawing of waits, down to the word at its end.
    const waits = page.getByRole('group', { name: 'Waits' });
    await page.goto(`${desk.cabled.server.url}/#/performance?start=${desk.year.badDay}&tab=waits`);
    await expect(waits.getByText('longer', { exact: true })).toBeVisible();
    await expect
      .poll(() => waits.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))
      .toBeLessThanOrEqual(0);
  });

  test(`nor is any of the others: ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await desk.open(page, 'overview');
    await expectFits(
      page,
      ['overview', 'sources', 'proof', 'rules', 'quality', 'quality?tab=due', 'quality/forms'],
      colorScheme,
    );
  });
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
  const counted = await countVisits(desk.sql, { from, to });
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

/** Each of them is no wider than a phone, and accessible. */
async function expectFits(page: Page, pages: readonly string[], theme: string): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const address of pages) {
    await page.goto(`${desk.cabled.server.url}/#/${address}`);
    await expectAt(page, address);
    await expect(page.getByRole('main').locator('[aria-busy="true"]')).toHaveCount(0);
    await expect(page.getByRole('region').first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), address).toBe(390);
    // What is not about colours is the same in both themes.
    await (theme === 'light' ? expectAccessible : expectLegible)(page);
  }
}
