import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../live/testing.ts';
import { commands, HELLO, type ScreensTest, startScreens } from './testing.ts';

let server: ScreensTest['server'];
let admin: ScreensTest['admin'];
let pair: ScreensTest['pair'];
let showing: ScreensTest['showing'];
let row: ScreensTest['row'];
let listed: ScreensTest['listed'];
let audited: ScreensTest['audited'];
let leave: ScreensTest['leave'];

beforeAll(async () => {
  ({ server, admin, pair, showing, row, listed, audited, leave } = await startScreens());
});
afterEach(() => leave());
afterAll(() => server.close());

describe('whether a screen is there', () => {
  it('is known at once, with what it says of itself, and when it leaves', async () => {
    const { id, bearer } = await pair();
    const client = await showing(bearer);
    await until(async () => (await listed(id))?.resolution === '1920×1080', 'it has said what it is');
    expect(await listed(id))?.toMatchObject({ state: 'online', build: 'abc123', isOutdated: true });
    client.close();
    await until(async () => (await listed(id))?.state === 'offline', 'it is known to have left');
  });

  it('[L13] what it says is bounded, and written once, however often it says it', async () => {
    const { id, bearer } = await pair();
    const client = await showing(bearer);
    await until(async () => (await row(id))?.build === 'abc123', 'it is written');
    const seenAt = (await row(id))?.last_seen_at.getTime();
    for (const hello of [
      { ...HELLO, build: 'x'.repeat(41) },
      { ...HELLO, resolution: '<b>' },
      { ...HELLO, build: 'other' },
    ]) {
      client.send(hello);
    }
    client.send({ type: 'ping' });
    await until(() => client.told.some(({ type }) => type === 'pong'), 'all were heard');
    expect(client.told.filter(({ type }) => type === 'error')).toHaveLength(2);
    // What is asked of the database is asked in order: this comes after whatever the hellos asked.
    await server.ask('PATCH', `/screens/${id}`, admin, { name: 'Last' });
    await until(() => commands(client).length === 2, 'it is told its name');
    expect((await row(id))?.last_seen_at.getTime()).toBe(seenAt);
    expect((await row(id))?.build).toBe('abc123');
  });

  it('one lost for two minutes is told once, however many nodes look, and once more when it is back', async () => {
    const { screenPresence } = server.parts.access;
    const { id, bearer } = await pair();
    const absent = (seconds: number) =>
      server.test.ownerSql`
        update screens set last_seen_at = now() - ${seconds}::integer * interval '1 second' where id = ${id}`;
    await absent(110);
    expect(await screenPresence.findLost()).toBe(0);
    await absent(121);
    expect((await listed(id))?.state).toBe('offline');
    const found = await Promise.all(Array.from({ length: 5 }, () => screenPresence.findLost()));
    expect(found.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect((await listed(id))?.state).toBe('lost');
    await showing(bearer);
    await until(async () => (await listed(id))?.state === 'online', 'it is back');
    await showing(bearer);
    expect(await screenPresence.findLost()).toBe(0);
    expect(await audited(id)).toEqual(['screen.paired', 'screen.lost', 'screen.returned']);
  });
});
