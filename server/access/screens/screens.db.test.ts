import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../shared/contract/protocol.ts';
import { type Client, socketIoClient } from '../../live/sockets/clients.ts';
import { AT_ONCE_MS, until } from '../../live/testing.ts';
import { commands, type ScreensTest, startScreens } from './testing.ts';

let server: ScreensTest['server'];
let admin: ScreensTest['admin'];
let pair: ScreensTest['pair'];
let showing: ScreensTest['showing'];
let listed: ScreensTest['listed'];
let audited: ScreensTest['audited'];
let renew: ScreensTest['renew'];
let mayShow: ScreensTest['mayShow'];
let leave: ScreensTest['leave'];

beforeAll(async () => {
  ({ server, admin, pair, showing, listed, audited, renew, mayShow, leave } = await startScreens());
});
afterEach(() => leave());
afterAll(() => server.close());

const snapshots = ({ told }: Client): Snapshot[] => told.filter((one) => one.type === 'snapshot');
const kindsOf = (snapshot: Snapshot | undefined) =>
  [...new Set(Object.keys(snapshot?.values ?? {}).map((key) => key.split(':')[0]))].sort();

describe('a screen shows its board alone', () => {
  it('whatever kinds and windows it asks for', async () => {
    const { bearer } = await pair({ board: 'queues' });
    const client = await showing(bearer);
    client.send({ type: 'subscribe', scope: { kinds: ['agent', 'call', 'sector'], windows: ['last60'] } });
    await until(() => snapshots(client).length === 2, 'another snapshot arrives');
    for (const snapshot of snapshots(client)) {
      expect(kindsOf(snapshot)).toEqual(['tenant', 'trend']);
      expect(Object.keys(snapshot.values).sort()).toEqual(['tenant:last30', 'tenant:today', 'trend:today']);
    }
  });

  it('and another one at once when it is given that, with its name, on both transports', async () => {
    const { id, bearer } = await pair({ board: 'queues', name: 'Lobby' });
    const both = [await showing(bearer), await showing(bearer, socketIoClient)];
    const changed = await server.ask('PATCH', `/screens/${id}`, admin, { board: 'agents', name: 'Floor' });
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
    expect(performance.now() - changedAt).toBeLessThan(AT_ONCE_MS);
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
    const { id, bearer } = await pair();
    const client = await showing(bearer);
    await server.ask('PATCH', `/screens/${id}`, admin, { sectors: ['unassigned'] });
    await until(() => snapshots(client).length === 2, 'its sectors count');
    // And it says so: figures of a part must not pass for those of the whole.
    await until(() => commands(client).length === 2, 'it is told');
    expect(commands(client)).toMatchObject([
      { face: { sectors: null } },
      { face: { sectors: ['Unassigned'] } },
    ]);
    await server.ask('PATCH', `/screens/${id}`, admin, { audience: 'visitor' });
    await until(() => snapshots(client).length === 3, 'its audience counts');
    expect(await server.parts.access.verify(bearer.authorization.slice(7))).toMatchObject({
      kind: 'screen',
      sectors: ['unassigned'],
      audience: 'visitor',
    });
  });

  it('[S13] and nothing any more at once when it is revoked', async () => {
    const { id, token, bearer } = await pair();
    const both = [await showing(bearer), await showing(bearer, socketIoClient)];
    expect((await server.ask('DELETE', `/screens/${id}`, admin)).statusCode).toBe(204);
    const revokedAt = performance.now();
    for (const client of both) {
      await until(() => client.closed() !== null, 'the socket is closed');
      expect(client.told.find(({ type }) => type === 'bye')).toMatchObject({
        code: 4103,
        retryAfterMs: null,
      });
    }
    expect(performance.now() - revokedAt).toBeLessThan(AT_ONCE_MS);
    expect(await mayShow(token)).toBe(false);
    expect((await renew(bearer)).statusCode).toBe(401);
    expect((await server.ask('DELETE', `/screens/${id}`, admin)).statusCode).toBe(404);
    expect(await listed(id)).toBeUndefined();
    expect(await audited(id)).toEqual(['screen.paired', 'screen.revoked']);
  });
});

describe('what a screen is told to do', () => {
  it('reaches every connection of it, once, and no connection made afterwards', async () => {
    const { id, bearer } = await pair();
    const both = [await showing(bearer), await showing(bearer, socketIoClient)];
    expect((await server.ask('POST', `/screens/${id}/identify`, admin)).statusCode).toBe(202);
    for (const client of both) {
      await until(() => commands(client).length === 2, 'it is told');
      expect(commands(client)[1]).toEqual({ type: 'command', command: 'identify' });
    }
    const later = await showing(bearer);
    await server.ask('POST', `/screens/${id}/reload`, admin);
    await until(() => commands(later).length === 2, 'it is told the next');
    expect(commands(later)[1]).toEqual({ type: 'command', command: 'reload' });
    expect(await audited(id)).toEqual(['screen.paired', 'screen.commanded', 'screen.commanded']);
  });

  it('[S49] is read from its row: a forged notification does nothing', async () => {
    const { id, bearer } = await pair();
    const client = await showing(bearer);
    for (const payload of [id, id, 'reload', `{"id":"${id}","command":"reload"}`, '']) {
      await server.test.db.sql`select pg_notify('callboard_screens', ${payload})`;
    }
    await server.ask('POST', `/screens/${id}/identify`, admin);
    await until(() => commands(client).length === 2, 'the real one comes');
    expect(commands(client).map(({ command }) => command)).toEqual(['show', 'identify']);
  });

  it('[L3] is found when nobody was told of it, as soon as the node listens anew', async () => {
    const { id, bearer } = await pair();
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
    const { id, bearer } = await pair();
    const client = await showing(bearer);
    await server.test.ownerSql`
      update screens set command = 'identify', command_number = command_number + 1,
        commanded_at = now() - interval '61 seconds' where id = ${id}`;
    await server.test.db.sql`select pg_notify('callboard_screens', ${id})`;
    await server.ask('PATCH', `/screens/${id}`, admin, { name: 'Other' });
    await until(() => commands(client).length === 2, 'it is told its name');
    expect(commands(client)[1]?.command).toBe('show');
  });
});
