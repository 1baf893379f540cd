import { expect, type Locator, type Page, type Request } from '@playwright/test';
import type { Sql } from 'postgres';
import { expectAccessible } from './page.ts';

/** A score's draft is kept as somebody leaves, unless that failed: then they are asked. */
export async function leaveScoring(page: Page, sql: Sql): Promise<void> {
  const whole = page.getByLabel('On the whole call');
  const overview = page.getByRole('link', { name: 'Overview' });
  const dialog = askedToLeave(page);
  const failed = page.getByRole('alert').filter({ hasText: 'Not kept yet:' });
  const expectKept = (comment: string): Promise<void> =>
    expect
      .poll(async () => (await sql`select comment from call_quality_scores where state = 'draft'`)[0])
      .toEqual({ comment });
  await whole.fill('Left at once');
  await overview.click();
  await expect(page).toHaveURL(/#\/overview/);
  await expectKept('Left at once');
  await page.goBack();
  await page.reload();
  await expect(whole).toHaveValue('Left at once');

  const path = '**/api/v1/analytics/quality/scores/*';
  const patches: string[] = [];
  const onRequest = (request: Request): void => {
    if (request.method() === 'PATCH') patches.push(request.postData() ?? '');
  };
  page.on('request', onRequest);
  const breakOff = (): Promise<void> =>
    page.route(path, (route) => (route.request().method() === 'PATCH' ? route.abort() : route.fallback()));
  await breakOff();
  await whole.fill('Kept by itself');
  await expect(failed).toBeVisible();
  await overview.click();
  await expect(dialog).toBeVisible();
  await page.unroute(path);
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/quality\/scores\//);
  await expectKept('Kept by itself');

  // Who thinks better of it while it is being kept stays.
  await breakOff();
  await whole.fill('Kept and stayed');
  await expect(failed).toBeVisible();
  await overview.click();
  // Before the other, which nothing reaches any more.
  const slow = await holdUp(page, path, 'PATCH');
  await dialog.getByRole('button', { name: 'Keep it and leave' }).click();
  await expect.poll(slow.count).toBe(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  slow.letGo();
  await expect(page.getByText('Kept as a draft. Only you see it.')).toBeVisible();
  await expectKept('Kept and stayed');
  await expect(page).toHaveURL(/quality\/scores\//);
  await page.unroute(path);

  await breakOff();
  await whole.fill('Left without');
  await expect(failed).toBeVisible();
  await overview.click();
  await dialog.getByRole('button', { name: 'Leave without it' }).click();
  await expect(page).toHaveURL(/#\/overview/);
  const before = patches.length;
  await page.unroute(path);
  await page.goBack();
  await expect(whole).toHaveValue('Kept and stayed');
  await whole.fill('Come back');
  await expectKept('Come back');
  expect(patches.slice(before).filter((body) => body.includes('Left without'))).toEqual([]);
  page.off('request', onRequest);
}

/** A form's draft left for its own address is as it was kept, and held on to as before. */
export async function leaveForm(page: Page): Promise<void> {
  const dialog = askedToLeave(page);
  const passMark = page.getByLabel('Pass mark');
  for (const [version, address] of [
    ['Version 2: Draft', /version=2$/],
    ['Version 1: In use', /version=1$/],
  ] as const) {
    await expect(passMark).toHaveValue('90');
    await passMark.fill('70');
    await page.getByRole('link', { name: version }).click();
    await dialog.getByRole('button', { name: 'Leave without it' }).click();
    await expect(dialog).toBeHidden();
    await expect(page).toHaveURL(address);
  }
  await expect(page.getByText(/^In use · pass mark 80/)).toBeVisible();
  await page.getByRole('link', { name: 'Version 2: Draft' }).click();
  await expect(passMark).toHaveValue('90');
}

export const askedToLeave = (page: Page): Locator =>
  page.getByRole('dialog', { name: 'Leave what is not kept?' });

/** The server is slow with some requests: until they are let go. */
export async function holdUp(page: Page, path: string, method: string) {
  let letGo = (): void => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let count = 0;
  await page.route(path, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    count += 1;
    await gone;
    await route.continue();
  });
  return { count: () => count, letGo };
}

/** A form that is made: asked before it is left by a link, a button of the browser or an address; kept once, however it is pressed. */
export async function leaveNewForm(page: Page, sql: Sql): Promise<void> {
  await page.getByRole('link', { name: 'New form' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Left behind');
  const dialog = askedToLeave(page);
  // A link of the page, the button of the browser, and an address that is typed.
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect(dialog.getByRole('button', { name: 'Stay here' })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await page.goBack();
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.evaluate(() => {
    location.hash = '#/performance';
  });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Left behind');
  await expect(page).toHaveURL(/quality\/forms\/new$/);
  const unloads: string[] = [];
  page.on('dialog', (asked) => {
    unloads.push(asked.type());
    void asked.accept();
  });
  await page.reload();
  expect(unloads).toEqual(['beforeunload']);

  await page.getByLabel('Name', { exact: true }).fill('Second form');
  await page.getByLabel('Section', { exact: true }).fill('All');
  await page.getByLabel('Criterion', { exact: true }).fill('Everything');
  // Kept once however long the keys are held; what is typed on meanwhile is not kept by it.
  const posts = await holdUp(page, '**/api/v1/analytics/quality/forms', 'POST');
  for (let press = 0; press < 3; press++) await page.keyboard.press('Control+s');
  await page.getByLabel('Pass mark').fill('65');
  posts.letGo();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Second form');
  await expect(page.getByLabel('Pass mark')).toHaveValue('65');
  await expect(page.getByText('Not kept yet.')).toBeVisible();
  expect(posts.count()).toBe(1);
  await page.keyboard.press('Control+s');
  await expect(page).toHaveURL(/quality\/forms\/[0-9a-f-]{36}$/);
  await expect(page.getByLabel('Pass mark')).toHaveValue('65');
  expect(await sql`select 1 from quality_forms where name = 'Second form' and state = 'draft'`).toHaveLength(
    1,
  );
}
