import { expect, type Page, test } from '@playwright/test';
import { apiOf, postEvents } from './testing/api.ts';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

let server: Callboard;
test.beforeAll(async () => {
  server = await startCallboard();
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
      seen.add(`${name} ${region?.textContent ?? ''}`);
      requestAnimationFrame(look);
    };
    look();
  });
}

test('[S48] [S51] two call centres with the same ids on one server never meet; a person of both switches; one is deleted', async ({
  page,
  browser,
}) => {
  await page.goto(server.url);
  await enter(page, ADMIN.password);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
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
