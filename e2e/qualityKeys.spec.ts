import { expect, type Locator, type Page, test } from '@playwright/test';
import postgres, { type Sql } from 'postgres';
import { annsCalls } from './testing/annsCalls.ts';
import { DAY_MS, postEvents, signIn } from './testing/api.ts';
import { type Cabled, startCabled } from './testing/cabled.ts';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN } from './testing/server.ts';

let cabled: Cabled;
let sql: Sql;

test.beforeAll(async () => {
  cabled = await startCabled();
  sql = postgres(cabled.database.url, { max: 1, onnotice: () => {} });
  const api = await signIn(cabled.server.url);
  await postEvents(cabled.server.url, await api.createKey(), annsCalls(['call-1'], Date.now() - DAY_MS));
  await expect
    .poll(async () => (await sql`select 1 from queue_visits where outcome = 'answered'`).length)
    .toBe(1);
});

test.afterAll(async () => {
  await sql?.end();
  await cabled?.dispose();
});

test('the keyboard goes on from where it was: through a form, a review, a dispute and its decision', async ({
  page,
}) => {
  await page.goto(`${cabled.server.url}/#/quality/review`);
  await enter(page, ADMIN.password);
  const message = page.getByRole('alert');
  await expect(message.getByRole('heading', { name: 'This link names no call' })).toBeVisible();
  await expect(message.getByRole('link').first()).toHaveAttribute('href', '#/quality?tab=sample');
  await go(page, 'quality/review?call=nothing');
  await expect(message.getByRole('heading', { name: 'This call is not known' })).toBeVisible();
  await go(page, 'quality/forms/0b7c2f5e-6f0e-4f0a-9a51-0d2f6a3f5c11');
  await expect(page.getByRole('heading', { name: 'This form is not known' })).toBeVisible();
  await expect(page).toHaveTitle(/^Review form ·/);

  await writeForm(page);
  await reviewCall(page);
  await disputeIt(page);
});

async function writeForm(page: Page): Promise<void> {
  await go(page, 'quality/forms/new');
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('Service call');
  await sections(page).fill('Opening');
  await nameOf(page, 'Criterion 1').fill('Greeting');
  await button(page, 'Add a criterion to Opening').press('Enter');
  await expect(nameOf(page, 'Criterion 2')).toBeFocused();
  await page.keyboard.type('Farewell');
  await button(page, 'Move Farewell up').press('Enter');
  await expect(button(page, 'Move Farewell up')).toBeFocused();
  await button(page, 'Add a section').press('Enter');
  await expect(sections(page).nth(1)).toBeFocused();
  await page.keyboard.type('Closing');
  await nameOf(page, 'Criterion 1').fill('Thanks');
  await button(page, 'Move Closing up').press('Enter');
  await expect(button(page, 'Move Closing up')).toBeFocused();
  await expect(sections(page).first()).toHaveValue('Closing');
  await button(page, 'Remove Farewell').press('Enter');
  await expect(nameOf(page, 'Greeting')).toBeFocused();
  await button(page, 'Remove Closing').press('Enter');
  await expect(sections(page)).toBeFocused();
  // Made, it has an address of its own, and whoever writes is where they were.
  await nameOf(page, 'Greeting').press('Control+s');
  await expect(page).not.toHaveURL(/new$/);
  await expect(nameOf(page, 'Greeting')).toBeFocused();
  await button(page, 'Publish …').press('Enter');
  await expect(button(page, 'Not yet')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button(page, 'Publish …')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('it never changes.', { exact: false })).not.toContainText('retired');
  await button(page, 'Publish now').press('Enter');
  await expect(page.getByText('In use · pass mark 80 · 0 scores')).toBeVisible();
  await expect(title(page)).toBeFocused();
  await expectAccessible(page);
}

async function reviewCall(page: Page): Promise<void> {
  await go(page, 'quality/review?call=call-1');
  await button(page, 'Begin').press('Enter');
  const greeting = page.getByRole('group', { name: 'Greeting' });
  await expect(greeting.getByRole('radio').first()).toBeFocused();
  // A comment without an answer is not kept, which is said, and asked about.
  await page.keyboard.press('c');
  await page.keyboard.type('By name');
  await expect(page.getByText('Kept as a draft, but for the comment')).toBeVisible();
  await page.getByRole('link', { name: 'Overview' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Leave what is not kept?' });
  await expect(button(dialog, 'Stay here')).toBeFocused();
  await expect(button(dialog, 'Keep it and leave')).toBeHidden();
  await page.keyboard.press('Enter');
  await greeting.getByRole('radio').first().press('4');
  // The last one stays, on what was chosen.
  await expect(greeting.getByRole('radio', { name: '4' })).toBeFocused();
  await expect(page.getByText('Kept as a draft. Only you see it.')).toBeVisible();
  await expect
    .poll(async () => (await sql`select answers #>> '{0,comment}' as said from call_quality_scores`)[0]?.said)
    .toBe('By name');
  await button(page, 'Throw this draft away').press('Enter');
  await expect(button(page, 'Not yet')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(button(page, 'Throw this draft away')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(button(page, 'Sign now')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button(page, 'Sign …')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(button(page, 'Sign now')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText('Score of Ann');
  await expect(title(page)).toBeFocused();
}

async function disputeIt(page: Page): Promise<void> {
  const dispute = button(page, 'The agent disputes it');
  await dispute.press('Enter');
  await expect(page.getByLabel('Why')).toBeFocused();
  await page.keyboard.type('I did ask');
  await page.keyboard.press('Escape');
  await expect(dispute).toBeFocused();
  // What is put off is not gone, and whoever leaves is asked.
  await page.getByRole('link', { name: 'Overview' }).press('Enter');
  await expect(button(page, 'Stay here')).toBeFocused();
  await page.keyboard.press('Enter');
  await dispute.press('Enter');
  await page.keyboard.type(' for it.');
  await expect(page.getByLabel('Why')).toHaveValue('I did ask for it.');
  await button(page, 'Enter the dispute').press('Enter');
  await expect(page.getByText(/^The agent disputes it: entered by/)).toBeVisible();
  await expect(title(page)).toBeFocused();
  await button(page, 'Decide the dispute').press('Enter');
  await expect(page.getByLabel('Why it is decided so')).toBeFocused();
  await page.keyboard.type('It stands.');
  await button(page, 'Decide').press('Enter');
  await expect(page.getByText(/^Decided by/)).toBeVisible();
  await expect(title(page)).toBeFocused();
}

function button(place: Page | Locator, name: string): Locator {
  return place.getByRole('button', { name, exact: true });
}

/** Of the criterion that is called so, or has no name yet and stands there. */
function nameOf(page: Page, criterion: string): Locator {
  return page.getByRole('group', { name: criterion }).getByLabel('Criterion', { exact: true });
}

function sections(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Section', exact: true });
}

function title(page: Page): Locator {
  return page.getByRole('heading', { level: 1 });
}

async function go(page: Page, address: string): Promise<void> {
  await page.goto(`${cabled.server.url}/#/${address}`);
}
