import { expect, test } from '@playwright/test';
import { enter, expectLive } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

let server: Callboard;
test.beforeAll(async () => {
  server = await startCallboard();
});
test.afterAll(() => server?.dispose());

test('a page hears that its server serves another build and reloads itself once, not for ever', async ({
  page,
}) => {
  let build = 'first';
  let cut = async (): Promise<void> => {};
  // What the server says of its build is put in another's words; all else passes as it is.
  await page.routeWebSocket(/socket\.io/, (screen) => {
    const wire = screen.connectToServer();
    wire.onMessage((message) =>
      screen.send(String(message).replace(/"build":"[^"]*"/, () => `"build":"${build}"`)),
    );
    cut = async () => {
      await wire.close();
      await screen.close();
    };
  });
  let loads = 0;
  page.on('load', () => {
    loads++;
  });
  const wall = page.getByRole('region', { name: 'Offered', exact: true });
  const status = page.getByRole('status');
  /** The server comes back with a new build; whatever the page does about that, its wall is live again. */
  const upgrade = async (to: string): Promise<void> => {
    build = to;
    await cut();
    await expect(status).toContainText('Server unreachable');
    await expectLive(wall);
  };

  await page.goto(server.url);
  await enter(page, ADMIN.password);
  await expectLive(wall);
  expect(loads).toBe(1);

  build = 'second';
  await cut();
  await expect.poll(() => loads).toBe(2);
  await expectLive(wall);

  await upgrade('third');
  expect(loads).toBe(2);
});
