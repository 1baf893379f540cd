import { type Browser, expect, type Page, test } from '@playwright/test';
import { enter, expectAccessible, expectLive } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

let server: Callboard;
test.beforeEach(async () => {
  server = await startCallboard();
});
test.afterEach(() => server?.dispose());

const KEPT = 'callboard.screen';

/** A display in a browser of its own, and somebody who manages screens in hers. */
async function together(browser: Browser): Promise<{ tv: Page; desk: Page }> {
  const tv = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
  const desk = await (await browser.newContext()).newPage();
  await tv.goto(`${server.url}/tv`);
  await desk.goto(`${server.url}/#/settings/sectors`);
  await enter(desk, ADMIN.password);
  await desk.getByLabel('New sector').fill('Billing');
  await desk.getByRole('button', { name: 'Add' }).click();
  await expect(desk.getByLabel('Name of the sector Billing')).toBeVisible();
  await desk.goto(`${server.url}/#/settings/screens`);
  return { tv, desk };
}

async function codeOn(tv: Page): Promise<string> {
  const said = tv.getByText('The code is');
  await expect(said).toBeAttached();
  return (await said.textContent())?.replace('The code is', '').replaceAll(' ', '') ?? '';
}

async function connect(desk: Page, code: string, name: string, board: string): Promise<void> {
  await desk.getByLabel('Code on the TV').fill(code);
  await desk.getByRole('textbox', { name: 'Name' }).fill(name);
  await desk.getByLabel('Shows').selectOption({ label: board });
  await desk.getByRole('button', { name: 'Connect' }).click();
}

const tile = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const kept = (tv: Page) => tv.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? 'null'), KEPT);

// How soon is measured, with a thousand of them: bench/pairing.ts.
test('[S77] a TV is paired without a password and shows its board; then it does as it is told', async ({
  browser,
}) => {
  const { tv, desk } = await together(browser);
  const code = await codeOn(tv);
  await expect(tv.getByRole('img', { name: 'QR code' })).toBeVisible();
  await expectAccessible(tv);
  await expect(desk.getByText('No screens yet')).toBeVisible();
  await expectAccessible(desk);

  await connect(desk, 'CCCC CCCC', 'Lobby', 'Queues');
  await expect(desk.getByRole('alert').filter({ hasText: 'is not known, or has expired' })).toBeVisible();
  await desk.getByLabel('Code on the TV').fill(`${code.slice(0, 4)} ${code.slice(4).toLowerCase()}`);
  await desk.getByRole('button', { name: 'Connect' }).click();
  await expect(tile(tv, 'Queues')).toBeVisible();
  await expectLive(tile(tv, 'Waiting'));
  await expect(tile(tv, 'Agents')).toHaveCount(0);
  await expect(desk.getByText('Lobby is connected.')).toBeVisible();

  // Nothing to press, nothing to scroll, and no pointer once it rests.
  await expect(tv.getByRole('button').or(tv.getByRole('link'))).toHaveCount(0);
  const overflows = await tv.evaluate(
    () =>
      document.documentElement.scrollHeight > innerHeight ||
      document.documentElement.scrollWidth > innerWidth,
  );
  expect(overflows).toBe(false);
  await expect
    .poll(() => tv.getByRole('main').evaluate((main) => getComputedStyle(main).cursor))
    .toBe('none');
  await expectAccessible(tv);

  const row = desk.getByRole('listitem').filter({ hasText: 'Lobby' });
  await expect(row).toContainText('Online');
  await expect(row).toContainText('1920×1080');
  await expect(row).not.toContainText('old version');
  await row.getByRole('button', { name: 'Identify Lobby' }).click();
  await expect(tv.getByRole('status').filter({ hasText: 'Lobby' })).toBeVisible();

  await row.getByRole('button', { name: 'Change Lobby' }).click();
  await expectAccessible(desk);
  await row.getByLabel('Shows').selectOption({ label: 'Agents' });
  await expect(tile(tv, 'Agents')).toBeVisible();
  await expect(tile(tv, 'Queues')).toHaveCount(0);

  // All is a choice of its own, and nothing chosen is nothing yet.
  await row.getByRole('button', { name: 'Sectors of Lobby' }).click();
  await row.getByLabel('Only these').check();
  await expect(row.getByText('Choose at least one.')).toBeVisible();
  await expect(row.getByRole('button', { name: 'Save' })).toBeDisabled();
  await expectAccessible(desk);
  await row.getByLabel('Billing').check();
  await row.getByRole('button', { name: 'Save' }).click();
  await expect(row.getByRole('paragraph').filter({ hasText: /^Billing$/ })).toBeVisible();

  const reloaded = tv.waitForEvent('load');
  await row.getByRole('button', { name: 'Reload Lobby' }).click();
  await reloaded;
  await expectLive(tile(tv, 'Waiting'));

  await row.getByRole('button', { name: 'Revoke Lobby' }).click();
  await row.getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(tv.getByText('Connect this screen')).toBeVisible();
  await expect(row).toHaveCount(0);
  expect(await kept(tv)).toBeNull();
  expect(await codeOn(tv)).not.toBe(code);

  await desk.setViewportSize({ width: 390, height: 844 });
  expect(await desk.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a TV survives a server that is killed, a power cut, another token; whoever scans it finds its code filled in', async ({
  browser,
}) => {
  const { tv, desk } = await together(browser);
  const code = await codeOn(tv);
  await desk.goto(`${server.url}/#/settings/screens?code=${code}`);
  await expect(desk.getByLabel('Code on the TV')).toHaveValue(code);
  await desk.getByRole('textbox', { name: 'Name' }).fill('Canteen');
  await desk.getByRole('button', { name: 'Connect' }).click();
  const waiting = tile(tv, 'Waiting');
  await expectLive(waiting);
  await expect(desk.getByLabel('Code on the TV')).toHaveValue('');

  const { dataDir, url } = server;
  await server.kill();
  await expect(tv.getByRole('status')).toContainText('Server unreachable');
  server = await startCallboard({ dataDir, port: Number(new URL(url).port) });
  await expectLive(waiting);
  await expect(tv.getByRole('status')).toBeEmpty();

  // A day later, as far as both can tell, the power goes and comes back.
  const first = await kept(tv);
  await tv.evaluate(([key, text]) => localStorage.setItem(key, text), [
    KEPT,
    JSON.stringify({ ...first, renewedAt: first.renewedAt - 90_000_000 }),
  ] as const);
  await tv.reload();
  await expect.poll(async () => (await kept(tv)).token).not.toBe(first.token);
  // And once more: from now on it is the new one that lets it in.
  await tv.reload();
  await expectLive(waiting);
  const renewed = await fetch(`${url}/api/v1/screens/renewal`, {
    method: 'POST',
    headers: { authorization: `Bearer ${first.token}` },
  });
  expect(renewed.status).toBe(401);
  // What it was paired with opens nothing else [S78].
  const { token } = await kept(tv);
  const other = await fetch(`${url}/api/v1/metrics/live`, { headers: { authorization: `Bearer ${token}` } });
  expect(other.status).toBe(403);
});
