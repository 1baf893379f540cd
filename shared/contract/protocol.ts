import { z } from 'zod';
import { id } from './ids.ts';
import { window } from './metrics.ts';
import type { ScreenCommand, ScreenFace } from './screens.ts';

/**
 * The live wire: every message that crosses `/live` (Socket.IO) and `/ws/v1/live` (plain WebSocket), in two unions.
 *
 * A client authenticates (unless the Authorization header did), subscribes, gets a snapshot, then patches.
 *   position   = epoch + offset. Offsets are consecutive within an epoch; the epoch changes when the server restarts.
 *   seq        = the log position folded into the values; grows with or without patches.
 *   gap        = an offset that is not the last one + 1, or another epoch: ask `subscribe` again, with jitter [L7].
 *   values     = whole objects per key, never deltas of fields.
 *
 * Over Socket.IO a message is the event named by its `type` with the rest as its one argument; over plain
 * WebSocket it is one JSON text frame. `ref` is echoed so that a plain client can match an answer to its request.
 */
export const PROTOCOL_VERSION = 1;

/** Frames from clients are closed with 1009 above this [S25]. */
export const CLIENT_FRAME_LIMIT = 64 * 1024;

/** Close codes: 4000–4099 reconnect after a while, 4100–4199 do not. */
export const CLOSE = {
  shuttingDown: 4000,
  slowConsumer: 4001,
  overloaded: 4002,
  tokenExpired: 4003,
  unauthenticated: 4100,
  protocolError: 4101,
  tooManyMessages: 4102,
  revoked: 4103,
} as const;

export const LIVE_KINDS = ['tenant', 'sector', 'queue', 'agent', 'call', 'source', 'trend'] as const;
export type LiveKind = (typeof LIVE_KINDS)[number];

/** What a subscriber wants: which kinds of keys, and for metrics which windows. Equal scopes share a stream [L8]. */
export const scope = z.strictObject({
  kinds: z
    .array(z.enum(LIVE_KINDS))
    .min(1)
    .max(LIVE_KINDS.length)
    .default([...LIVE_KINDS]),
  windows: z.array(window).min(1).max(4).default(['last30', 'today']),
});
export type Scope = z.output<typeof scope>;

export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('authenticate'), token: z.string().max(8_192), ref: id.optional() }),
  z.strictObject({
    type: z.literal('subscribe'),
    scope: scope.prefault({}),
    /** Where the client was, when it asks again: counted as a gap. A snapshot answers whatever it says [S32]. */
    epoch: id.optional(),
    offset: z.number().int().min(0).optional(),
    ref: id.optional(),
  }),
  z.strictObject({ type: z.literal('ping'), ref: id.optional() }),
  /** What a screen says of itself once it knows which page it runs; from anybody else it is ignored. */
  z.strictObject({
    type: z.literal('hello'),
    build: z.string().regex(/^[\w-]{0,40}$/),
    resolution: z.string().regex(/^\d{1,5}×\d{1,5}$/),
  }),
]);
export type ClientMessage = z.output<typeof clientMessage>;

/** Values by key: `tenant:<window>`, `sector:<window>:<id>`, `queue:<window>:<id>`, `agent:<id>`, `call:<id>`, `source:<id>`, `trend:today`. */
export type LiveValues = Record<string, unknown>;

export interface Snapshot {
  type: 'snapshot';
  version: number;
  epoch: string;
  offset: number;
  seq: number;
  serverTime: string;
  values: LiveValues;
  ref?: string;
}

export interface Patch {
  type: 'patch';
  epoch: string;
  offset: number;
  seq: number;
  serverTime: string;
  set: LiveValues;
  removed: string[];
}

/** What the numbers stand on, sent when it changes [L9]. */
export interface ServerStatus {
  type: 'status';
  serverTime: string;
  database: 'up' | 'down';
  databaseSince: string | null;
  /** False while live state is being built from the log [L14]. */
  caughtUp: boolean;
  /** Names the page this server serves: one that has heard another name before is old, and reloads itself once. */
  build: string;
}

export interface Authenticated {
  type: 'authenticated';
  /** Authenticate again before then; null for an API key, which does not expire. */
  expiresAt: string | null;
  ref?: string;
}

/** What this client may do or see has changed: a page has its session renewed, and learns what by that [S13]. */
export interface AccessChanged {
  type: 'access_changed';
}

export interface Pong {
  type: 'pong';
  serverTime: string;
  ref?: string;
}

/** To screens: what to show, told whenever it is another thing, and what to do once. */
export type Command =
  | { type: 'command'; command: 'show'; face: ScreenFace }
  | { type: 'command'; command: ScreenCommand };

export interface ProtocolError {
  type: 'error';
  code: string;
  message: string;
  ref?: string;
}

/** The server is about to close the connection; `retryAfterMs` is null when coming back is useless. */
export interface Bye {
  type: 'bye';
  code: number;
  reason: string;
  retryAfterMs: number | null;
}

export type ServerMessage =
  | Snapshot
  | Patch
  | ServerStatus
  | Authenticated
  | Command
  | AccessChanged
  | Pong
  | ProtocolError
  | Bye;
