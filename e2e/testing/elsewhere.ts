import { type Browser, expect, type Page } from '@playwright/test';
import type { Sql } from 'postgres';
import { tell } from './api.ts';
import { expectAccessible } from './page.ts';

/** Somebody else's browser. */
export const elsewhere = async (browser: Browser): Promise<Page> => (await browser.newContext()).newPage();

/** The score on the page is changed in another window: what is typed here is asked about, and kept. */
export async function changeScoreElsewhere(page: Page, sql: Sql): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByLabel('On the whole call').fill('From the other window');
  await expect(other.getByText('Kept as a draft. Only you see it.')).toBeVisible();
  await page.getByLabel('On the whole call').fill('From this one');
  await expect(page.getByRole('alert').filter({ hasText: 'changed elsewhere' })).toBeVisible();
  await expect(page.getByLabel('On the whole call')).toHaveValue('From this one');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Keep what is here' }).click();
  await expect(page.getByText('Kept as a draft. Only you see it.')).toBeVisible();
  await expect
    .poll(async () => (await sql`select comment from call_quality_scores where state = 'draft'`)[0]?.comment)
    .toBe('From this one');

  await other.close();
}

/** The same of a form's draft, changed over HTTP; answers the form's id. */
export async function changeFormElsewhere(
  page: Page,
  sql: Sql,
  { url, token }: { url: string; token: string },
): Promise<string> {
  const [form] = await sql`select form_id, revision from quality_forms where state = 'draft'`;
  const detail = await tell(url, 'GET', `analytics/quality/forms/${form?.form_id}`, undefined, token);
  const { name, guidance, passMark, sections } = detail.data.versions[0];
  const content = { name, guidance: `${guidance} Theirs.`, passMark, sections };
  await tell(
    url,
    'PUT',
    `analytics/quality/forms/${form?.form_id}`,
    { revision: form?.revision, content },
    token,
  );
  await page.getByLabel('Pass mark').fill('90');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Somebody else has changed this form meanwhile.')).toBeVisible();
  await expect(page.getByLabel('Pass mark')).toHaveValue('90');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Keep what is here' }).click();
  await page.keyboard.press('Control+s');
  await page.getByRole('button', { name: 'Keep the draft' }).click();
  await expect(page.getByText('Kept as a draft.')).toBeVisible();
  const [kept] = await sql`select pass_mark from quality_forms where state = 'draft'`;
  expect(Number(kept?.pass_mark)).toBe(90);
  return String(form?.form_id);
}
