import { setTimeout as pause } from 'node:timers/promises';
import { CLOSE } from '../../../shared/contract/protocol.ts';
import { createSession, type Session, type SessionContext, type Transport } from './session.ts';

/** All connections of this process, and the clock that holds them to their deadlines. */
export interface Hub {
  open(transport: Transport, authorization: string | undefined): Session;
  /** False when there is no room for another connection [L13]. */
  hasRoom(): boolean;
  counts(): { connected: number; behind: number; bufferedBytes: number };
  /** Looks again at what connections of an account, key or tenant may still do; null: at everybody's, one after another [S13]. */
  recheck(id: string | null): Promise<void>;
  /** Calls `check` every second until the returned function is called. */
  onCheck(check: () => void): () => void;
  /** Tells everybody when to come back, lets it arrive, and is done when they are gone or after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export interface HubIntervals {
  checkMs: number;
  /** How soon a client that has drained gets its snapshot. */
  resumeMs: number;
}

export const HUB_INTERVALS: HubIntervals = { checkMs: 1_000, resumeMs: 100 };

const SOCKET_LIMIT = 20_000;
/** Clients of a restarting server come back over this time, not all at once [S33]. */
const RETURN_SPREAD_MS = 5_000;

export function createHub(
  context: Omit<SessionContext, 'onBehind' | 'onGone'>,
  intervals: HubIntervals,
): Hub {
  const sessions = new Set<Session>();
  const behind = new Set<Session>();
  const checks = new Set<() => void>();
  let resuming: NodeJS.Timeout | null = null;
  let onEmpty = (): void => {};

  /** Under way while everybody is looked at, and whether that is to be done once more. */
  let round: Promise<void> | null = null;
  let isRoundDue = false;

  const look = async (at: readonly Session[]): Promise<void> => {
    for (const session of at) await session.recheck();
  };

  const resume = (): void => {
    for (const session of behind) if (session.resume()) behind.delete(session);
    if (behind.size > 0 || !resuming) return;
    clearInterval(resuming);
    resuming = null;
  };

  const whole: SessionContext = {
    ...context,
    onBehind(session) {
      behind.add(session);
      resuming ??= setInterval(resume, intervals.resumeMs);
    },
    onGone(session) {
      sessions.delete(session);
      behind.delete(session);
      if (sessions.size === 0) onEmpty();
    },
  };

  const checking = setInterval(() => {
    for (const session of sessions) session.check();
    for (const check of checks) check();
  }, intervals.checkMs);

  return {
    open(transport, authorization) {
      const session = createSession(transport, whole);
      sessions.add(session);
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token !== undefined) session.present(token);
      return session;
    },
    hasRoom: () => sessions.size < SOCKET_LIMIT,
    counts() {
      let bufferedBytes = 0;
      for (const session of sessions) bufferedBytes += session.bufferedBytes();
      return { connected: sessions.size, behind: behind.size, bufferedBytes };
    },
    async recheck(id) {
      if (id !== null) return look([...sessions].filter((session) => session.concerns(id)));
      // A database that comes and goes must not set one round upon another.
      isRoundDue = true;
      round ??= (async () => {
        while (isRoundDue) {
          isRoundDue = false;
          await look([...sessions]);
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
      if (resuming) clearInterval(resuming);
      for (const session of sessions) {
        const retryAfterMs = Math.round(500 + Math.random() * RETURN_SPREAD_MS);
        session.close(CLOSE.shuttingDown, 'The server is restarting.', retryAfterMs);
      }
      if (sessions.size > 0) {
        const timer = new AbortController();
        const empty = new Promise<void>((resolve) => {
          onEmpty = resolve;
        });
        await Promise.race([empty, pause(graceMs, undefined, { signal: timer.signal }).catch(() => {})]);
        timer.abort();
      }
      for (const session of sessions) session.cut();
    },
  };
}
