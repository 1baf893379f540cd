import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Command, Snapshot } from '../../shared/contract/protocol.ts';
import { type Client, plainClient, socketIoClient } from '../live/sockets/clients.ts';
import { until } from '../live/testing.ts';
import { createTestApp, type TestApp } from '../testing.ts';
import { type Bearer, bearerOf, type ScreensBench, screensBench } from './screensTesting.ts';

let server: TestApp;
let bench: ScreensBench;
let url: string;
let admin: Bearer;
const clients: Client[] = [];

beforeAll(async () => {
  server = await createTestApp();
  bench = screensBench(server);
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  // Listening on TCP, so it is not a pipe's name.
  url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  await server.addAccount('admin@example.test', 'admin');
  admin = await bench.signIn('admin@example.test');
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => server.close());

const HELLO = { type: 'hello', build: 'abc123', resolution: '1920×1080' };

/** A screen that shows its board, over plain WebSocket or Socket.IO. */
async function showing(
  bearer: Bearer,
  open: (url: string, headers: Bearer) => Promise<Client> = plainClient,
): Promise<Client> {
  const client = await open(url, bearer);
  clients.push(client);
  client.send({ type: 'subscribe', scope: {} });
  client.send(HELLO);
  await until(() => client.told.some(({ type }) => type === 'snapshot'), 'a snapshot arrives');
  await until(() => commands(client).length > 0, 'it is told what to show');
  return client;
}

const commands = ({ told }: Client): Command[] => told.filter((one) => one.type === 'command');
const snapshots = ({ told }: Client): Snapshot[] => told.filter((one) => one.type === 'snapshot');
const kindsOf = (snapshot: Snapshot | undefined) =>
  [...new Set(Object.keys(snapshot?.values ?? {}).map((key) => key.split(':')[0]))].sort();
const row = async (id: string) => (await server.test.ownerSql`select * from screens where id = ${id}`)[0];
const listed = async (id: string) =>
  (await bench.ask('GET', '/screens', admin)).json().data.find((one: { id: string }) => one.id === id);
const audited = async (id: string) =>
  (
    await server.test.ownerSql`
      select action from analytics_audit_log where subject_id = ${id} order by occurred_at`
  ).map(({ action }) => action);
const mayShow = (token: string): Promise<boolean> =>
  server.parts.access.screenTokens.verify(token).then(
    () => true,
    () => false,
  );
const renew = (bearer: Bearer) => bench.ask('POST', '/screens/renewal', bearer);
/** As if the last renewal was a day ago. */
const yesterday = (id: string) =>
  server.test.ownerSql`update screens set renewed_at = renewed_at - interval '1 day' where id = ${id}`;

describe('the token of a screen', () => {
  it('is good for the sockets of both transports', async () => {
    const { bearer } = await bench.pair(admin);
    await showing(bearer);
    await showing(bearer, socketIoClient);
  });

  it('[S78] is refused with 403 by every route that has a guard', async () => {
    const { bearer } = await bench.pair(admin);
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
    const { id, bearer } = await bench.pair(admin);
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
    const { token } = await bench.pair(admin);
    expect(await mayShow(token)).toBe(true);
  });

  it('after it was done, before the answer is kept: the old one, as often as it happens', async () => {
    const { id, token, bearer } = await bench.pair(admin);
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
    const { id, token, bearer } = await bench.pair(admin);
    await yesterday(id);
    const next = (await renew(bearer)).json().data.token;
    expect(await mayShow(next)).toBe(true);
    server.parts.access.doubt(id);
    expect(await mayShow(token)).toBe(false);
    expect(await mayShow(next)).toBe(true);
  });

  it('an answer that was lost is good for nothing once another was asked for', async () => {
    const { id, bearer } = await bench.pair(admin);
    await yesterday(id);
    const lost = (await renew(bearer)).json().data.token;
    await yesterday(id);
    const kept = (await renew(bearer)).json().data.token;
    expect([await mayShow(lost), await mayShow(kept)]).toEqual([false, true]);
  });

  it('of two windows that renew at once one does, so that neither loses the other’s token', async () => {
    const { id, bearer } = await bench.pair(admin);
    await yesterday(id);
    const answers = await Promise.all([renew(bearer), renew(bearer)]);
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409]);
    expect((await renew(bearer)).statusCode).toBe(409);
    const renewed = answers.find((answer) => answer.statusCode === 200);
    expect(await mayShow(renewed?.json().data.token)).toBe(true);
  });

  it('a socket goes on with the new token, on the same connection', async () => {
    const { id, bearer } = await bench.pair(admin);
    const client = await showing(bearer);
    await yesterday(id);
    const next = (await renew(bearer)).json().data.token;
    client.send({ type: 'authenticate', token: next });
    await until(async () => (await row(id))?.previous_hash === null, 'the old one has ended');
    await bench.ask('PATCH', `/screens/${id}`, admin, { name: 'Renewed' });
    await until(() => commands(client).length === 2, 'it is told its name');
    expect(client.closed()).toBeNull();
  });
});

describe('a screen shows its board alone', () => {
  it('whatever kinds and windows it asks for', async () => {
    const { bearer } = await bench.pair(admin, { board: 'queues' });
    const client = await showing(bearer);
    client.send({ type: 'subscribe', scope: { kinds: ['agent', 'call', 'sector'], windows: ['last60'] } });
    await until(() => snapshots(client).length === 2, 'another snapshot arrives');
    for (const snapshot of snapshots(client)) {
      expect(kindsOf(snapshot)).toEqual(['tenant', 'trend']);
      expect(Object.keys(snapshot.values).sort()).toEqual(['tenant:last30', 'tenant:today', 'trend:today']);
    }
  });

  it('and another one at once when it is given that, with its name, on both transports', async () => {
    const { id, bearer } = await bench.pair(admin, { board: 'queues', name: 'Lobby' });
    const both = [await showing(bearer), await showing(bearer, socketIoClient)];
    const changed = await bench.ask('PATCH', `/screens/${id}`, admin, { board: 'agents', name: 'Floor' });
    expect(changed.statusCode).toBe(204);
    const changedAt = performance.now();
    for (const client of both) {
      await until(() => snapshots(client).length === 2, 'the other board comes');
      await until(() => commands(client).length === 2, 'it is told');
      expect(kindsOf(snapshots(client)[1])).toEqual(['tenant']);
      expect(commands(client)[1]).toMatchObject({
        command: 'show',
        face: { name: 'Floor', board: 'agents' },
      });
      expect(client.closed()).toBeNull();
    }
    expect(performance.now() - changedAt).toBeLessThan(1_000);
    const [audit] = await server.test.ownerSql`
      select subject_name, before, after from analytics_audit_log
      where subject_id = ${id} and action = 'screen.changed'`;
    expect(audit).toEqual({
      subject_name: 'Lobby',
      before: { name: 'Lobby', board: 'queues' },
      after: { name: 'Floor', board: 'agents' },
    });
  });

  it('gets another snapshot when it may see other sectors or is seen by others', async () => {
    const { id, bearer } = await bench.pair(admin);
    const client = await showing(bearer);
    await bench.ask('PATCH', `/screens/${id}`, admin, { sectors: ['unassigned'] });
    await until(() => snapshots(client).length === 2, 'its sectors count');
    await bench.ask('PATCH', `/screens/${id}`, admin, { audience: 'visitor' });
    await until(() => snapshots(client).length === 3, 'its audience counts');
    expect(await server.parts.access.verify(bearer.authorization.slice(7))).toMatchObject({
      kind: 'screen',
      sectors: ['unassigned'],
      audience: 'visitor',
    });
  });

  it('[S13] and nothing any more within a second of being revoked', async () => {
    const { id, token, bearer } = await bench.pair(admin);
    const both = [await showing(bearer), await showing(bearer, socketIoClient)];
    expect((await bench.ask('DELETE', `/screens/${id}`, admin)).statusCode).toBe(204);
    const revokedAt = performance.now();
    for (const client of both) {
      await until(() => client.closed() !== null, 'the socket is closed');
      expect(client.told.find(({ type }) => type === 'bye')).toMatchObject({
        code: 4103,
        retryAfterMs: null,
      });
    }
    expect(performance.now() - revokedAt).toBeLessThan(1_000);
    expect(await mayShow(token)).toBe(false);
    expect((await renew(bearer)).statusCode).toBe(401);
    expect((await bench.ask('DELETE', `/screens/${id}`, admin)).statusCode).toBe(404);
    expect(await listed(id)).toBeUndefined();
    expect(await audited(id)).toEqual(['screen.paired', 'screen.revoked']);
  });
});

describe('what a screen is told to do', () => {
  it('reaches every connection of it, once, and no connection made afterwards', async () => {
    const { id, bearer } = await bench.pair(admin);
    const both = [await showing(bearer), await showing(bearer, socketIoClient)];
    expect((await bench.ask('POST', `/screens/${id}/identify`, admin)).statusCode).toBe(202);
    for (const client of both) {
      await until(() => commands(client).length === 2, 'it is told');
      expect(commands(client)[1]).toEqual({ type: 'command', command: 'identify' });
    }
    const later = await showing(bearer);
    await bench.ask('POST', `/screens/${id}/reload`, admin);
    await until(() => commands(later).length === 2, 'it is told the next');
    expect(commands(later)[1]).toEqual({ type: 'command', command: 'reload' });
    expect(await audited(id)).toEqual(['screen.paired', 'screen.commanded', 'screen.commanded']);
  });

  it('[S49] is read from its row: a forged notification does nothing', async () => {
    const { id, bearer } = await bench.pair(admin);
    const client = await showing(bearer);
    for (const payload of [id, id, 'reload', `{"id":"${id}","command":"reload"}`, '']) {
      await server.test.db.sql`select pg_notify('callboard_screens', ${payload})`;
    }
    await bench.ask('POST', `/screens/${id}/identify`, admin);
    await until(() => commands(client).length === 2, 'the real one comes');
    expect(commands(client).map(({ command }) => command)).toEqual(['show', 'identify']);
  });

  it('[L3] is found when nobody was told of it, as soon as the node listens anew', async () => {
    const { id, bearer } = await bench.pair(admin);
    const client = await showing(bearer);
    await server.test.ownerSql`
      update screens set command = 'identify', command_number = command_number + 1, commanded_at = now()
      where id = ${id}`;
    await server.test.ownerSql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'callboard listener' and datname = current_database()`;
    await until(() => commands(client).length === 2, 'it is told');
  });

  it('is not done when it is old: nobody stands before the screen any more', async () => {
    const { id, bearer } = await bench.pair(admin);
    const client = await showing(bearer);
    await server.test.ownerSql`
      update screens set command = 'identify', command_number = command_number + 1,
        commanded_at = now() - interval '61 seconds' where id = ${id}`;
    await server.test.db.sql`select pg_notify('callboard_screens', ${id})`;
    await bench.ask('PATCH', `/screens/${id}`, admin, { name: 'Other' });
    await until(() => commands(client).length === 2, 'it is told its name');
    expect(commands(client)[1]?.command).toBe('show');
  });
});

describe('whether a screen is there', () => {
  it('is known at once, with what it says of itself, and when it leaves', async () => {
    const { id, bearer } = await bench.pair(admin);
    const client = await showing(bearer);
    await until(async () => (await listed(id)).resolution === '1920×1080', 'it has said what it is');
    expect(await listed(id)).toMatchObject({ state: 'online', build: 'abc123', isOutdated: true });
    client.close();
    await until(async () => (await listed(id)).state === 'offline', 'it is known to have left');
  });

  it('[L13] what it says is bounded, and written once, however often it says it', async () => {
    const { id, bearer } = await bench.pair(admin);
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
    await bench.ask('PATCH', `/screens/${id}`, admin, { name: 'Last' });
    await until(() => commands(client).length === 2, 'it is told its name');
    expect((await row(id))?.last_seen_at.getTime()).toBe(seenAt);
    expect((await row(id))?.build).toBe('abc123');
  });

  it('one lost for two minutes is told once, however many nodes look, and once more when it is back', async () => {
    const { screenPresence } = server.parts.access;
    const { id, bearer } = await bench.pair(admin);
    const absent = (seconds: number) =>
      server.test.ownerSql`
        update screens set last_seen_at = now() - ${seconds}::integer * interval '1 second' where id = ${id}`;
    await absent(110);
    expect(await screenPresence.findLost()).toBe(0);
    await absent(121);
    expect((await listed(id)).state).toBe('offline');
    const found = await Promise.all(Array.from({ length: 5 }, () => screenPresence.findLost()));
    expect(found.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect((await listed(id)).state).toBe('lost');
    await showing(bearer);
    await until(async () => (await listed(id)).state === 'online', 'it is back');
    await showing(bearer);
    expect(await screenPresence.findLost()).toBe(0);
    expect(await audited(id)).toEqual(['screen.paired', 'screen.lost', 'screen.returned']);
  });
});
