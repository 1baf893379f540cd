import { rmSync } from 'node:fs';
import { pino } from 'pino';
import postgres from 'postgres';
import { createPasswords } from '../../server/access/sessions/passwords.ts';
import { embeddedDatabase } from '../../server/db/connect.ts';
import { type Embedded, startEmbedded } from '../../server/db/embedded/embedded.ts';
import { openProxy, type TcpProxy, through } from '../../server/faults/tcpProxy.ts';
import { preparedData } from './preparedData.ts';
import { ADMIN, type Callboard, startCallboard } from './server.ts';

/** A server whose PostgreSQL is at the other end of a cable that can be cut, and goes on when the server dies. */
export interface Cabled {
  server: Callboard;
  database: Embedded;
  cable: TcpProxy;
  /** SIGKILL of the server; resolves with the function that starts it again in its place. */
  kill(): Promise<() => Promise<void>>;
  dispose(): Promise<void>;
}

export async function startCabled(more: NodeJS.ProcessEnv = {}): Promise<Cabled> {
  const dataDir = preparedData();
  const embedded = await startEmbedded({ dataDir, log: pino({ level: 'silent' }) });
  const database = { ...embedded, url: await embeddedDatabase(embedded.url) };
  const { hostname, port } = new URL(database.url);
  const cable = await openProxy({ host: hostname, port: Number(port) });
  const env = { ...more, DATABASE_URL: through(cable, database.url) };
  const server = await startCallboard({ env });
  await easeSignIn(database.url);
  const cabled: Cabled = {
    server,
    database,
    cable,
    async kill() {
      const { dataDir, url } = cabled.server;
      await cabled.server.kill();
      return async () => {
        cabled.server = await startCallboard({ env, dataDir, port: Number(new URL(url).port) });
      };
    },
    async dispose() {
      await cabled.server.dispose();
      await cable.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return cabled;
}

/** A sign-in takes most of a second of a core, on purpose; a hash that was made for less is checked for less, and here every test signs in. */
async function easeSignIn(url: string): Promise<void> {
  const hash = await createPasswords({ N: 2 ** 10, r: 8, p: 1 }).hash(ADMIN.password);
  const sql = postgres(url, { max: 1 });
  await sql`update accounts set password_hash = ${hash} where email = ${ADMIN.email}`;
  await sql.end();
}
