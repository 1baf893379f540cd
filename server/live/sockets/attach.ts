import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { CLIENT_FRAME_LIMIT } from '../../../shared/contract/protocol.ts';
import type { Config } from '../../config.ts';
import { createAddressCaps } from '../../http/addressCaps.ts';
import { dispatchUpgrades } from '../../http/upgrade.ts';
import type { Hub } from './hub.ts';
import { openPlainSocket, type PlainSocket } from './plainSocket.ts';
import { createSocketIoGate, type PingIntervals } from './socketIo.ts';

/** Puts both transports of the live wire on the app's server: `/socket.io/` (namespace `/live`) and `/ws/v1/live`. */
export function attachSockets(
  app: FastifyInstance,
  options: {
    hub: Hub;
    config: Pick<Config, 'basePath' | 'trustProxy'>;
    pings: PingIntervals;
    perAddress: number;
    onCapped(network: string): void;
    /** Lets go of every connection; called as the app begins to close. */
    close(): Promise<void>;
  },
): void {
  const { hub, config, pings } = options;
  const plainPath = `${config.basePath}/ws/v1/live`;
  const socketIoPath = `${config.basePath}/socket.io`;
  const gate = createSocketIoGate({ path: socketIoPath, pings, open: hub.open });
  const plainSockets = new Set<PlainSocket>();
  const stopChecking = hub.onCheck(() => {
    for (const plain of plainSockets) plain.check();
  });

  // An emitter in place of the server: it hears only the upgrades given to it, not Socket.IO's.
  const upgrades = new EventEmitter();
  app.register(fastifyWebsocket, {
    options: {
      server: upgrades as unknown as Server, // The plugin only listens for 'upgrade'.
      maxPayload: CLIENT_FRAME_LIMIT,
      perMessageDeflate: false,
    },
    // Instead of the plugin's own, which closes every socket without a word.
    preClose(done) {
      stopChecking();
      options
        .close()
        .then(() => gate.close())
        .then(() => done(), done);
    },
  });
  app.register(async (scope) => {
    scope.get(plainPath, { websocket: true }, (socket, request) => {
      plainSockets.add(
        openPlainSocket(socket, {
          pings,
          authorization: request.headers.authorization,
          open: hub.open,
          onGone: (plain) => plainSockets.delete(plain),
        }),
      );
    });
  });
  dispatchUpgrades(app.server, {
    trustProxy: config.trustProxy,
    hasRoom: hub.hasRoom,
    caps: createAddressCaps({ perAddress: options.perAddress }),
    onCapped: options.onCapped,
    routes: [
      { path: `${socketIoPath}/`, handle: gate.handleUpgrade },
      { path: plainPath, handle: (...upgrade) => upgrades.emit('upgrade', ...upgrade) },
    ],
  });
}
