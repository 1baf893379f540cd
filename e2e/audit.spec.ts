import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { importQueueLog, signIn } from './testing/api.ts';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

let server: Callboard;
test.beforeAll(async () => {
  server = await startCallboard();
});
test.afterAll(() => server?.dispose());

test('a change is read in the audit in plain words, found by filter, and taken away as CSV [S71]', async ({
  page,
}) => {
  const { token } = await signIn(server.url);
  await importQueueLog(server.url, token, '1700000000|1.1|=sales|NONE|ENTERQUEUE||100|1\n');

  await page.goto(server.url);
  await enter(page, 'not the password');
  await expect(page.getByRole('alert')).not.toBeEmpty();
  await enter(page, ADMIN.password);
  await page.getByRole('link', { name: 'Settings' }).click();
  const field = page.getByLabel('Answered within');
  await field.fill('35');
  await field.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  await page.getByRole('link', { name: 'Queues' }).click();
  await page.getByLabel('Short abandon').fill('7');
  await page.getByLabel('Short abandon').press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toHaveCount(1);

  await page.getByRole('link', { name: 'Audit' }).click();
  const lines = page.locator('summary');
  const change = lines.filter({ hasText: `${ADMIN.email} changed the centre` });
  await expect(change).toContainText('Answered within 20 s → 35 s');
  await expect(change).toContainText('127.0.0.1');
  await expect(lines.filter({ hasText: `Somebody failed to sign in as ${ADMIN.email}` })).toHaveCount(1);
  await expect(lines.filter({ hasText: '1 events, 0 rejected' })).toHaveCount(1);
  await change.click();
  await expect(page.locator('details[open]').getByText(/request [\w-]{12}/)).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel('What', { exact: true }).selectOption('Changed a queue');
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText('changed the queue =sales');
  await page.getByLabel('By whom').fill('ADMIN@');
  await page.getByLabel('By whom').press('Enter');
  await expect(page).toHaveURL(/action=queue\.changed&actor=ADMIN/);
  await expect(lines).toHaveCount(1);
  await page.reload();
  await expect(lines).toHaveCount(1);
  await expect(page.getByLabel('By whom')).toHaveValue('ADMIN@');

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^audit-acme-\d{4}-\d\d-\d\d\.csv$/);
  const csv = await readFile(await download.path(), 'utf8');
  const [head, row, ...more] = csv.trim().split('\r\n');
  expect(head).toContain('occurred_at,local_time');
  expect(row).toContain("queue.changed,'=sales,");
  expect(row).toContain(ADMIN.email);
  expect(more).toEqual([]);

  await page.getByLabel('By whom').fill('nobody of that name');
  await page.getByLabel('By whom').press('Enter');
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByRole('link', { name: 'Clear' }).click();
  await expect(lines.filter({ hasText: 'downloaded the audit' })).toHaveCount(1);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessible(page);

  await page.route('**/api/v1/audit*', (route) => route.abort());
  await page.reload();
  await expect(page.getByRole('alert').filter({ hasText: 'does not answer' })).toBeVisible();
  await page.unroute('**/api/v1/audit*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(lines.first()).toBeVisible();
});
