import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import postgres, { type Sql } from 'postgres';
import { SCREENS_CHANNEL } from '../access/screens/screens.ts';
import { backoffMs } from '../db/backoff.ts';
import { within } from '../db/deadline.ts';

/**
 * Hears that a tenant has new events [L3]. A hint, nothing more: whoever is woken reads the log.
 *
 *   connecting → listening → lost → (backoff) → connecting …, until `close`
 *
 * [L4] One connection of our own, which must prove that it lives: it notifies itself every `heartbeatMs`, and counts
 * as lost when it has heard nothing for `silenceMs`. `sql.listen` of postgres.js would stay silent for ever on a
 * half-open connection, and reconnects to a starting server without a pause. Here every connection is a new client,
 * used once, over a socket that is ours to destroy: a half-open one would otherwise linger until TCP gives it up.
 */
export interface Listener {
  status(): ListenerStatus;
  close(): Promise<void>;
}

export interface ListenerStatus {
  up: boolean;
  /** Epoch ms of the last notification, heartbeats included. */
  lastHeardAt: number | null;
  /** How many times the connection was made again after it had been lost. */
  rebuilds: number;
}

export interface ListenerIntervals {
  heartbeatMs: number;
  silenceMs: number;
  connectMs: number;
  backoffMs: number;
  backoffLimitMs: number;
}

export const LISTENER_INTERVALS: ListenerIntervals = {
  heartbeatMs: 2_500,
  silenceMs: 10_000,
  connectMs: 10_000,
  backoffMs: 100,
  backoffLimitMs: 10_000,
};

/** What `append_events` and the settings trigger notify, with the tenant's id. */
const EVENTS_CHANNEL = 'callboard_events';
/** What the triggers on accounts, memberships, sessions and keys notify, with the id of the account or key [S13]. */
const ACCESS_CHANNEL = 'callboard_access';
/** What `delete_tenant` notifies, with the tenant's id [S51]. */
const TENANTS_CHANNEL = 'callboard_tenants';

export function startListener(options: {
  directUrl: string;
  log: Logger;
  /** A tenant has news; null: any may have, because the connection is new and may have missed something. */
  onWake(tenantId: string | null): void;
  /** Whose access may have changed, an account's or key's id; null: anybody's, as above. */
  onAccess?(id: string | null): void;
  /** A screen was paired or is told to do something, by its id; null: any may be, as above. */
  onScreen?(id: string | null): void;
  /** A tenant is gone; null: some may be, as above. */
  onTenantGone?(tenantId: string | null): void;
  intervals?: Partial<ListenerIntervals>;
}): Listener {
  const intervals = { ...LISTENER_INTERVALS, ...options.intervals };
  const closing = new AbortController();
  const closed = new Promise<never>((_, reject) => {
    closing.signal.addEventListener('abort', () => reject(new Error('closed')), { once: true });
  });
  closed.catch(() => {}); // Raced below; unheard in between.
  const status: ListenerStatus = { up: false, lastHeardAt: null, rebuilds: 0 };

  const run = async (): Promise<void> => {
    let failures = 0;
    let everUp = false;
    for (let attempt = 0; !closing.signal.aborted; attempt++) {
      const link = openLink(options.directUrl, attempt, intervals, (channel, payload) => {
        status.lastHeardAt = Date.now();
        if (channel === EVENTS_CHANNEL) options.onWake(payload);
        else if (channel === ACCESS_CHANNEL) options.onAccess?.(payload);
        else if (channel === SCREENS_CHANNEL) options.onScreen?.(payload);
        else if (channel === TENANTS_CHANNEL) options.onTenantGone?.(payload);
      });
      try {
        await Promise.race([link.listen(), closed]);
        failures = 0;
        status.up = true;
        status.lastHeardAt = Date.now();
        if (everUp) {
          status.rebuilds++;
          options.log.info('listener:rebuilt');
        }
        everUp = true;
        options.onWake(null);
        options.onAccess?.(null);
        options.onScreen?.(null);
        options.onTenantGone?.(null);
        await Promise.race([link.lost, closed]);
      } catch (error) {
        if (!closing.signal.aborted) options.log.warn({ err: error, failures }, 'listener:lost');
      }
      status.up = false;
      link.destroy();
      if (closing.signal.aborted) break;
      const wait = backoffMs(failures++, intervals.backoffMs, intervals.backoffLimitMs);
      await pause(wait, undefined, { signal: closing.signal }).catch(() => {}); // Closing cuts the wait short.
    }
  };
  const running = run();

  return {
    status: () => ({ ...status }),
    async close() {
      closing.abort();
      await running;
    },
  };
}

/** One connection, from its making to its loss. */
interface Link {
  /** Resolves once PostgreSQL has confirmed; from then on nothing is missed. */
  listen(): Promise<void>;
  /** Rejects with the reason once it is lost; never resolves. */
  lost: Promise<never>;
  destroy(): void;
}

function openLink(
  url: string,
  attempt: number,
  intervals: ListenerIntervals,
  onHeard: (channel: string, payload: string) => void,
): Link {
  const heartbeat = `callboard_heartbeat_${crypto.randomUUID().replaceAll('-', '')}`;
  const sockets = new Set<Socket>();
  let heardAt = performance.now();
  let lose: (reason: Error) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  lost.catch(() => {}); // Whoever waits for it handles it; a loss before that must not end the process.

  // The driver takes `socket` and `onnotify` but does not declare them: hence a variable, not a literal argument.
  const driverOptions = {
    max: 1,
    idle_timeout: undefined,
    max_lifetime: null,
    fetch_types: false,
    prepare: false,
    connection: { application_name: 'callboard listener' },
    connect_timeout: intervals.connectMs / 1_000,
    onclose: () => lose(new Error('the connection was closed')),
    onnotify(channel: string, payload: string) {
      heardAt = performance.now();
      onHeard(channel, payload);
    },
    socket: (target: SocketTarget) => openSocket(target, attempt, sockets, intervals.connectMs),
  };
  const client: Sql = postgres(url, driverOptions);

  let beat: NodeJS.Timeout | undefined;
  const listen = async (): Promise<void> => {
    const channels = [EVENTS_CHANNEL, ACCESS_CHANNEL, SCREENS_CHANNEL, TENANTS_CHANNEL, heartbeat];
    await client.unsafe(channels.map((channel) => `listen ${channel}`).join('; ')).simple();
    heardAt = performance.now();
    beat = setInterval(() => {
      if (performance.now() - heardAt > intervals.silenceMs) {
        lose(new Error(`nothing heard for ${intervals.silenceMs} ms`));
        return;
      }
      client`select pg_notify(${heartbeat}, '')`.catch(lose);
    }, intervals.heartbeatMs);
  };

  return {
    // A server that accepts and then says nothing would hold us for ever: listening has a deadline too.
    listen: () => Promise.race([within(listen(), intervals.connectMs), lost]),
    lost,
    destroy() {
      clearInterval(beat);
      client.end({ timeout: 0 }).catch(() => {}); // The connection may be beyond a farewell.
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The driver's parsed options, as far as reaching the server goes. */
interface SocketTarget {
  host: string[];
  port: number[];
  path: string | false;
}

async function openSocket(
  target: SocketTarget,
  attempt: number,
  sockets: Set<Socket>,
  connectMs: number,
): Promise<Socket> {
  const place = attempt % target.host.length;
  const host = target.host[place];
  const socket = target.path
    ? connect(target.path)
    : connect({ host, port: Number(target.port[place] ?? 5432) });
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectMs) });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  // Where TLS follows, the driver takes the name to verify from here.
  return Object.assign(socket, { host });
}
