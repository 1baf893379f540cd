import { expect, type Page, test } from '@playwright/test';
import { postEvents, signIn } from './testing/api.ts';
import { expectAccessible } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

/** A machine on which nobody has decided anything, in the zone of the tests' browser. */
const FRESH = { ADMIN_EMAIL: '', ADMIN_PASSWORD: '', TENANT_NAME: '', TENANT_TIME_ZONE: 'UTC', DEMO: 'on' };

let server: Callboard;
test.beforeEach(async () => {
  server = await startCallboard({ env: FRESH });
});
test.afterEach(() => server?.dispose());

/** The link that the start printed. */
function printedLink(): string {
  const link = /Open this to set up Callboard:\s+(http:\S+\/#\/setup\/[\w-]{43})\s/.exec(
    server.output(),
  )?.[1];
  if (link === undefined) throw new Error(`No link was printed:\n${server.output()}`);
  return link;
}

async function expectFits(page: Page): Promise<void> {
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1600, height: 900 });
}

/** Everything up to the choice of a source, by keyboard alone. */
async function answerSteps(page: Page): Promise<void> {
  await expect(page.getByLabel('Your name')).toBeFocused();
  await page.keyboard.type('Ada Lovelace');
  await page.keyboard.press('Tab');
  await page.keyboard.type(ADMIN.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(ADMIN.password);
  await expectFits(page);
  await page.keyboard.press('Enter');

  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.type('Harbour Support');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Time zone')).toHaveValue('UTC');
  await page.keyboard.type('Atlantis');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This is no time zone.')).toBeVisible();
  await page.getByLabel('Time zone').fill('utc');
  await expect(page.getByText(/It is \d\d:\d\d there now/)).toBeVisible();
  await expectFits(page);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Step 3 of 3')).toBeVisible();
}

test('[S76] the printed link ends on the living demo; a second visitor with the same link is told that it is done', async ({
  page,
  browser,
}) => {
  const link = printedLink();
  await page.goto(link);
  await answerSteps(page);
  await expect(page.getByLabel(/demo first/)).toBeFocused();
  await expectFits(page);
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'Harbour Support' })).toBeVisible();
  // Told before anybody came: it need not begin.
  await expect(page.getByRole('region', { name: 'Queues' })).toContainText('Outages');
  await expectAccessible(page);

  const second = await (await browser.newContext()).newPage();
  await second.goto(link);
  await expect(second.getByText('This installation is set up already.')).toBeVisible();
  await expectAccessible(second);
  await second.getByRole('link', { name: 'Go to Callboard' }).click();
  await expect(second.getByLabel('Password')).toBeVisible();

  const { dataDir } = server;
  await server.stop();
  server = await startCallboard({ dataDir, env: { ...FRESH, DEMO: '' } });
  expect(server.output()).not.toContain('/#/setup/');
  expect(server.output()).toContain('chosen when it was set up');
  // It goes on there after a restart.
  const api = await signIn(server.url);
  await expect(async () => {
    const { seq } = await api.live();
    expect(seq).toBeGreaterThan(1_000);
  }).toPass();
});

test('[S76] the printed link ends on a call centre of one’s own, which waits for its first event and ticks when it comes', async ({
  page,
}) => {
  await page.goto(printedLink());
  await answerSteps(page);
  await page.getByLabel(/Connect a telephone system/).check();
  await page.getByRole('button', { name: 'Finish' }).click();

  await expect(page.getByRole('heading', { name: 'Connect a source' })).toBeVisible();
  await expect(page.getByText('events to Harbour Support')).toBeVisible();
  await expect(page.getByText('Waiting for the first event')).toBeVisible();
  await expect(page.getByText('follow asterisk /var/log/asterisk/queue_log')).toContainText(
    `--url ${server.url}/`,
  );
  await expectFits(page);
  await page.getByLabel('HTTP').check();
  await expectFits(page);

  // As it stands there, short of a shell.
  const curl = (await page.getByText('curl http').textContent()) ?? '';
  const [, key = ''] = /Bearer (cb_[\w-]{43})/.exec(curl) ?? [];
  const [, body = ''] = /-d '(.*)'$/s.exec(curl) ?? [];
  await postEvents(server.url, key, JSON.parse(body).events);
  await expect(page.getByText('The first event has arrived.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Go to the wall' }).click();
  await expect(page.getByRole('region', { name: 'Queues' })).toContainText('sales');

  // The demo went with its call centre.
  await page.goto(`${server.url}/#/settings/centres`);
  await expect(page.getByRole('listitem')).toHaveCount(1);
});
