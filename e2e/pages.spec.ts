import { expect, type Page, test } from '@playwright/test';
import postgres, { type Sql } from 'postgres';
import { z } from 'zod';
import { summaryAnswer } from '../shared/contract/analytics.ts';
import { businessRules } from '../shared/contract/businessRules.ts';
import { healthRow } from '../shared/contract/importerHealth.ts';
import { storedReconciliation } from '../shared/contract/reconciliation.ts';
import { type Api, importQueueLog, postEvents, signIn } from './testing/api.ts';
import { type Cabled, startCabled } from './testing/cabled.ts';
import { countVisits, levelOf } from './testing/countVisits.ts';
import { AT_NOON, dateAt, midnightOf } from './testing/noon.ts';
import { enter, expectAccessible, expectAt, expectLegible } from './testing/page.ts';
import { ADMIN } from './testing/server.ts';
import { GHOST_DAYS_AGO, IMPORTED, queueLog, threeWeeks } from './testing/weeks.ts';

test.describe.configure({ mode: 'serial' });

const PASSWORD = 'correct-horse-battery-viewer';
/** Of chores a start brings, beside those of everybody else's work. */
const DEADLINE = { timeout: 200_000 };

let cabled: Cabled;
let sql: Sql;
let api: Api;
const now = Date.now();
const dateOf = (daysAgo: number): string => dateAt(now, daysAgo);
const startOf = (daysAgo: number): Date => new Date(midnightOf(dateOf(daysAgo)));
const weeks = threeWeeks(midnightOf(dateOf(0)));

test.beforeAll(async () => {
  cabled = await startCabled(AT_NOON);
  sql = postgres(cabled.database.url, { max: 1, onnotice: () => {} });
  api = await signIn(cabled.server.url);
  const key = await api.createKey();
  await postEvents(cabled.server.url, key, weeks.events);
  await importQueueLog(cabled.server.url, key, queueLog(midnightOf(dateOf(0))));
  const range = `startDate=${dateOf(30)}&endDate=${dateOf(0)}`;
  await expect.poll(async () => (await summary(range)).offered).toBe(weeks.visits + IMPORTED);
  await send('PATCH', 'settings/queues/vip', { thresholdSeconds: 10 });
  // What is done every few minutes is done at a start, too; and what is done every night, where that has not been.
  const startAgain = await cabled.kill();
  await sql`delete from chores_done`;
  await startAgain();
  api = await signIn(cabled.server.url);
  const health = z.array(healthRow);
  const proofs = z.array(storedReconciliation);
  await expect
    .poll(async () => {
      const rows = await api.get(`/api/v1/importer-health?${range}`, health);
      return ['ghost', 'rejection'].every((kind) => rows.some((row) => row.kind === kind));
    }, DEADLINE)
    .toBe(true);
  await expect
    .poll(
      async () =>
        (await api.get(`/api/v1/analytics/reconciliations?${range}`, proofs)).find(
          ({ date }) => date === dateOf(1),
        )?.state,
      DEADLINE,
    )
    .toBe('proven');
});

test.afterAll(async () => {
  await sql?.end();
  await cabled?.dispose();
});

test('the front page says what the visits come to, and every figure leads to where it is looked into', async ({
  page,
}) => {
  const violations = watchPolicy(page);
  await open(page, '');
  await page.getByRole('link', { name: 'Overview' }).click();
  for (const [name, from, to] of [
    ['Yesterday', 1, 0],
    ['Last 7 days', 7, 0],
    ['Last 30 days', 30, 0],
  ] as const) {
    const counted = await countVisits(sql, { from: startOf(from), to: startOf(to) });
    const card = page.getByRole('region', { name });
    await expect(card).toContainText(await levelOf(sql, startOf(from), startOf(to), 20));
    await expect(card).toContainText(new RegExp(`Offered\\D*(?:\\d+% \\w+)?${counted.offered}`));
  }
  await expect(page.getByRole('region', { name: 'Queues' })).toContainText('support');
  await expect(page.getByRole('region', { name: 'What was odd about the sources' })).toContainText(
    'pbx: calls nobody ended',
  );
  await expectAccessible(page);

  const week = await countVisits(sql, { from: startOf(7), to: startOf(0) });
  await page
    .getByRole('region', { name: 'Last 7 days' })
    .getByRole('link', { name: /^Offered/ })
    .focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`start=${dateOf(7)}&end=${dateOf(1)}&metric=offered`));
  await expect(page.getByRole('region', { name: 'Headline figures' })).toContainText(
    new RegExp(`Offered\\D*${week.offered}`),
  );
  await page.goBack();
  await page.getByRole('link', { name: 'pbx: calls nobody ended' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Nobody ended · pbx' })).toBeFocused();
  expect(violations()).toEqual([]);
});

test('[R1] proof: nights have proven days; a day is proven now, four ways beside each other; one to come is refused', async ({
  page,
}) => {
  await open(page, 'proof');
  const yesterday = written({ dateStyle: 'full' }, dateOf(1));
  const cell = page.getByRole('link', { name: yesterday.replace(' at ', ' ') });
  await expect(cell).toContainText('Proven');
  await cell.press('Enter');
  const day = page.getByRole('region', { name: /^Proof of/ });
  await expect(day).toContainText(/All \d+ figures of 6 visits agree/);
  await day.getByRole('button', { name: 'With every figure' }).click();
  const counted = await countVisits(sql, { from: startOf(1), to: startOf(0) });
  const offered = day.getByRole('row', { name: /^Together Offered/ });
  await expect(offered.getByRole('cell')).toHaveText([
    'Offered',
    ...Array.from({ length: 4 }, () => counted.offered),
    '0',
  ]);
  await expectAccessible(page);
  await page.goto(`${cabled.server.url}/#/proof?day=2099-01-01`);
  await page.getByRole('button', { name: 'Prove it now' }).click();
  await expect(page.getByRole('alert')).toHaveText(
    'This day cannot be proven: it must not be in the future.',
  );
});

test('[SL0] rules: what would have become of last week is what the visits say; a queue keeps its own; saved is saved', async ({
  page,
}) => {
  await open(page, 'rules');
  await expect(page.getByText('This is last week by the rules in force.')).toBeVisible();
  const within = page.getByLabel('Answered within');
  await within.fill('30');
  await within.press('Enter');
  await expect(page).toHaveURL(/#\/rules\?threshold=30$/);
  const table = page.getByRole('table');
  const vip = await levelOf(sql, ...lastWeek(), 10, 'vip');
  for (const [queue, is, would] of [
    [
      'support',
      await levelOf(sql, ...lastWeek(), 20, 'support'),
      await levelOf(sql, ...lastWeek(), 30, 'support'),
    ],
    ['vip', vip, vip],
  ] as const) {
    const cells = table.getByRole('row', { name: new RegExp(`^${queue}`) }).getByRole('cell');
    await expect(cells.nth(1)).toContainText(is);
    await expect(cells.nth(2)).toContainText(would);
  }
  await expect(page.getByText('Some queues have their own seconds and keep them')).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel('Service level, target').fill('70');
  await page.getByLabel('Service level, target').press('Enter');
  // The queue that was imported is on target either way, where its day was of last week.
  const [from, to] = lastWeek();
  const more = startOf(2) >= from && startOf(2) < to ? 1 : 0;
  await expect(
    page.getByText(`${1 + more} of ${2 + more} queues would have been on target, instead of ${more}.`),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Make these the rules' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page).toHaveURL(/#\/rules$/);
  const rules = await api.get('/api/v1/settings/business-rules', businessRules);
  expect([rules.thresholds.thresholdSeconds, rules.targets.serviceLevel]).toEqual([30, 0.7]);
  await page.reload();
  await expect(within).toHaveValue('30');

  await page.goto(`${cabled.server.url}/#/rules?threshold=9999`);
  await expect(page.getByText('“threshold=9999” cannot be chosen here')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Make these the rules' })).toBeDisabled();
});

test('[V10] sources: days and kinds, the call that nobody ended, and an import that is taken back', async ({
  page,
}) => {
  await open(page, 'sources');
  const day = written({ weekday: 'short', day: 'numeric', month: 'short' }, dateOf(GHOST_DAYS_AGO));
  const pbx = page.getByRole('region', { name: 'pbx', exact: true });
  await pbx.getByRole('link', { name: `Nobody ended, ${day}` }).press('Enter');
  const told = page.getByRole('region', { name: 'Nobody ended' });
  await expect(told.getByRole('heading', { level: 2 })).toBeFocused();
  await expect(told.getByRole('row').nth(1)).toContainText('pbx1');
  await expectAccessible(page);
  await told.getByRole('link', { name: weeks.ghost }).click();
  await expect(page).toHaveURL(new RegExp(`#/calls/${weeks.ghost}$`));
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText('Entered');
  await page.goBack();
  await told.getByRole('link', { name: 'Lost calls of the day' }).click();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
  await page.goBack();
  await expect(
    page.getByRole('region', { name: 'asterisk', exact: true }).getByRole('rowheader', { name: 'Rejected' }),
  ).toBeVisible();

  const imports = page.getByRole('region', { name: 'Imports' });
  await imports.getByRole('button', { name: 'Take back upload' }).click();
  await expect(imports.getByRole('alert')).toContainText(`${3 * IMPORTED} events will count no more`);
  await expect(imports.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await imports.getByRole('button', { name: 'Take back upload' }).click();
  await imports.getByRole('button', { name: 'Take back', exact: true }).click();
  await expect(imports.getByText(`Taken back: ${3 * IMPORTED} events`)).toBeVisible();
  await expect
    .poll(async () => (await sql`select 1 from queue_visits where queue_id = 'imported'`).length)
    .toBe(0);
});

test('who may not decide sees no way to; links that cannot be are a page; no page is wider than a phone', async ({
  page,
}) => {
  const bob = { name: 'Bob', email: 'bob@example.test', role: 'viewer' };
  const { token } = z.object({ token: z.string() }).parse(await send('POST', 'people/invitations', bob));
  await send('POST', 'invitations/acceptance', { token, name: bob.name, password: PASSWORD });
  await page.goto(`${cabled.server.url}/#/overview`);
  await page.getByLabel('E-mail').fill(bob.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const places = page.getByRole('navigation', { name: 'Pages' });
  await expect(places.getByRole('link')).toHaveText(['Overview', 'Performance', 'Sources', 'Proof']);
  await page.goto(`${cabled.server.url}/#/rules`);
  await expect(page.getByRole('heading', { name: 'This is not yours to see' })).toBeVisible();
  await page.goto(`${cabled.server.url}/#/proof?day=${dateOf(1)}`);
  // What was saved and taken back above has made it wait to be looked at again.
  await expect(page.getByRole('region', { name: /^Proof of/ })).toContainText(
    /(?:Proven|Waiting).*Looked at/,
  );
  await expect(page.getByRole('button', { name: 'Prove it now' })).toHaveCount(0);
  await page.goto(`${cabled.server.url}/#/sources?start=2026-02-30&kind=nonsense`);
  for (const said of ['“2026-02-30” is no date', '“nonsense” cannot be chosen'])
    await expect(page.getByText(said)).toBeVisible();
  await expect(page.getByRole('region', { name: 'pbx', exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Imports' })).toHaveCount(0);

  await page.setViewportSize({ width: 390, height: 844 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const address of ['overview', 'sources?kind=ghost', `proof?day=${dateOf(1)}`, 'rules']) {
      await page.goto(`${cabled.server.url}/#/${address}`);
      await expectAt(page, address);
      await expect(page.getByRole('main').locator('[aria-busy="true"]')).toHaveCount(0);
      await expect(page.getByRole('region').first()).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), address).toBe(390);
      await (colorScheme === 'light' ? expectAccessible : expectLegible)(page);
    }
  }
});

/** A date as the page writes it. */
const written = (options: Intl.DateTimeFormatOptions, date: string): string =>
  new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(Date.parse(date));

/** The week before this one, weeks from Monday on. */
function lastWeek(): [from: Date, to: Date] {
  const sinceMonday = (new Date(dateOf(0)).getUTCDay() + 6) % 7;
  return [startOf(sinceMonday + 7), startOf(sinceMonday)];
}

async function summary(query: string) {
  return api.get(`/api/v1/analytics/performance/summary?${query}`, summaryAnswer.shape.data);
}

async function send(method: string, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${cabled.server.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${path}: ${await answer.text()}`);
  return z.object({ data: z.unknown() }).parse(await answer.json()).data;
}

/** Signed in, at an address. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(`${cabled.server.url}/#/${address}`);
  await enter(page, ADMIN.password);
}

/** What the content security policy has forbidden so far. */
function watchPolicy(page: Page): () => string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  return () => violations;
}
