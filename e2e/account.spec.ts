import { expect, test } from '@playwright/test';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

const NEW_PASSWORD = 'another-correct-horse-battery';

let server: Callboard;
test.beforeAll(async () => {
  // Of a zone nothing is prepared for: this start makes the administrator itself, with a hash at its full cost.
  server = await startCallboard({ env: { TENANT_TIME_ZONE: 'Europe/Berlin' } });
});
test.afterAll(() => server?.dispose());

test('[S13] a session ended from another browser shows the door at once; a password is changed; everywhere is here too', async ({
  page,
  browser,
}) => {
  const elsewhere = await (await browser.newContext()).newPage();
  for (const one of [page, elsewhere]) {
    await one.goto(server.url);
    await enter(one, ADMIN.password);
    await expect(one.getByRole('region', { name: 'Offered', exact: true })).toBeVisible();
  }

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'You' }).click();
  const sessions = page.getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'this one' })).toHaveCount(1);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await page.getByRole('button', { name: /^Sign out Chrome/ }).click();
  await expect(sessions).toHaveCount(1);
  await expect(elsewhere.getByLabel('Password')).toBeVisible();

  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('is not the password of this account')).toBeVisible();
  await page.getByLabel('Current password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Changed.')).toBeVisible();

  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await enter(page, ADMIN.password);
  await expect(page.getByRole('alert')).toHaveText('Wrong e-mail or password.');
  await enter(page, NEW_PASSWORD);
  await page.goto(`${server.url}/#/`);
  await expect(page.getByRole('region', { name: 'Offered', exact: true })).toBeVisible();
});
