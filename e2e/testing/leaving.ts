import { expect, type Locator, type Page, type Request } from '@playwright/test';
import type { Sql } from 'postgres';

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
