import { expect, test } from '@playwright/test';
import { CLIENT, startProvider, type TestProvider } from '../server/access/sso/testing/provider.ts';
import { expectAccessible } from './testing/page.ts';
import { type Callboard, freePort, startCallboard } from './testing/server.ts';

let provider: TestProvider;
let server: Callboard;
test.beforeAll(async () => {
  const port = await freePort();
  provider = await startProvider([`http://127.0.0.1:${port}/api/v1/sessions/sso/callback`]);
  server = await startCallboard({
    port,
    env: {
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
      OIDC_NAME: 'Example ID',
      OIDC_ROLES: 'admin=cb-admins; viewer=cb-viewers',
    },
  });
});
test.afterAll(async () => {
  await server?.dispose();
  await provider?.close();
});

const ada = { sub: 'ada', email: 'ada@example.test', email_verified: true, name: 'Ada' };

test('somebody of the identity provider signs in with a click, stays so, and may what her groups say; others are told why not', async ({
  page,
  context,
}) => {
  provider.nextPerson = { ...ada, groups: ['elsewhere'] };
  await page.goto(server.url);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
  await expect(page.getByRole('alert')).toHaveText('You have no role here yet. Ask your administrator.');
  await expectAccessible(page);

  await context.clearCookies({ name: /^_/ });
  provider.nextPerson = { ...ada, groups: ['cb-viewers'] };
  await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
  await expect(page.getByRole('region', { name: 'Offered', exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('region', { name: 'Offered', exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('link', { name: 'You' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Keys' })).toBeHidden();
});
