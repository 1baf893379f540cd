import { expect, test } from '@playwright/test';
import { openProxy } from '../server/faults/tcpProxy.ts';
import { summaryAnswer } from '../shared/contract/analytics.ts';
import { type Api, postEvents, signIn } from './testing/api.ts';
import { busyDay } from './testing/busyDay.ts';
import { type Cabled, startCabled } from './testing/cabled.ts';
import { AT_NOON, dateAt } from './testing/noon.ts';
import { enter, expectAccessible } from './testing/page.ts';
import { ADMIN } from './testing/server.ts';

let cabled: Cabled;
let key: string;

test.beforeAll(async () => {
  cabled = await startCabled(AT_NOON);
  key = await (await signIn(cabled.server.url)).createKey();
});

test.afterAll(() => cabled?.dispose());

test('[L9] a call goes waiting → answered → wrap-up on the page; network, server and database away are told apart, and caught up with', async ({
  page,
}) => {
  const network = await openProxy({ host: '127.0.0.1', port: Number(new URL(cabled.server.url).port) });
  const tile = (name: string) => page.getByRole('region', { name, exact: true });
  const figure = (name: string) => tile(name).getByRole('paragraph').first();

  /** The figures stay and say why they are old; then they are current again by themselves. */
  const outage = async (said: string, begin: () => Promise<() => Promise<unknown>>) => {
    const before = (await figure('Offered').textContent()) ?? '';
    const restore = await begin();
    await expect(page.getByRole('status')).toHaveText(new RegExp(`^\\s*${said} since \\d\\d:\\d\\d$`));
    await expect(tile('Offered')).toHaveAttribute('data-stale', 'true');
    await expect(tile('Offered')).toContainText(`${said} since`);
    await expect(figure('Offered')).toHaveText(before);
    await restore();
    await say({ kind: 'call.queued', callId: `after ${spoken}`, queue: 'Support' });
    await expect(figure('Offered')).toHaveText(String(Number(before) + 1));
    await expect(page.getByRole('status')).toBeEmpty();
    await expect(tile('Offered')).toHaveAttribute('data-stale', 'false');
  };

  try {
    await page.goto(`http://127.0.0.1:${network.port}/`);
    await expectAccessible(page);
    await enter(page, 'not the password');
    await expect(page.getByRole('alert')).toHaveText('Wrong e-mail or password.');
    await enter(page, ADMIN.password);
    await expect(tile('Queues')).toContainText('Each appears with its first event');
    await expect(tile('Waiting calls')).toContainText('Nobody is waiting.');

    await say(
      { kind: 'agent.signed_in', agent: 'Ann' },
      { kind: 'agent.joined', agent: 'Ann', queue: 'Support' },
    );
    await expect(tile('Agents').getByRole('listitem')).toContainText(['Ann']);
    const call = { callId: 'call-1', queue: 'Support' };
    await say({ kind: 'call.queued', ...call });
    await expect(figure('Waiting')).toHaveText('1');
    await expect(tile('Waiting calls').getByRole('listitem')).toHaveCount(1);
    await expect(page).toHaveTitle('(1) Acme · Callboard');

    await say({ kind: 'call.answered', ...call, agent: 'Ann' });
    await expect(figure('Waiting')).toHaveText('0');
    await expect(tile('Agents').getByRole('listitem')).toContainText(['On call']);
    await expect(page).toHaveTitle('Acme · Callboard');

    await say(
      { kind: 'call.ended', ...call, agent: 'Ann', by: 'caller' },
      { kind: 'agent.state_changed', agent: 'Ann', state: 'wrap_up' },
    );
    await expect(tile('Agents').getByRole('listitem')).toContainText(['Wrap-up']);
    await say({ kind: 'agent.state_changed', agent: 'Ann', state: 'available' });
    await expect(tile('Agents').getByRole('listitem')).toContainText(['Available']);
    await expect(figure('Offered')).toHaveText('1');

    await outage('Server unreachable', async () => {
      network.refuse();
      return async () => network.accept();
    });
    await outage('Server unreachable', () => cabled.kill());
    await outage('Database down', async () => {
      cabled.cable.refuse();
      return async () => cabled.cable.accept();
    });
  } finally {
    await network.close();
  }
});

test('[R1] a figure of today on the wall leads to how it came about', async ({ page }) => {
  const api = await signIn(cabled.server.url);
  await giveUp('call-today', 'Support');
  const { offered } = (await api.live({ window: 'today' })).totals;
  await expect.poll(() => offeredToday(api)).toBe(offered);
  await page.goto(cabled.server.url);
  await enter(page, ADMIN.password);
  const tile = page.getByRole('region', { name: 'Offered', exact: true });
  await expect(tile.getByRole('link')).toHaveText(String(offered));
  await tile.getByRole('link').click();
  await expect(page).toHaveURL(/#\/performance\?range=today&explain=offered/);
  await expect(page.getByRole('heading', { name: `Offered: ${offered}` })).toBeVisible();
});

test('figures of today that come anew are not dimmed', async ({ page }) => {
  const api = await signIn(cabled.server.url);
  const expectOffered = (count: number) =>
    // Of a queue nobody has heard of yet nothing can be asked.
    expect(async () => expect(await offeredToday(api, '&queue=Sales')).toBe(count)).toPass();
  await page.clock.install();
  await giveUp('call-anew-0', 'Sales');
  await expectOffered(1);
  const day = dateAt(Date.now());
  await page.goto(`${cabled.server.url}/#/performance?start=${day}&end=${day}&queue=Sales&metric=offered`);
  await enter(page, ADMIN.password);
  const total = page.getByRole('table').getByRole('row', { name: /^Together/ });
  await expect(total.getByRole('link').first()).toHaveText('1');
  await expect(page.getByRole('main').locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(() => {
    const main = document.querySelector('main');
    if (main === null) throw new Error('There is no page.');
    new MutationObserver(() => {
      if (main.querySelector('[aria-busy="true"]')) main.dataset.wasBusy = 'true';
    }).observe(main, { subtree: true, attributes: true, attributeFilter: ['aria-busy'] });
  });
  await giveUp('call-anew-1', 'Sales');
  await expectOffered(2);
  await page.clock.runFor(31_000);
  await expect(total.getByRole('link').first()).toHaveText('2');
  await expect(page.getByRole('main')).not.toHaveAttribute('data-was-busy');
});

test('a busy wall fits its screen without a scroll bar at every size, is accessible in both themes, and survives a reload', async ({
  page,
}) => {
  const events = busyDay(Date.now());
  for (let from = 0; from < events.length; from += 1_000) {
    // The database was away: whoever is told 503 sends the same again, as any source does.
    await expect(() => postEvents(cabled.server.url, key, events.slice(from, from + 1_000))).toPass();
  }
  await page.goto(cabled.server.url);
  await enter(page, ADMIN.password);
  await expect(page.getByRole('row')).toHaveCount(7);
  for (const [width, height] of [
    [1920, 1080],
    [3840, 2160],
    [1280, 720],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth), `at ${width} × ${height}`)
      .toBeLessThanOrEqual(width);
    if (width < 800) continue;
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(height);
  }
  await page.setViewportSize({ width: 1920, height: 1080 });
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page);
  }
  await page.reload();
  await expect(page.getByRole('table')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
});

/** A call that somebody has given up just now. */
function giveUp(callId: string, queue: string): Promise<void> {
  const at = Date.now() - 5_000;
  return say(
    { kind: 'call.queued', callId, queue, occurredAt: at },
    { kind: 'call.left', callId, queue, outcome: 'abandoned', occurredAt: at + 2_000 },
  );
}

/** How many calls history has today, of a queue or of all. */
async function offeredToday(api: Api, filter = ''): Promise<number> {
  const day = dateAt(Date.now());
  const address = `/api/v1/analytics/performance/summary?startDate=${day}&endDate=${day}${filter}`;
  return (await api.get(address, summaryAnswer.shape.data)).offered;
}

let spoken = 0;
async function say(...events: object[]): Promise<void> {
  const complete = events.map((event) => ({
    source: 'pbx',
    sourceKey: `wall-${spoken++}`,
    occurredAt: Date.now(),
    ...event,
  }));
  // Whoever sends events tries again until they are taken.
  await expect(async () => {
    expect((await postEvents(cabled.server.url, key, complete)).accepted).toBe(events.length);
  }).toPass();
}
