import { expect, test } from '@playwright/test';
import { postEvents } from './testing/api.ts';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

let server: Callboard;
test.beforeAll(async () => {
  server = await startCallboard();
});
test.afterAll(() => server?.dispose());

test('a key is made on the page, sends events, is replaced with an overlap and revoked; it is shown once', async ({
  page,
}) => {
  await page.goto(server.url);
  await enter(page, ADMIN.password);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Keys' }).click();
  await expect(page.getByText('A telephone system needs one')).toBeVisible();

  await page.getByLabel('Name').fill('PBX in Leeds');
  await page.getByLabel('Send events').uncheck();
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'must name at least one scope' })).toBeVisible();
  await page.getByLabel('Send events').check();
  await page.getByRole('button', { name: 'Create key' }).click();

  const shown = page.getByLabel('The key for PBX in Leeds');
  await expect(shown).toHaveValue(/^cb_[\w-]{43}$/);
  await expectAccessible(page);
  const key = await shown.inputValue();
  const event = { kind: 'call.queued', callId: 'c', queue: 'q', source: 'pbx', occurredAt: Date.now() };
  await postEvents(server.url, key, [{ ...event, sourceKey: '1' }]);

  await page.reload();
  const rows = page.getByRole('listitem');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('last used');
  await expect(page.getByText(key)).toHaveCount(0);

  await page.getByRole('button', { name: 'Replace the key PBX in Leeds' }).click();
  await expect(shown).not.toHaveValue(key);
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: 'ends' })).toHaveCount(1);
  await postEvents(server.url, key, [{ ...event, sourceKey: '2' }]);

  const old = rows.filter({ hasText: 'ends' });
  await old.getByRole('button', { name: 'Revoke the key PBX in Leeds' }).click();
  await expect(rows).toHaveCount(1);
  await expect(postEvents(server.url, key, [{ ...event, sourceKey: '3' }])).rejects.toThrow(/unauthorized/);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
