import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * A cable that can be cut in the ways cables are: a TCP proxy on loopback.
 *   passing     bytes go both ways
 *   stalled     connections stay open and no byte arrives: the half-open connection no driver notices [L4]
 *   refusing    new connections are reset, as while a server starts
 */
export interface TcpProxy {
  port: number;
  /** Stops every byte on the connections there are; new ones pass. */
  stall(): void;
  /** Resets every connection there is. */
  sever(): void;
  /** Resets new connections too, until `accept`. */
  refuse(): void;
  accept(): void;
  /** Connections refused so far. */
  refusals(): number;
  close(): Promise<void>;
}

export async function openProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let refusing = false;
  let refusals = 0;

  const server = createServer((near) => {
    if (refusing) {
      refusals++;
      near.on('error', () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connect(target);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on('error', end).on('close', end);
    far.on('error', end).on('close', end);
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');

  const sever = (): void => {
    for (const [near] of pairs) near.resetAndDestroy();
  };
  return {
    port: address.port,
    stall() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.pause();
        far.pause();
      }
    },
    sever,
    refuse() {
      refusing = true;
      sever();
    },
    accept() {
      refusing = false;
    },
    refusals: () => refusals,
    async close() {
      sever();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The same database by another road. */
export function through(proxy: TcpProxy, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return url.toString();
}
