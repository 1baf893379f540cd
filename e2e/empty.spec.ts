import { expect, test } from '@playwright/test';
import { enter, expectAccessible, expectAt } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

let server: Callboard;

test.beforeAll(async () => {
  server = await startCallboard();
});
test.afterAll(() => server?.dispose());

/** What a page says where nobody has told of a call yet, and where its first link leads. */
const PAGES = [
  ['overview', 'No calls yet', '#/settings/keys'],
  ['performance', 'No calls yet', '#/settings/keys'],
  ['sources', 'Nothing was heard in these days', '#/settings/keys'],
  ['quality', 'No calls to review yet', '#/quality/forms/new'],
  ['quality/forms', 'No form yet', '#/quality/forms/new'],
  ['rules', 'No calls last week', null],
  ['settings/queues', 'No queues yet', '#/overview'],
  ['settings/agents', 'No agents yet', '#/overview'],
] as const;

test('a call centre without a call says on every page what is missing, and leads to what helps', async ({
  page,
}) => {
  await page.goto(`${server.url}/#/overview`);
  await enter(page, ADMIN.password);
  for (const [address, said, leadsTo] of PAGES) {
    await page.goto(`${server.url}/#/${address}`);
    await expectAt(page, address);
    const message = page.getByRole('region').filter({ has: page.getByRole('heading', { name: said }) });
    await expect(message, address).toBeVisible();
    if (leadsTo !== null) await expect(message.getByRole('link').first()).toHaveAttribute('href', leadsTo);
    await expectAccessible(page);
  }
  await page.goto(`${server.url}/#/proof`);
  await expect(page.getByText('Nothing to prove yet')).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  for (const [address, said] of PAGES) {
    await page.goto(`${server.url}/#/${address}`);
    await expectAt(page, address);
    await expect(page.getByRole('heading', { name: said })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), address).toBe(390);
  }
});
