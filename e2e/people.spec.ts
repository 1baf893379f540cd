import { type Browser, expect, type Page, test } from '@playwright/test';
import { startMailServer, type TestMailServer } from '../server/mail/testing.ts';
import { signIn as apiSignIn } from './testing/api.ts';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN, type Callboard, freePort, startCallboard } from './testing/server.ts';

const PASSWORD = 'a password of her own';
const NEW_PASSWORD = 'and another of her own';

let server: Callboard;
test.beforeAll(async () => {
  server = await startCallboard();
});
test.afterAll(() => server?.dispose());

/** Somebody else's browser. */
const elsewhere = async (browser: Browser): Promise<Page> => (await browser.newContext()).newPage();

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function openPeople(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await enter(page, ADMIN.password);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();
}

async function expectFitsPhone(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (before) await page.setViewportSize(before);
}

async function post(url: string, path: string, body: object, token?: string) {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

const expectWall = (page: Page) =>
  expect(page.getByRole('region', { name: 'Offered', exact: true })).toBeVisible();

test('[S13] a supervisor is invited, comes in by her link, is lowered and removed, and is signed out at once', async ({
  page,
  browser,
}) => {
  await openPeople(page, server.url);
  await page.getByRole('link', { name: 'Sectors' }).click();
  await page.getByLabel('New sector').fill('Billing');
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByLabel('Name of the sector Billing')).toBeVisible();
  await page.getByRole('link', { name: 'People' }).click();
  await expect(page.getByText('No open invitations.')).toBeVisible();
  await expectAccessible(page);

  const invite = page.locator('section', { hasText: 'Invite somebody' });
  await invite.getByLabel('Name').fill('Ann Smith');
  await invite.getByLabel('E-mail').fill('ann@example.test');
  await invite.getByLabel('Only these').check();
  // Nothing chosen must not come to mean everything.
  await expect(invite.getByRole('button', { name: 'Invite' })).toBeDisabled();
  await invite.getByLabel('Billing').check();
  await invite.getByRole('button', { name: 'Invite' }).click();
  const shown = page.getByLabel('The link for Ann Smith');
  await expect(shown).toHaveValue(/#\/invitation\/[\w-]{43}$/);
  await expect(page.getByText('Hand it over yourself')).toBeVisible();
  const pending = page.getByRole('listitem').filter({ hasText: 'ann@example.test' });
  await expect(pending).toContainText('Billing');
  await expectAccessible(page);
  await expectFitsPhone(page);
  const first = await shown.inputValue();

  await invite.getByLabel('Name').fill('Ann again');
  await invite.getByLabel('E-mail').fill('Ann@example.test');
  await invite.getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByText('is invited already')).toBeVisible();

  await page.reload();
  await expect(pending).toBeVisible();
  await expect(shown).toHaveCount(0);
  await page.getByRole('button', { name: 'New link for Ann Smith' }).click();
  await expect(shown).not.toHaveValue(first);
  const link = await shown.inputValue();

  const hers = await elsewhere(browser);
  await hers.goto(first);
  await expect(hers.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
  await expectAccessible(hers);
  await hers.goto(link);
  await expect(hers.getByRole('heading', { name: 'Acme' })).toBeVisible();
  await expect(hers.getByText('You are invited as a supervisor.')).toBeVisible();
  await expect(hers.getByLabel('Your name')).toHaveValue('Ann Smith');
  await expectAccessible(hers);
  await expectFitsPhone(hers);
  await hers.getByLabel('New password').fill('short');
  await hers.getByRole('button', { name: 'Accept' }).click();
  await expect(hers.getByRole('alert')).toContainText('must have at least 8 characters');
  await hers.getByLabel('New password').fill(PASSWORD);
  await hers.getByRole('button', { name: 'Accept' }).click();
  await expectWall(hers);
  await hers.reload();
  await expectWall(hers);

  await page.reload();
  const row = page.getByRole('listitem').filter({ hasText: 'ann@example.test' });
  await expect(row).toContainText('last seen');
  const sectorsOfHers = page.getByRole('button', { name: 'Sectors of Ann Smith' });
  await sectorsOfHers.click();
  // The keyboard goes into what has opened, and comes back.
  await expect(row.getByLabel('Only these')).toBeFocused();
  await row.getByRole('button', { name: 'Cancel' }).click();
  await expect(sectorsOfHers).toBeFocused();
  await sectorsOfHers.click();
  await page.getByLabel('All sectors').first().check();
  await row.getByRole('button', { name: 'Save' }).click();
  await expect(row.getByText('All sectors')).toBeVisible();
  await page.getByLabel('Role of Ann Smith').selectOption('Viewer');
  await expect(row.getByText('Saved')).toBeAttached();
  await expectWall(hers);

  await page.getByLabel('Role of Administrator').selectOption('Manager');
  await expect(page.getByText('make somebody an administrator first')).toBeVisible();

  await page.getByRole('button', { name: 'Remove Ann Smith' }).click();
  await expect(row.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(page.getByText('Remove Ann Smith? Their sessions end at once.')).toBeVisible();
  await row.getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
  await expect(hers.getByLabel('Password')).toBeVisible();
  await signIn(hers, 'ann@example.test', PASSWORD);
  await expect(hers.getByRole('alert')).toHaveText('Wrong e-mail or password.');
});

test('without mail nobody is promised any: an administrator makes the link to choose a new password', async ({
  page,
  browser,
}) => {
  const { token } = await apiSignIn(server.url);
  const bob = { name: 'Bob', email: 'bob@example.test', role: 'viewer' };
  const { data } = await post(server.url, 'people/invitations', bob, token);
  await post(server.url, 'invitations/acceptance', { token: data.token, name: bob.name, password: PASSWORD });
  await openPeople(page, server.url);
  await page.getByRole('button', { name: 'Reset link for Bob' }).click();
  const link = await page.getByLabel('The link for Bob').inputValue();
  await expectAccessible(page);
  const his = await elsewhere(browser);
  await his.goto(server.url);
  await signIn(his, bob.email, PASSWORD);
  await expectWall(his);

  const elsewherePage = await elsewhere(browser);
  await elsewherePage.goto(server.url);
  await expect(elsewherePage.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(elsewherePage.getByRole('link', { name: 'Forgot your password?' })).toHaveCount(0);
  await elsewherePage.goto(link);
  await expect(elsewherePage.getByLabel('E-mail')).toHaveValue(bob.email);
  await expectAccessible(elsewherePage);
  await elsewherePage.getByRole('textbox', { name: 'New password' }).fill(NEW_PASSWORD);
  await elsewherePage.getByRole('button', { name: 'Change the password' }).click();
  await expect(elsewherePage.getByRole('heading', { name: 'Your password is changed' })).toBeVisible();
  await expectAccessible(elsewherePage);
  // Whoever was signed in with the old one is out.
  await expect(his.getByLabel('Password')).toBeVisible();
  await elsewherePage.getByRole('link', { name: 'Sign in' }).click();
  await signIn(elsewherePage, bob.email, NEW_PASSWORD);
  await expectWall(elsewherePage);
});

test('a forgotten password is helped by mail, with a link that opens the page', async ({ page }) => {
  let mail: TestMailServer | null = null;
  let mailing: Callboard | null = null;
  try {
    mail = await startMailServer();
    const port = await freePort();
    const env = {
      SMTP_URL: mail.url,
      MAIL_FROM: 'Callboard <callboard@example.test>',
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    };
    mailing = await startCallboard({ port, env });
    await page.goto(mailing.url);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await expect(page.getByRole('button', { name: 'Mail me a link' })).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel('E-mail').fill(ADMIN.email);
    await page.getByRole('button', { name: 'Mail me a link' }).click();
    await expect(page.getByRole('heading', { name: 'Check your e-mail' })).toBeVisible();
    await expectAccessible(page);
    await expectFitsPhone(page);
    const { letters } = mail;
    await expect.poll(() => letters.length).toBe(1);
    const link = /http:\S+#\/password\/[\w-]{43}/.exec(letters[0]?.content ?? '')?.[0] ?? '';
    await page.goto(link);
    await page.getByRole('textbox', { name: 'New password' }).fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, ADMIN.email, NEW_PASSWORD);
    await expectWall(page);
    // Neither link nor token is anywhere in what the server wrote.
    expect(mailing.output()).not.toContain(link.split('/').at(-1));
  } finally {
    await mailing?.dispose();
    await mail?.close();
  }
});
