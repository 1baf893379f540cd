import type { Logger } from 'pino';
import { assertNever } from '../../../shared/assertNever.ts';
import { CLOSE, type ClientMessage, clientMessage, type Scope } from '../../../shared/contract/protocol.ts';
import { idOf, isSameStanding, mayWatch, type Principal, sightOf } from '../../access/principal.ts';
import { AppError } from '../../http/errors.ts';
import type { Broadcast } from '../broadcast.ts';
import type { LiveTelemetry } from '../telemetry.ts';
import { createFollowing } from './following.ts';
import { type Message, toMessage } from './frame.ts';
import { BURST, createMessageRate } from './messageRate.ts';
import { type ScreenLinks, scopeFor } from './screenLinks.ts';

/**
 * One client, whichever transport brought it.
 *
 *   greeting    knows nobody yet; `authenticate` within `greetingMs`, or the Authorization header did it [S21]
 *   open        may subscribe; `authenticate` again before the token expires [S14]
 *   closed      said `bye`; nothing is sent or heard any more
 *
 * What it has subscribed to it sees with the eyes of whoever it speaks for: when that is somebody else's sight now, by
 * a newer token or because rights have changed, it follows another stream from then on [S13]. Who does not keep up
 * (following.ts) is closed after `behindMs`.
 */
export interface Transport {
  send(message: Message): void;
  /** Bytes written and not yet taken by the kernel. */
  bufferedBytes(): number;
  /** Ends the connection: `gracefully` lets what is written arrive, otherwise it is cut. */
  end(code: number, reason: string, gracefully: boolean): void;
}

export interface SessionIntervals {
  greetingMs: number;
  behindMs: number;
}

export const SESSION_INTERVALS: SessionIntervals = { greetingMs: 10_000, behindMs: 30_000 };

/** How long a client may take to end a connection we have closed. */
const FAREWELL_MS = 5_000;

/** What a session needs of the world. */
export interface SessionContext {
  verify(token: string): Promise<Principal>;
  /** The tenant's broadcast; throws where the tenant cannot be served. */
  broadcastOf(tenantId: string): Broadcast;
  screens: Pick<ScreenLinks, 'open'>;
  onBehind(session: Session): void;
  onGone(session: Session): void;
  telemetry: LiveTelemetry;
  log: Logger;
  intervals: SessionIntervals;
}

export interface Session {
  /** A message from the client, parsed or not; anything at all. */
  receive(raw: unknown): void;
  /** Something that cannot be a message: closes. */
  refuse(reason: string): void;
  /** The token of the Authorization header. */
  present(token: string): void;
  /** Called every second or so: deadlines. */
  check(): void;
  /** Called often while behind: sends the snapshot once drained. True when it has caught up or is closed. */
  resume(): boolean;
  bufferedBytes(): number;
  isBehind(): boolean;
  /** Whether it speaks for anybody yet. */
  isKnown(): boolean;
  /** Whether it speaks for this account or key, or for anybody of this tenant. */
  concerns(id: string): boolean;
  /** Verifies the last token again: closes when it is good for nothing any more, else sees what it may now [S13]. */
  recheck(): Promise<void>;
  close(code: number, reason: string, retryAfterMs: number | null): void;
  /** Ends the connection without another word. */
  cut(): void;
  /** The connection is gone. */
  onGone(): void;
}

export function createSession(transport: Transport, context: SessionContext): Session {
  const { telemetry, intervals } = context;
  const began = performance.now();
  let principal: Principal | null = null;
  /** The last one that was good. */
  let shown: string | null = null;
  /** Grows with every look at what may be seen: of two that overlap, the one begun later counts. */
  let looks = 0;
  let closed: { at: number; code: number } | null = null;
  let broadcast: Broadcast | null = null;
  /** What was last asked for. */
  let wished: Scope | null = null;
  const isWithinRate = createMessageRate();
  /** Messages are answered in order: the next waits for the one being verified. */
  let queue: Promise<void> = Promise.resolve();
  let queued = 0;

  const send = (message: Message): void => {
    if (!closed) transport.send(message);
  };

  const screen = context.screens.open((command) => send(toMessage(command)));

  const close = (code: number, reason: string, retryAfterMs: number | null): void => {
    if (closed) return;
    send(toMessage({ type: 'bye', code, reason, retryAfterMs }));
    telemetry.closed.inc({ code: String(code) });
    closed = { at: performance.now(), code };
    following.leave();
    transport.end(code, reason, following.behindMs() === null);
  };

  const fail = (code: string, text: string, ref: string | undefined): void => {
    send(toMessage({ type: 'error', code, message: text, ref }));
  };

  const following = createFollowing({
    transport,
    send,
    onBehind: () => context.onBehind(session),
    telemetry,
  });

  const authenticate = async (token: string, ref?: string): Promise<void> => {
    let known: Principal;
    try {
      known = await context.verify(token);
    } catch {
      fail('unauthorized', 'No valid credentials were presented.', ref);
      close(CLOSE.unauthenticated, 'The token is not valid.', null);
      return;
    }
    if (closed) return;
    looks++;
    if (!mayWatch(known)) {
      const text = 'It takes the right live:read.';
      fail('forbidden', text, ref);
      close(CLOSE.unauthenticated, text, null);
      return;
    }
    // Whoever else this is, the streams of the first must not go on under the name of the second.
    if (principal && principal.tenantId !== known.tenantId) {
      close(CLOSE.protocolError, 'A connection stays with one tenant.', null);
      return;
    }
    shown = token;
    const expiresAt = known.expiresAt === null ? null : new Date(known.expiresAt).toISOString();
    send(toMessage({ type: 'authenticated', expiresAt, ref }));
    speakFor(known);
  };

  /** What is followed is what this principal sees of it, and a screen's is its board. */
  const speakFor = (known: Principal): void => {
    principal = known;
    screen.know(known);
    if (wished && !following.see(sightOf(known), scopeFor(known, wished))) tooMuch();
  };

  const tooMuch = (): void =>
    close(CLOSE.overloaded, 'Too much is going on; come back later.', 5_000 + Math.random() * 10_000);

  const subscribe = (wish: Extract<ClientMessage, { type: 'subscribe' }>): void => {
    if (!principal) {
      fail('unauthorized', 'Send authenticate first.', wish.ref);
      return;
    }
    if (wish.offset !== undefined && wish.offset > 0) telemetry.gaps.inc();
    wished = wish.scope;
    following.leave();
    try {
      broadcast ??= context.broadcastOf(principal.tenantId);
    } catch (error) {
      context.log.warn({ err: error }, 'socket:refused');
      tooMuch();
      return;
    }
    const followed = { broadcast, scope: scopeFor(principal, wish.scope), sight: sightOf(principal) };
    if (!following.follow(followed, wish.ref)) {
      fail('overloaded', 'Too many different scopes are being watched.', wish.ref);
    }
  };

  const handle = async (raw: unknown): Promise<void> => {
    if (closed) return;
    const parsed = clientMessage.safeParse(raw);
    if (!parsed.success) {
      telemetry.ignored.inc();
      const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'is not understood' };
      fail('bad_request', `${path.join('.') || 'message'}: ${message}`, undefined);
      return;
    }
    const wish = parsed.data;
    switch (wish.type) {
      case 'authenticate':
        return authenticate(wish.token, wish.ref);
      case 'subscribe':
        return subscribe(wish);
      case 'ping':
        return send(toMessage({ type: 'pong', serverTime: new Date().toISOString(), ref: wish.ref }));
      case 'hello':
        return screen.hello(wish);
      default:
        return assertNever(wish);
    }
  };

  const enqueue = (work: () => Promise<void>): void => {
    queued++;
    queue = queue
      .then(work)
      .catch((error: unknown) => {
        context.log.error({ err: error }, 'socket:failed');
        close(CLOSE.protocolError, 'The message could not be handled.', 1_000);
      })
      .finally(() => {
        queued--;
      });
  };

  const session: Session = {
    receive(raw) {
      if (closed) return;
      if (!isWithinRate() || queued >= BURST) close(CLOSE.tooManyMessages, 'Too many messages.', null);
      else enqueue(() => handle(raw));
    },
    refuse: (reason) => close(CLOSE.protocolError, reason, null),
    present: (token) => enqueue(() => authenticate(token)),
    check() {
      const at = performance.now();
      screen.check();
      if (closed) {
        if (at - closed.at > FAREWELL_MS) session.cut();
      } else if (!principal) {
        if (at - began > intervals.greetingMs) close(CLOSE.unauthenticated, 'Nobody signed in.', null);
      } else if (principal.expiresAt !== null && Date.now() >= principal.expiresAt) {
        close(CLOSE.tokenExpired, 'The token has expired.', 0);
      } else if ((following.behindMs() ?? 0) > intervals.behindMs) {
        close(CLOSE.slowConsumer, 'The connection does not keep up.', 5_000);
      }
    },
    resume: () => closed !== null || following.resume(),
    bufferedBytes: () => transport.bufferedBytes(),
    isBehind: () => following.behindMs() !== null,
    isKnown: () => principal !== null,
    concerns: (id) => principal !== null && (idOf(principal) === id || principal.tenantId === id),
    async recheck() {
      if (closed || shown === null) return;
      const look = ++looks;
      try {
        const known = await context.verify(shown);
        if (closed || look !== looks) return;
        if (!mayWatch(known)) return close(CLOSE.revoked, 'The right to watch has ended.', null);
        if (principal && !isSameStanding(principal, known)) send(toMessage({ type: 'access_changed' }));
        speakFor(known);
      } catch (error) {
        // A database that is away says nothing about anybody: all are looked at when it is back.
        if (look !== looks || !(error instanceof AppError) || error.code !== 'unauthorized') return;
        close(CLOSE.revoked, 'The session has ended.', null);
      }
    },
    close,
    cut: () => transport.end(closed?.code ?? CLOSE.shuttingDown, '', false),
    onGone() {
      screen.gone(closed === null);
      closed ??= { at: performance.now(), code: CLOSE.shuttingDown };
      following.leave();
      context.onGone(session);
    },
  };
  return session;
}
