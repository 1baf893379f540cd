import type { Logger } from 'pino';
import { assertNever } from '../../../shared/assertNever.ts';
import { CLOSE, type ClientMessage, clientMessage } from '../../../shared/contract/protocol.ts';
import { idOf, type Principal } from '../../access/principal.ts';
import { AppError } from '../../http/errors.ts';
import type { Broadcast } from '../broadcast.ts';
import type { Stream, Subscriber } from '../streams.ts';
import type { LiveTelemetry } from '../telemetry.ts';
import { type Message, toMessage } from './frame.ts';

/**
 * One client, whichever transport brought it.
 *
 *   greeting    knows nobody yet; `authenticate` within `greetingMs`, or the Authorization header did it [S21]
 *   open        may subscribe; `authenticate` again before the token expires [S14]
 *   closed      said `bye`; nothing is sent or heard any more
 *
 * and, once subscribed, whether it keeps up [L7]: patches are written while less than `BUFFER_LIMIT` waits in its
 * socket. Beyond, it is *behind*: it gets nothing until what waits is gone, then one snapshot; after `behindMs` it is
 * closed. So what a client can make us hold is one snapshot and 64 KB, however slowly it reads.
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

const BUFFER_LIMIT = 64 * 1024;
/** A client needs a handful of messages; this many at once, refilled at this rate, is patience [S27]. */
const BURST = 50;
const MESSAGES_PER_SECOND = 10;
/** How long a client may take to end a connection we have closed. */
const FAREWELL_MS = 5_000;

/** What a session needs of the world. */
export interface SessionContext {
  verify(token: string): Promise<Principal>;
  /** The tenant's broadcast; throws where the tenant cannot be served. */
  broadcastOf(tenantId: string): Broadcast;
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
  /** Whether it speaks for this account or key, or for anybody of this tenant. */
  concerns(id: string): boolean;
  /** Verifies the last token again: closes when it is good for nothing any more [S13]. Never throws. */
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
  let closed: { at: number; code: number } | null = null;
  let broadcast: Broadcast | null = null;
  let stream: Stream | null = null;
  let snapshotRef: string | undefined;
  let owesSnapshot = false;
  let behindSince: number | null = null;
  let tokens = BURST;
  let tokensAt = began;
  /** Messages are answered in order: the next waits for the one being verified. */
  let queue: Promise<void> = Promise.resolve();
  let queued = 0;

  const send = (message: Message): void => {
    if (!closed) transport.send(message);
  };

  const leave = (): void => {
    if (stream && broadcast) broadcast.unsubscribe(stream, subscriber);
    stream = null;
  };

  const close = (code: number, reason: string, retryAfterMs: number | null): void => {
    if (closed) return;
    send(toMessage({ type: 'bye', code, reason, retryAfterMs }));
    telemetry.closed.inc({ code: String(code) });
    closed = { at: performance.now(), code };
    leave();
    transport.end(code, reason, behindSince === null);
  };

  const fail = (code: string, text: string, ref: string | undefined): void => {
    send(toMessage({ type: 'error', code, message: text, ref }));
  };

  const fallBehind = (): void => {
    owesSnapshot = true;
    if (behindSince !== null) return;
    behindSince = performance.now();
    context.onBehind(session);
  };

  const sendSnapshot = (): void => {
    if (closed || !stream?.isReady) return;
    owesSnapshot = false;
    const ref = snapshotRef;
    snapshotRef = undefined;
    telemetry.snapshots.inc();
    send(stream.snapshot(ref));
  };

  const subscriber: Subscriber = {
    onReady() {
      if (!owesSnapshot || behindSince !== null) return;
      if (transport.bufferedBytes() >= BUFFER_LIMIT) fallBehind();
      else sendSnapshot();
    },
    onPatch(patch) {
      if (owesSnapshot || closed) return;
      if (transport.bufferedBytes() >= BUFFER_LIMIT) fallBehind();
      else transport.send(patch);
    },
    onStatus(status) {
      // Told again with the snapshot when behind.
      if (behindSince === null) send(status);
    },
  };

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
    if (known.kind === 'key' && !known.scopes.includes('live:read')) {
      fail('forbidden', 'This key does not have the scope live:read.', ref);
      close(CLOSE.unauthenticated, 'The key may not read live numbers.', null);
      return;
    }
    // Whoever else this is, the streams of the first must not go on under the name of the second.
    if (principal && principal.tenantId !== known.tenantId) {
      close(CLOSE.protocolError, 'A connection stays with one tenant.', null);
      return;
    }
    principal = known;
    shown = token;
    const expiresAt = known.expiresAt === null ? null : new Date(known.expiresAt).toISOString();
    send(toMessage({ type: 'authenticated', expiresAt, ref }));
  };

  const subscribe = (wish: Extract<ClientMessage, { type: 'subscribe' }>): void => {
    if (!principal) {
      fail('unauthorized', 'Send authenticate first.', wish.ref);
      return;
    }
    if (wish.offset !== undefined && wish.offset > 0) telemetry.gaps.inc();
    leave();
    try {
      broadcast ??= context.broadcastOf(principal.tenantId);
    } catch (error) {
      context.log.warn({ err: error }, 'socket:refused');
      close(CLOSE.overloaded, 'Too much is going on; come back later.', 5_000 + Math.random() * 10_000);
      return;
    }
    owesSnapshot = true;
    snapshotRef = wish.ref;
    send(broadcast.status());
    stream = broadcast.subscribe(wish.scope, subscriber);
    if (!stream) {
      fail('overloaded', 'Too many different scopes are being watched.', wish.ref);
      return;
    }
    // A ready stream called before it was known here.
    subscriber.onReady();
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
      default:
        return assertNever(wish);
    }
  };

  /** False when the client sends more than anybody needs to. */
  const withinRate = (): boolean => {
    const at = performance.now();
    tokens = Math.min(BURST, tokens + ((at - tokensAt) / 1_000) * MESSAGES_PER_SECOND);
    tokensAt = at;
    tokens--;
    return tokens >= 0 && queued < BURST;
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
      if (!withinRate()) close(CLOSE.tooManyMessages, 'Too many messages.', null);
      else enqueue(() => handle(raw));
    },
    refuse: (reason) => close(CLOSE.protocolError, reason, null),
    present: (token) => enqueue(() => authenticate(token)),
    check() {
      const at = performance.now();
      if (closed) {
        if (at - closed.at > FAREWELL_MS) session.cut();
      } else if (!principal) {
        if (at - began > intervals.greetingMs) close(CLOSE.unauthenticated, 'Nobody signed in.', null);
      } else if (principal.expiresAt !== null && Date.now() >= principal.expiresAt) {
        close(CLOSE.tokenExpired, 'The token has expired.', 0);
      } else if (behindSince !== null && at - behindSince > intervals.behindMs) {
        close(CLOSE.slowConsumer, 'The connection does not keep up.', 5_000);
      }
    },
    resume() {
      if (closed) return true;
      if (transport.bufferedBytes() > 0) return false;
      behindSince = null;
      if (broadcast) send(broadcast.status());
      if (owesSnapshot) sendSnapshot();
      return true;
    },
    bufferedBytes: () => transport.bufferedBytes(),
    isBehind: () => behindSince !== null,
    concerns: (id) => principal !== null && (idOf(principal) === id || principal.tenantId === id),
    async recheck() {
      if (closed || shown === null) return;
      try {
        principal = await context.verify(shown);
      } catch (error) {
        // A database that is away says nothing about anybody: all are looked at when it is back.
        if (!(error instanceof AppError) || error.code !== 'unauthorized') return;
        close(CLOSE.revoked, 'The session has ended.', null);
      }
    },
    close,
    cut: () => transport.end(closed?.code ?? CLOSE.shuttingDown, '', false),
    onGone() {
      closed ??= { at: performance.now(), code: CLOSE.shuttingDown };
      leave();
      context.onGone(session);
    },
  };
  return session;
}
