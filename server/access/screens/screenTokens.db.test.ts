import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { socketIoClient } from '../../live/sockets/clients.ts';
import { until } from '../../live/testing.ts';
import { bearerOf } from '../../testing.ts';
import { commands, type ScreensTest, startScreens } from './testing.ts';

let server: ScreensTest['server'];
let admin: ScreensTest['admin'];
let pair: ScreensTest['pair'];
let showing: ScreensTest['showing'];
let row: ScreensTest['row'];
let listed: ScreensTest['listed'];
let renew: ScreensTest['renew'];
let mayShow: ScreensTest['mayShow'];
let leave: ScreensTest['leave'];

beforeAll(async () => {
  ({ server, admin, pair, showing, row, listed, renew, mayShow, leave } = await startScreens());
});
afterEach(() => leave());
afterAll(() => server.close());

/** As if the last renewal was a day ago. */
const yesterday = (id: string) =>
  server.test.ownerSql`update screens set renewed_at = renewed_at - interval '1 day' where id = ${id}`;

describe('the token of a screen', () => {
  it('is good for the sockets of both transports', async () => {
    const { bearer } = await pair();
    await showing(bearer);
    await showing(bearer, socketIoClient);
  });

  it('[S78] is refused with 403 by every route that has a guard', async () => {
    const { bearer } = await pair();
    const routes = server.routes.filter(
      ({ onRequest }) => onRequest && [onRequest].flat().some((hook) => Reflect.has(hook, 'need')),
    );
    expect(routes.length).toBeGreaterThan(25);
    for (const { method, url: path } of routes) {
      const answer = await server.app.inject({
        method: [method].flat()[0] as 'GET', // Any of them: inject's types name each.
        url: path.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000'),
        headers: bearer,
      });
      expect(answer.statusCode, `${method} ${path}`).toBe(403);
    }
  });

  it('is 256 random bits: what only looks like one is refused, and so is nothing at all', async () => {
    for (const token of ['cs_', `cs_${'A'.repeat(43)}`, `cs_${'A'.repeat(44)}`, 'cs_%00']) {
      expect((await renew(bearerOf(token))).statusCode).toBe(401);
    }
  });

  it('lives for thirty days from when the screen was last there', async () => {
    const { id, bearer } = await pair();
    await server.test.ownerSql`update screens set expires_at = now() + interval '1 hour' where id = ${id}`;
    await showing(bearer);
    await until(
      async () => (await row(id))?.expires_at.getTime() > Date.now() + 29 * 86_400_000,
      'it lives on',
    );
    await server.test.ownerSql`update screens set expires_at = now() - interval '1 second' where id = ${id}`;
    server.parts.access.doubt(id);
    expect((await renew(bearer)).statusCode).toBe(401);
    expect(await listed(id)).toBeUndefined();
  });
});

describe('renewing the token: wherever the power goes, what the screen has kept lets it in', () => {
  it('before the request has come: the old one', async () => {
    const { token } = await pair();
    expect(await mayShow(token)).toBe(true);
  });

  it('after it was done, before the answer is kept: the old one, as often as it happens', async () => {
    const { id, token, bearer } = await pair();
    for (let cut = 0; cut < 3; cut++) {
      await yesterday(id);
      expect((await renew(bearer)).statusCode).toBe(200); // Never arrives.
      server.parts.access.doubt(id);
      expect(await mayShow(token)).toBe(true);
    }
    await yesterday(id);
    const last = (await renew(bearer)).json().data.token;
    expect(await mayShow(last)).toBe(true);
  });

  it('after the new one is kept: that one, and from then on the old one is good for nothing', async () => {
    const { id, token, bearer } = await pair();
    await yesterday(id);
    const next = (await renew(bearer)).json().data.token;
    expect(await mayShow(next)).toBe(true);
    server.parts.access.doubt(id);
    expect(await mayShow(token)).toBe(false);
    expect(await mayShow(next)).toBe(true);
  });

  it('an answer that was lost is good for nothing once another was asked for', async () => {
    const { id, bearer } = await pair();
    await yesterday(id);
    const lost = (await renew(bearer)).json().data.token;
    await yesterday(id);
    const kept = (await renew(bearer)).json().data.token;
    expect([await mayShow(lost), await mayShow(kept)]).toEqual([false, true]);
  });

  it('of two windows that renew at once one does, so that neither loses the other’s token', async () => {
    const { id, bearer } = await pair();
    await yesterday(id);
    const answers = await Promise.all([renew(bearer), renew(bearer)]);
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409]);
    expect((await renew(bearer)).statusCode).toBe(409);
    const renewed = answers.find((answer) => answer.statusCode === 200);
    expect(await mayShow(renewed?.json().data.token)).toBe(true);
  });

  it('a socket goes on with the new token, on the same connection', async () => {
    const { id, bearer } = await pair();
    const client = await showing(bearer);
    await yesterday(id);
    const next = (await renew(bearer)).json().data.token;
    client.send({ type: 'authenticate', token: next });
    await until(async () => (await row(id))?.previous_hash === null, 'the old one has ended');
    await server.ask('PATCH', `/screens/${id}`, admin, { name: 'Renewed' });
    await until(() => commands(client).length === 2, 'it is told its name');
    expect(client.closed()).toBeNull();
  });
});
