import { setTimeout as pause } from 'node:timers/promises';
import { CLOSE } from '../../../shared/contract/protocol.ts';
import { idOf, type Principal } from '../../access/principal.ts';
import { AppError } from '../../http/errors.ts';
import { createAdmission, type SocketCaps } from './admission.ts';
import { createSession, type Session, type SessionContext, type Transport } from './session.ts';

/** All connections of this process, how many may come in, and the clock that holds them to their deadlines. */
export interface Hub {
  open(transport: Transport, authorization: string | undefined): Session;
  /** False when there is no room for another connection [L13]. */
  hasRoom(): boolean;
  counts(): { connected: number; behind: number; bufferedBytes: number };
  /** Looks again at what connections of an account, key or tenant may still do; null: at everybody's, some at a time [S13]. */
  recheck(id: string | null): Promise<void>;
  /** Calls `check` every second until the returned function is called. */
  onCheck(check: () => void): () => void;
  /** Tells everybody when to come back, lets it arrive, and is done when they are gone or after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export interface HubIntervals {
  checkMs: number;
  /** How soon a client that has drained gets its snapshot, and one that has its first makes room for the next. */
  resumeMs: number;
}

export const HUB_INTERVALS: HubIntervals = { checkMs: 1_000, resumeMs: 100 };

const SOCKET_LIMIT = 20_000;
/** Clients of a restarting server come back over this time, not all at once [S33]. */
const RETURN_SPREAD_MS = 5_000;
/** Longer than a token's lookup and a snapshot take: who is not served by then waits without keeping others out. */
const ARRIVAL_MS = 2_000;
/** Of one account's too many, none is waited for: the others may stay for days. */
const CROWDED_MS = 60_000;
/** Looked at together, so that their lookups share a query. */
const LOOKED_AT_ONCE = 500;

interface Connection {
  session: Session;
  /** Its first snapshot has been written. */
  isServed: boolean;
  /** True while a recheck asks: what it hears closes nobody but who has lost his right. */
  isRechecked: boolean;
}

export function createHub(
  context: Omit<SessionContext, 'onBehind' | 'onGone'>,
  intervals: HubIntervals,
  caps: SocketCaps,
): Hub {
  const connections = new Map<Session, Connection>();
  const admission = createAdmission<Connection>(caps);
  const behind = new Set<Session>();
  const checks = new Set<() => void>();
  let ticking: NodeJS.Timeout | null = null;
  let onEmpty = (): void => {};

  /** Under way while everybody is looked at, and whether that is to be done once more. */
  let round: Promise<void> | null = null;
  let isRoundDue = false;

  const look = async (at: readonly Connection[]): Promise<void> => {
    for (let from = 0; from < at.length; from += LOOKED_AT_ONCE) {
      const looked = at.slice(from, from + LOOKED_AT_ONCE).map((connection) => {
        // A session asks within the call, so nothing else it asks is taken for this.
        connection.isRechecked = true;
        const rechecked = connection.session.recheck();
        connection.isRechecked = false;
        return rechecked;
      });
      await Promise.all(looked);
    }
  };

  /** Runs while somebody is behind or arriving. */
  const tick = (): void => {
    for (const session of behind) if (session.resume()) behind.delete(session);
    let arriving = 0;
    for (const [connection, since] of admission.arriving()) {
      const isDone = connection.isServed && connection.session.bufferedBytes() === 0;
      if (isDone || performance.now() - since > ARRIVAL_MS) admission.arrived(connection);
      else arriving++;
    }
    if (behind.size > 0 || arriving > 0 || !ticking) return;
    clearInterval(ticking);
    ticking = null;
  };
  const keepTicking = (): void => {
    ticking ??= setInterval(tick, intervals.resumeMs);
  };

  const whole = {
    ...context,
    onBehind(session: Session) {
      behind.add(session);
      keepTicking();
    },
    onGone(session: Session) {
      const connection = connections.get(session);
      if (connection) admission.leave(connection);
      connections.delete(session);
      behind.delete(session);
      if (connections.size === 0) onEmpty();
    },
  };

  /** Whom a token stands for, if there is room for one more. Closes with a word about when to come back, if not. */
  const admit = async (connection: Connection, token: string): Promise<Principal> => {
    const { session } = connection;
    if (connection.isRechecked) return context.verify(token);
    if (!connections.has(session)) throw new AppError('overloaded'); // It has gone already.
    const isNew = !session.isKnown();
    if (isNew && !admission.arrive(connection)) return turnAway(session, 'Too many are arriving.');
    keepTicking();
    try {
      const principal = await context.verify(token);
      // Gone meanwhile: it would never give its place back.
      if (!connections.has(session)) throw new AppError('unauthorized');
      if (admission.claim(connection, idOf(principal))) return principal;
    } catch (error) {
      admission.arrived(connection);
      if (error instanceof AppError && error.code === 'unauthorized') throw error;
      return turnAway(session, 'The token cannot be looked at now.');
    }
    admission.arrived(connection);
    return turnAway(session, 'This account has too many connections.', CROWDED_MS);
  };

  const turnAway = (session: Session, reason: string, leastMs = 500): never => {
    session.close(CLOSE.overloaded, reason, laterMs(leastMs));
    throw new AppError('overloaded');
  };

  const checking = setInterval(() => {
    for (const session of connections.keys()) session.check();
    for (const check of checks) check();
  }, intervals.checkMs);

  return {
    open(transport, authorization) {
      const watched: Transport = {
        ...transport,
        send(message) {
          transport.send(message);
          if (message.type !== 'snapshot') return;
          connection.isServed = true;
          watched.send = transport.send; // What follows goes the straight way.
        },
      };
      const session = createSession(watched, { ...whole, verify: (token) => admit(connection, token) });
      const connection: Connection = { session, isServed: false, isRechecked: false };
      connections.set(session, connection);
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token !== undefined) session.present(token);
      return session;
    },
    hasRoom: () => connections.size < SOCKET_LIMIT,
    counts() {
      let bufferedBytes = 0;
      for (const session of connections.keys()) bufferedBytes += session.bufferedBytes();
      return { connected: connections.size, behind: behind.size, bufferedBytes };
    },
    async recheck(id) {
      const all = [...connections.values()];
      if (id !== null) return look(all.filter(({ session }) => session.concerns(id)));
      // A database that comes and goes must not set one round upon another.
      isRoundDue = true;
      round ??= (async () => {
        while (isRoundDue) {
          isRoundDue = false;
          await look([...connections.values()]);
        }
        round = null;
      })();
      return round;
    },
    onCheck(check) {
      checks.add(check);
      return () => checks.delete(check);
    },
    async close(graceMs) {
      clearInterval(checking);
      if (ticking) clearInterval(ticking);
      for (const session of connections.keys()) {
        session.close(CLOSE.shuttingDown, 'The server is restarting.', laterMs(500));
      }
      if (connections.size > 0) {
        const timer = new AbortController();
        const empty = new Promise<void>((resolve) => {
          onEmpty = resolve;
        });
        await Promise.race([empty, pause(graceMs, undefined, { signal: timer.signal }).catch(() => {})]);
        timer.abort();
      }
      for (const session of connections.keys()) session.cut();
    },
  };
}

/** When to come back: some time after `leastMs`, everybody at another. */
function laterMs(leastMs: number): number {
  return Math.round(leastMs + Math.random() * RETURN_SPREAD_MS);
}
