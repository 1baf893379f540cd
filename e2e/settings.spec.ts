import { expect, type Page, test } from '@playwright/test';
import { postEvents, signIn } from './testing/api.ts';
import { hold } from './testing/hold.ts';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from './testing/server.ts';

let server: Callboard;

test.beforeAll(async () => {
  server = await startCallboard();
  const api = await signIn(server.url);
  const event = { source: 'pbx', occurredAt: Date.now() - 90_000 };
  await postEvents(server.url, await api.createKey(), [
    { ...event, sourceKey: '1', kind: 'call.queued', callId: 'c1', queue: '4711' },
    { ...event, sourceKey: '2', kind: 'agent.signed_in', agent: 'SIP/ann' },
    {
      ...event,
      sourceKey: '3',
      kind: 'agent.state_changed',
      agent: 'SIP/ann',
      state: 'paused',
      reason: 'tea',
    },
  ]);
});

test.afterAll(() => server?.dispose());

test('what a manager decides is on the wall: names, sectors, seconds, the zone; a mistake is told and changes nothing', async ({
  page,
}) => {
  const wall = await page.context().newPage();
  await page.goto(server.url);
  await enter(page, ADMIN.password);
  await expect(page.getByRole('cell', { name: '4711' }).or(page.getByText('4711')).first()).toBeVisible();
  await wall.goto(server.url);
  await expect(wall.getByRole('heading', { name: 'Acme' })).toBeVisible();

  await page.getByRole('link', { name: 'Settings' }).click();
  await expectField(page, 'Name', 'Acme');
  await decide(page, 'Time zone', 'Mars/Phobos');
  await expect(page.getByText('must be an IANA time zone, like Europe/Berlin')).toBeVisible();
  await expectAccessible(page);
  await decide(page, 'Time zone', 'Asia/Kolkata');
  await expect(page.getByText('must be an IANA time zone')).toBeHidden();
  await decide(page, 'Answered within', '1.5');
  await expect(page.getByText('must be whole seconds')).toBeVisible();
  await decide(page, 'Answered within', '45');
  await decide(page, 'Name', 'Acme Support');
  await decide(page, 'The day starts at', '06:30');

  await page.getByRole('link', { name: 'Sectors' }).click();
  await page.getByLabel('New sector').fill('Billing');
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByLabel('Name of the sector Billing')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Queues' }).click();
  await expect(page.getByLabel('Answered within, s, 4711')).toHaveAttribute('placeholder', '45');
  await decide(page, 'Answered within, s, 4711', '30');
  await page.getByLabel('Sector, 4711').selectOption('Billing');
  await decide(page, 'Name, 4711', 'Invoices');
  await expect(page.getByLabel('Sector, Invoices')).not.toHaveValue('unassigned');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Opening hours of Invoices: Always open' }).click();
  await page.getByRole('button', { name: 'Add hours' }).click();
  await expect(page.getByRole('button', { name: 'Invoices: Mon–Fri 08:00–18:00' })).toBeVisible();
  const days = page.getByRole('group', { name: 'Invoices, hours 1' });
  // The second is decided while the first is still on its way: both are kept.
  const patches = /\/api\/v1\/settings\/queues\/[^/]+$/;
  const decided = await hold(page, patches);
  await days.getByText('Sun').click();
  await page.getByLabel('Closes').fill('17:30');
  await page.getByLabel('Closes').blur();
  decided.release();
  await expect(page.getByRole('button', { name: 'Invoices: Mon–Fri, Sun 08:00–17:30' })).toBeVisible();
  await page.unroute(patches);
  await expectAccessible(page);

  // A line goes when it is pressed, the one that moves up stays, and what is chosen there is of that one.
  await page.getByRole('button', { name: 'Add hours' }).click();
  await expect(page.getByRole('button', { name: /Invoices: .*08:00–17:30.*08:00–18:00$/ })).toBeVisible();
  const removed = await hold(page, patches);
  await days.getByRole('button', { name: 'Remove these hours' }).dblclick();
  await expect(page.getByRole('group', { name: 'Invoices, hours 2' })).toBeHidden();
  await days.getByText('Sat').click();
  removed.release();
  await expect(page.getByRole('button', { name: 'Invoices: Mon–Sat 08:00–18:00' })).toBeVisible();
  await page.unroute(patches);
  await page.getByRole('button', { name: 'Remove these hours' }).click();
  await expect(page.getByRole('button', { name: 'Invoices: Never open' })).toBeVisible();

  await page.getByRole('button', { name: 'Targets of Invoices: As the centre' }).click();
  await expect(page.getByLabel('Service level, target')).toHaveAttribute('placeholder', '80');
  await decide(page, 'Answered on average within', '25');
  await expect(page.getByRole('button', { name: 'Targets of Invoices: Its own' })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Centre', exact: true }).click();
  await expect(wall.getByRole('region', { name: 'Service level' })).toContainText('target 80');
  await decide(page, 'Service level, target', '120');
  await expect(page.getByText('must be at most 1, which is 100 %')).toBeVisible();
  await decide(page, 'Service level, target', '92.5');
  await expect(wall.getByRole('region', { name: 'Service level' })).toContainText('target 92.5%');
  await decide(page, 'Answered on average within', '15');
  await expect(wall.getByRole('region', { name: 'Speed of answer' })).toContainText('target 0:15');
  await decide(page, 'Keep events for', '24');
  await decide(page, 'Any other reason', '1');
  await page.getByLabel('New reason').fill('Lunch');
  await page.getByRole('button', { name: 'Add' }).click();
  await decide(page, 'Lunch', '30');
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Agents' }).click();
  await decide(page, 'Name, SIP/ann', 'Ann');
  await expectAccessible(page);

  await expect(wall.getByRole('region', { name: 'Queues' })).toContainText('Invoices');
  await expect(wall.getByRole('region', { name: 'Agents', exact: true })).toContainText('Ann');
  await expect(wall.getByRole('region', { name: 'Agents', exact: true })).toContainText('over 1:00 of pause');
  await expect(wall.getByRole('region', { name: 'Waiting', exact: true })).toContainText('30 s');
  await expect(wall.getByRole('region', { name: 'Queues' })).toContainText('closed');

  await page.getByRole('link', { name: 'Sectors' }).click();
  await page.getByRole('button', { name: 'Remove Billing' }).click();
  await expect(page.getByText('Remove Billing?')).toBeVisible();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByLabel('Name of the sector Billing')).toBeHidden();
  await page.getByRole('link', { name: 'Queues' }).click();
  await expectField(page, 'Sector, Invoices', 'unassigned');
  await decide(page, 'Answered within, s, Invoices', '');

  await page.getByRole('link', { name: 'Back to the wall' }).click();
  await expect(page.getByRole('heading', { name: 'Acme Support' })).toBeVisible();
  await page.goto(`${server.url}/#/settings`);
  await expectField(page, 'Answered within', '45');
  await expectField(page, 'Time zone', 'Asia/Kolkata');
  await expectField(page, 'The day starts at', '06:30');
  await page.getByRole('link', { name: 'Queues' }).click();
  await expectField(page, 'Answered within, s, Invoices', '');
});

test('the settings fit a phone and a wall in both themes, and say so when the server is away', async ({
  page,
}) => {
  await page.goto(`${server.url}/#/settings`);
  await enter(page, ADMIN.password);
  for (const section of ['Centre', 'Queues', 'Agents', 'Sectors']) {
    await page.getByRole('link', { name: section, exact: true }).click();
    await expect(page.getByRole('textbox').first()).toBeVisible();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [390, 1024, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth), `${section} at ${width}`)
          .toBeLessThanOrEqual(width);
      }
    }
  }
  await page.route('**/api/v1/settings/**', (route) => route.abort());
  await page.getByRole('link', { name: 'Queues' }).click();
  await expect(page.getByRole('alert')).toContainText('The server does not answer.');
  await page.unroute('**/api/v1/settings/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('textbox').first()).toBeVisible();
});

/** Types it and leaves the field, as a person does; a mistake is judged by the caller. */
async function decide(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(text);
  const answered = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await field.blur();
  await answered;
}

async function expectField(page: Page, label: string, value: string): Promise<void> {
  await expect(page.getByLabel(label, { exact: true })).toHaveValue(value);
}
