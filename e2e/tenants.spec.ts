import { expect, type Page, test } from '@playwright/test';
import { apiOf, postEvents } from './testing/api.ts';
import { AT_NOON } from './testing/noon.ts';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

let server: Callboard;
test.beforeAll(async () => {
  server = await startCallboard({ env: AT_NOON });
});
test.afterAll(() => server?.dispose());

/** A key of the call centre in that place of the account's list, as a script of its owner makes one. */
async function keyOf(name: string): Promise<string> {
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${server.url}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    });
  const first = await post('sessions', ADMIN);
  const { data } = await first.json();
  const { id } = data.tenants.find((tenant: { name: string }) => tenant.name === name);
  if (id === data.tenant.id) return apiOf(server.url, data.accessToken).createKey();
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0];
  const second = await (await post('sessions/switch', { tenantId: id }, cookie)).json();
  return apiOf(server.url, second.data.accessToken).createKey();
}

/** Signed in, with one call centre. */
async function comeIn(page: Page): Promise<void> {
  await page.goto(server.url);
  await enter(page, ADMIN.password);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
}

/** Waiting calls of one queue and one agent, under the same ids wherever they are sent. */
function waiting(count: number): object[] {
  const source = { source: 'pbx', occurredAt: Date.now() };
  const calls = Array.from({ length: count }, (_, i) => ({
    ...source,
    kind: 'call.queued',
    sourceKey: `call-${i}`,
    callId: `call-${i}`,
    queue: 'sales',
  }));
  return [
    { ...source, kind: 'agent.signed_in', sourceKey: 'agent', agent: 'Agent/1', queues: ['sales'] },
    ...calls,
  ];
}

const figure = (page: Page) => page.getByRole('region', { name: 'Waiting', exact: true });

/** Under which name which figure stood, in every frame from now on. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    const look = (): void => {
      const name = document.querySelector('h1')?.textContent ?? '';
      const region = [...document.querySelectorAll('section')].find((one) =>
        one.textContent?.startsWith('Waiting'),
      );
      // Since when there is no figure is a time of day, and no figure.
      const text = region?.textContent?.replace(/since \d.*$/, '') ?? '';
      seen.add(`${name} ${text}`);
      requestAnimationFrame(look);
    };
    look();
  });
}

test('[S48] [S51] two call centres with the same ids on one server never meet; a person of both switches; one is deleted', async ({
  page,
  browser,
}) => {
  await comeIn(page);
  // With one call centre its name is a name.
  await expect(page.getByRole('button', { name: /Another call centre/ })).toHaveCount(0);

  await page.goto(`${server.url}/#/settings/centres`);
  await page.getByLabel('Name', { exact: true }).fill('Beta');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('listitem')).toHaveCount(2);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1600, height: 900 });
  await page.goto(`${server.url}/#/`);

  await postEvents(server.url, await keyOf('Acme'), waiting(7));
  await postEvents(server.url, await keyOf('Beta'), waiting(2));

  const other = await (await browser.newContext()).newPage();
  await other.goto(server.url);
  // Signing in leads to the call centre used last: the script above has switched.
  await enter(other, ADMIN.password);
  await expect(other.getByRole('heading', { name: 'Beta' })).toBeVisible();
  await expect(figure(other)).toContainText('2');
  await expect(figure(page)).toContainText('7');
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();

  await watchFrames(page);
  await page.getByRole('button', { name: /Another call centre/ }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Beta', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Beta' })).toBeVisible();
  await expect(figure(page)).toContainText('2');
  // What comes to one is not seen in the other.
  await postEvents(server.url, await keyOf('Acme'), waiting(9));
  await page.getByRole('button', { name: /Another call centre/ }).click();
  await page.getByRole('button', { name: 'Acme', exact: true }).click();
  await expect(figure(page)).toContainText('9');
  await expect(figure(other)).toContainText('2');
  const seen = await page.evaluate(() => [...(Reflect.get(window, 'seen') as Set<string>)]);
  expect(seen.filter((one) => /^Acme/.test(one) && /Waiting\D*[79]/.test(one))).not.toEqual([]);
  expect(seen.filter((one) => /^Beta/.test(one) && /Waiting\D*2/.test(one))).not.toEqual([]);
  expect(seen.filter((one) => /^Beta/.test(one) && /Waiting\D*[79]/.test(one))).toEqual([]);
  expect(seen.filter((one) => /^Acme/.test(one) && /Waiting\D*2/.test(one))).toEqual([]);

  await page.goto(`${server.url}/#/settings/centres`);
  await page.getByRole('button', { name: 'Delete Beta' }).click();
  await page.getByLabel('Name of what is deleted').fill('beta');
  await page.getByRole('button', { name: 'Delete Beta' }).click();
  await expect(page.getByText('must be the name of the call centre: Beta')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Name of what is deleted').fill('Beta');
  await page.getByRole('button', { name: 'Delete Beta' }).click();
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await expect(other.getByLabel('Password')).toBeVisible();
  await page.goto(`${server.url}/#/`);
  await expect(figure(page)).toContainText('9');
});

test('[S46] a call centre is made for somebody else: she comes in by her link and decides there; who made it sees nothing of it', async ({
  page,
  browser,
}) => {
  await comeIn(page);
  await page.goto(`${server.url}/#/settings/centres`);
  await page.getByLabel('Name', { exact: true }).fill('Gamma');
  await page.getByLabel('Somebody else, by a link').check();
  await page.getByLabel('Name of the administrator').fill('Ann Smith');
  await page.getByLabel('E-mail of the administrator').fill('ann@example.test');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const link = page.getByLabel('The link for Ann Smith');
  await expect(link).toHaveValue(/#\/invitation\/[\w-]{43}$/);
  const first = await link.inputValue();
  const gamma = page.getByRole('listitem').filter({ has: page.getByLabel('Name of the call centre Gamma') });
  await expect(gamma).toContainText('0 people');
  await expect(gamma).toContainText('ann@example.test is invited until');

  // Lost on its way: another link, and the first is no longer good.
  await gamma.getByRole('button', { name: 'New link for the administrator of Gamma' }).click();
  await expect(gamma.getByLabel('E-mail of the administrator')).toHaveValue('ann@example.test');
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1600, height: 900 });
  await gamma.getByRole('button', { name: 'New link for the administrator of Gamma' }).click();
  await expect(link).not.toHaveValue(first);

  const ann = await (await browser.newContext()).newPage();
  await ann.goto(first);
  await expect(ann.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
  await ann.goto(await link.inputValue());
  await expect(ann.getByText('You are invited as an administrator.')).toBeVisible();
  await ann.getByLabel('New password').fill('a password of her own');
  await ann.getByRole('button', { name: 'Accept' }).click();
  await expect(figure(ann)).toBeVisible();
  await expect(ann.getByRole('heading', { name: 'Gamma' })).toBeVisible();
  await ann.goto(`${server.url}/#/settings/people`);
  await expect(ann.getByRole('listitem').filter({ hasText: 'ann@example.test' })).toBeVisible();
  await expect(ann.getByText(ADMIN.email)).toHaveCount(0);
  await expect(ann.getByRole('link', { name: 'Call centres' })).toHaveCount(0);

  await page.reload();
  await expect(gamma).toContainText('1 person');
  await expect(gamma.getByRole('button', { name: 'New link for the administrator of Gamma' })).toHaveCount(0);
  await page.goto(`${server.url}/#/`);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Another call centre/ })).toHaveCount(0);
});
