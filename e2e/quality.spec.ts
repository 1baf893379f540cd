import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import postgres, { type Sql } from 'postgres';
import { annsCalls } from './testing/annsCalls.ts';
import { type Api, DAY_MS, postEvents, signIn, tell } from './testing/api.ts';
import { type Cabled, startCabled } from './testing/cabled.ts';
import { changeFormElsewhere, changeScoreElsewhere, elsewhere } from './testing/elsewhere.ts';
import { leaveForm, leaveNewForm, leaveScoring } from './testing/leaving.ts';
import { AT_NOON, dateAt } from './testing/noon.ts';
import { enter, expectAccessible, watchPolicy } from './testing/page.ts';
import { ADMIN } from './testing/server.ts';

const PASSWORD = 'a password of her own';
const EVE = { name: 'Eve', email: 'eve@example.test', role: 'manager' };
const VIC = { name: 'Vic', email: 'vic@example.test', role: 'viewer' };
const CALLS = ['call-1', 'call-2'];
const CALLED_AT = Date.now() - DAY_MS;

// The second goes on with the form of the first.
test.describe.configure({ mode: 'serial' });

let cabled: Cabled;
let sql: Sql;
let api: Api;

test.beforeAll(async () => {
  cabled = await startCabled(AT_NOON);
  sql = postgres(cabled.database.url, { max: 1, onnotice: () => {} });
  api = await signIn(cabled.server.url);
  await postEvents(cabled.server.url, await api.createKey(), annsCalls(CALLS, CALLED_AT));
  await expect
    .poll(async () => (await sql`select 1 from queue_visits where outcome = 'answered'`).length, {
      timeout: 60_000,
    })
    .toBe(CALLS.length);
  for (const person of [EVE, VIC]) {
    const { data } = await tell(cabled.server.url, 'POST', 'people/invitations', person, api.token);
    await tell(cabled.server.url, 'POST', 'invitations/acceptance', {
      token: data.token,
      name: person.name,
      password: PASSWORD,
    });
  }
});

test.afterAll(async () => {
  await sql?.end();
  await cabled?.dispose();
});

test('a form is made, a call scored by two by keys, calibration shown, a dispute decided; the audit says who did what', async ({
  page,
  browser,
}) => {
  const violations = watchPolicy(page);
  await open(page, 'quality/forms', ADMIN.email, ADMIN.password);
  await expect(page.getByRole('link', { name: 'New form' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'New form' }).press('Enter');
  await type(page, 'Name', 'Service call');
  await type(page, 'Section', 'Conversation');
  await type(page, 'Criterion', 'Greeting');
  await page.getByRole('button', { name: 'Add a criterion' }).press('Enter');
  const second = page.getByRole('group', { name: 'Criterion 2' });
  await page.keyboard.press('Control+s');
  // Nothing is lost where the server says no, and it says where.
  await expect(page.getByText('Criterion 2, the name must not be empty.')).toBeVisible();
  await expectAccessible(page);
  await second.getByLabel('Criterion', { exact: true }).pressSequentially('Identity checked');
  await page
    .getByRole('group', { name: 'Identity checked' })
    .getByLabel(/^Critical/)
    .press('Space');
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Service call');
  await page.getByRole('button', { name: 'Publish …' }).press('Enter');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('In use · pass mark 80 · 0 scores')).toBeVisible();
  await expectAccessible(page);

  await go(page, 'quality?tab=sample');
  await expectAccessible(page);
  await page
    .getByRole('link', { name: /^Review the call of Ann/ })
    .first()
    .press('Enter');
  await expect(page.getByLabel('Form')).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Begin' }).press('Enter');
  const greeting = page.getByRole('group', { name: 'Greeting' });
  await expect(greeting.getByRole('radio').first()).toBeFocused();
  await page.keyboard.press('c');
  await page.keyboard.type('<b>By name</b>');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Enter');
  await expect(greeting).toContainText('not answered yet');
  await page.keyboard.press('4');
  await page.keyboard.press('y');
  await expect(page.getByText('83.3', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: 'Sign now' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Score of Ann');
  await expect(page.getByRole('cell', { name: '<b>By name</b>' })).toBeVisible();
  await expectAccessible(page);
  const [first] = await sql`select id, call_id, score from call_quality_scores`;
  expect(first?.score).toBeCloseTo(500 / 6);

  const hers = await elsewhere(browser);
  await open(hers, `calls/${first?.call_id}`, EVE.email, PASSWORD);
  await hers.getByRole('link', { name: 'Review this call' }).press('Enter');
  await hers.getByRole('button', { name: 'Begin' }).press('Enter');
  await expect(hers.getByRole('group', { name: 'Greeting' }).getByRole('radio').first()).toBeFocused();
  await hers.keyboard.press('5');
  await hers.keyboard.press('n');
  await expect(hers.getByText('A critical criterion is failed.')).toBeVisible();
  await hers.keyboard.press('Control+Enter');
  await expect(hers.getByRole('button', { name: 'Sign now' })).toBeFocused();
  await hers.keyboard.press('Enter');
  await expect(hers.getByText(/^Signed by Eve/)).toBeVisible();
  await hers.getByRole('button', { name: 'The agent disputes it' }).press('Enter');
  await hers.keyboard.type('I did ask for the number.');
  await expectAccessible(hers);
  await hers.getByRole('button', { name: 'Enter the dispute' }).press('Enter');
  await expect(hers.getByText(/^The agent disputes it: entered by eve@example.test/)).toBeVisible();

  await go(page, 'quality?tab=calibration');
  const row = page.getByRole('row').filter({ hasText: 'Identity checked' });
  await expect(row).toContainText('100.0%');
  await expect(page.getByRole('region', { name: 'Details' })).toContainText('83.3 points apart');
  await expectAccessible(page);
  await page.getByRole('link', { name: '1 disputed score waits for a decision.' }).press('Enter');
  await page.getByRole('row').nth(1).getByRole('link').press('Enter');
  await page.getByRole('button', { name: 'Decide the dispute' }).press('Enter');
  await page.keyboard.type('It is on the recording.');
  await page.getByLabel('Change the answers').press('Space');
  await page
    .getByRole('group', { name: /^Identity checked/ })
    .getByRole('radio', { name: 'No' })
    .focus();
  await page.keyboard.press('y');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Decide', exact: true }).press('Enter');
  await expect(page.getByText(/^Decided by/)).toBeVisible();
  await expect(page.getByText('It was 0.0 before the decision changed it.')).toBeVisible();
  const scores = await sql`select state, score from call_quality_scores order by score`;
  expect(scores.map(({ state, score }) => [state, Math.round(score * 10) / 10])).toEqual([
    ['signed', 83.3],
    ['resolved', 100],
  ]);

  await go(page, 'quality');
  await expect(page.getByText('Calls score 91.7 on average.')).toBeVisible();
  await expect(page.getByText('1 of 2 answered calls')).toBeVisible();
  // From a figure to its formula, by keys, and on to the reviews behind it; the link is what is seen.
  await page.getByRole('link', { name: 'Quality score: how it came about' }).press('Enter');
  const told = page.getByRole('region', { name: 'How it came about: Quality score' });
  await expect(told).toContainText('scores / reviews with a score');
  const [sums] = await sql`
    select round(sum(score)::numeric, 1)::float8 as sum, count(*)::integer as count from call_quality_scores
    where state <> 'draft'`;
  await expect(told).toContainText(`${sums?.sum} / ${sums?.count} = 91.7`);
  await expect(page).toHaveURL(/explain=qualityScore/);
  await expectAccessible(page);
  await page.reload();
  await expect(told).toBeVisible();
  await told.getByRole('link', { name: '2', exact: true }).press('Enter');
  await expect(page.getByText('Only reviews with a score.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Details' }).getByRole('row')).toHaveCount(3);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).press('Enter');
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^scores-.*\.csv$/);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(3);
  // Reviews are due by the month: of the day they called on, since a month that has just begun may have no calls yet.
  const day = dateAt(CALLED_AT);
  await go(page, `quality?compare=lastYear&start=${day}&end=${day}`);
  await expect(page.getByText('nothing to compare with')).toHaveText(/^In .+ there is nothing/);
  await page.getByRole('button', { name: /^Compare with/ }).press('Enter');
  await page.getByRole('link', { name: 'Compare with nothing' }).press('Enter');
  await expect(page.getByText(/^Changes are against/)).toBeHidden();
  for (const tab of ['Criteria', 'Reviewers', 'Completion', 'Scores', 'Reviews due']) {
    const link = page.getByRole('navigation', { name: 'Details' }).getByRole('link', { name: tab });
    await link.press('Enter');
    await expect(link).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('region', { name: 'Details' }).getByRole('table')).toBeVisible();
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1600, height: 900 });

  await go(page, 'settings/audit');
  const entries = page.locator('summary');
  for (const [who, what] of [
    [ADMIN.email, 'made the form Service call'],
    [ADMIN.email, 'published the form Service call'],
    [ADMIN.email, 'signed a score of Ann'],
    [EVE.email, 'signed a score of Ann'],
    [EVE.email, 'entered that Ann disputes a score'],
    [ADMIN.email, 'decided a disputed score of Ann'],
  ])
    await expect(entries.filter({ hasText: `${who} ${what}` })).toHaveCount(1);
  expect(violations()).toEqual([]);
});

test('a draft that is changed elsewhere loses nothing of what is typed; links that cannot be are told; viewers see no reviews', async ({
  page,
  browser,
}) => {
  const [scored] = await sql`select call_id from call_quality_scores limit 1`;
  const callId = CALLS.find((id) => id !== scored?.call_id);
  await open(page, `calls/${callId}`, EVE.email, PASSWORD);
  await page.getByRole('link', { name: 'Review this call' }).click();
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('group', { name: 'Greeting' }).getByRole('radio').first().press('3');
  await expect(page.getByText('Kept as a draft. Only you see it.')).toBeVisible();
  await changeScoreElsewhere(page, sql);
  await leaveScoring(page, sql);
  await page.getByRole('button', { name: 'Throw this draft away' }).click();
  await page.getByRole('button', { name: 'Throw this draft away' }).click();
  await expect(page.getByRole('link', { name: /^Review the call of Ann/ })).toBeVisible();
  expect(await sql`select 1 from call_quality_scores where state = 'draft'`).toHaveLength(0);

  await go(page, 'quality/forms');
  await page.getByRole('link', { name: 'Service call' }).click();
  await page.getByRole('button', { name: 'Write the next version' }).click();
  await expect(page.getByRole('link', { name: 'Version 2: Draft' })).toHaveAttribute('aria-current', 'true');
  const formId = await changeFormElsewhere(page, sql, { url: cabled.server.url, token: api.token });
  await go(page, `quality/forms/${formId}`);
  await leaveForm(page);
  await page.getByRole('button', { name: 'Publish …' }).click();
  await page.getByRole('button', { name: 'Publish now' }).click();
  await expect(page.getByText(/^In use · pass mark 90/)).toBeVisible();
  await page.getByRole('link', { name: 'Version 1: Retired' }).click();
  await expect(page.getByText(/^Retired · pass mark 80 · 2 scores/)).toBeVisible();

  await go(page, 'quality?tab=nowhere&start=2026-10-31&end=2026-10-01&form=mine');
  await expect(page.getByText('This page has no “nowhere”.')).toBeVisible();
  await expect(page.getByText(/The end came before the beginning/)).toBeVisible();
  await go(page, 'quality/scores/nothing');
  await expect(page.getByRole('alert')).toContainText('This score is not known');
  await expectAccessible(page);

  const his = await elsewhere(browser);
  await open(his, 'quality', VIC.email, PASSWORD);
  await expect(his.getByRole('alert')).toContainText('This is not yours to see');
  await expectAccessible(his);
});

test('whoever leaves what is not kept is asked first, and loses nothing; a draft is thrown away, a form retired', async ({
  page,
}) => {
  await open(page, 'quality/forms', ADMIN.email, ADMIN.password);
  await leaveNewForm(page, sql);
  await go(page, 'quality/forms');
  await page.getByRole('link', { name: 'Second form' }).click();
  await page.getByLabel('Pass mark').fill('55');
  await page.getByRole('button', { name: 'Throw the draft away' }).click();
  await page.getByRole('button', { name: 'Throw the draft away' }).click();
  await expect(page).toHaveURL(/quality\/forms$/);
  await expect(page.getByRole('link', { name: 'Service call' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Second form' })).toBeHidden();
  expect(await sql`select 1 from quality_forms where name = 'Second form'`).toHaveLength(0);

  await page.getByRole('link', { name: 'Service call' }).click();
  await page.getByRole('button', { name: 'Retire this form' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Not yet' }).click();
  await page.getByRole('button', { name: 'Retire this form' }).click();
  await page.getByRole('button', { name: 'Retire this form' }).click();
  await expect(page.getByText(/^Retired · pass mark 90/)).toBeVisible();
  expect(await sql`select 1 from quality_forms where state = 'published'`).toHaveLength(0);
  // Nothing is scored on it any more; what it was scored on counts on.
  const [unscored] = await sql`
    select call_id, identity from agent_metrics m where kind = 'answered'
      and not exists (select from call_quality_scores s where s.call_id = m.call_id)`;
  expect(unscored).toBeDefined();
  await go(page, `quality/review?call=${unscored?.call_id}&agent=${unscored?.identity}`);
  await expect(page.getByRole('heading', { name: 'There is no form to review calls on' })).toBeVisible();
  await go(page, 'quality');
  await expect(page.getByText('Calls score 91.7 on average.')).toBeVisible();
});

async function open(page: Page, address: string, email: string, password: string): Promise<void> {
  await page.goto(`${cabled.server.url}/#/${address}`);
  if (email === ADMIN.email) return enter(page, password);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function go(page: Page, address: string): Promise<void> {
  await page.goto(`${cabled.server.url}/#/${address}`);
}

async function type(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).focus();
  await page.keyboard.type(text);
}
