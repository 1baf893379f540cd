import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { embeddedDatabase } from '../../server/db/connect.ts';
import { type Embedded, startEmbedded } from '../../server/db/embedded/embedded.ts';
import { openProxy, type TcpProxy, through } from '../../server/faults/tcpProxy.ts';
import { preparedData } from './preparedData.ts';
import { type Callboard, startCallboard } from './server.ts';

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
  const dataDir = preparedData(more.TENANT_TIME_ZONE ?? 'UTC');
  const embedded = await startEmbedded({ dataDir, log: pino({ level: 'silent' }) });
  const database = { ...embedded, url: await embeddedDatabase(embedded.url) };
  const { hostname, port } = new URL(database.url);
  const cable = await openProxy({ host: hostname, port: Number(port) });
  const env = { ...more, DATABASE_URL: through(cable, database.url) };
  const server = await startCallboard({ env });
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
