import type { AddressInfo } from 'node:net';
import type { LightMyRequestResponse } from 'fastify';
import type { Row } from 'postgres';
import type { Command } from '../../../shared/contract/protocol.ts';
import type { Screen } from '../../../shared/contract/screens.ts';
import { type Client, plainClient } from '../../live/sockets/clients.ts';
import { until } from '../../live/testing.ts';
import { type Bearer, bearerOf, createTestApp, type TestApp } from '../../testing.ts';

/** Opens a pairing, enters its code as `by`, claims its token. */
export async function pairScreen({ ask }: TestApp, by: Bearer, wish: object = {}): Promise<PairedScreen> {
  const { code, secret } = (await ask('POST', '/screens/pairings')).json().data;
  const approved = await ask('POST', '/screens', by, { code, name: 'Lobby', ...wish });
  if (approved.statusCode !== 201) throw new Error(approved.body);
  const { token } = (await ask('POST', '/screens/pairings/claim', {}, { secret })).json().data;
  return { id: approved.json().data.id, token, bearer: bearerOf(token) };
}

interface PairedScreen {
  id: string;
  token: string;
  bearer: Bearer;
}

/** A server that listens, an administrator, and screens that show their boards. */
export interface ScreensTest {
  server: TestApp;
  admin: Bearer;
  pair(wish?: object): Promise<PairedScreen>;
  /** A screen that shows its board, over plain WebSocket or Socket.IO. */
  showing(bearer: Bearer, open?: (url: string, headers: Bearer) => Promise<Client>): Promise<Client>;
  renew(bearer: Bearer): Promise<LightMyRequestResponse>;
  /** Whether the token lets a screen in. */
  mayShow(token: string): Promise<boolean>;
  row(id: string): Promise<Row | undefined>;
  /** As the administrator's list has it; undefined where it is not there. */
  listed(id: string): Promise<Screen | undefined>;
  /** The actions the audit has of it. */
  audited(id: string): Promise<string[]>;
  /** Ends what `showing` has begun. */
  leave(): void;
}

export const HELLO = { type: 'hello', build: 'abc123', resolution: '1920×1080' };

export const commands = ({ told }: Client): Command[] => told.filter((one) => one.type === 'command');

export async function startScreens(): Promise<ScreensTest> {
  const server = await createTestApp();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  // Listening on TCP, so it is not a pipe's name.
  const url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  await server.addAccount('admin@example.test', 'admin');
  const { bearer: admin } = await server.signIn('admin@example.test');
  const { ownerSql } = server.test;
  const clients: Client[] = [];
  return {
    server,
    admin,
    pair: (wish) => pairScreen(server, admin, wish),
    async showing(bearer, open = plainClient) {
      const client = await open(url, bearer);
      clients.push(client);
      client.send({ type: 'subscribe', scope: {} });
      client.send(HELLO);
      await until(() => client.told.some(({ type }) => type === 'snapshot'), 'a snapshot arrives');
      await until(() => commands(client).length > 0, 'it is told what to show');
      return client;
    },
    renew: (bearer) => server.ask('POST', '/screens/renewal', bearer),
    mayShow: (token) =>
      server.parts.access.screenTokens.verify(token).then(
        () => true,
        () => false,
      ),
    row: async (id) => (await ownerSql`select * from screens where id = ${id}`)[0],
    async listed(id) {
      const { data } = (await server.ask('GET', '/screens', admin)).json();
      return data.find((one: Screen) => one.id === id);
    },
    async audited(id) {
      const rows = await ownerSql`
        select action from analytics_audit_log where subject_id = ${id} order by occurred_at`;
      return rows.map(({ action }) => action);
    },
    leave() {
      for (const client of clients.splice(0)) client.close();
    },
  };
}
