import type {
  Bye,
  ClientMessage,
  Command,
  PROTOCOL_VERSION,
  Scope,
  ServerMessage,
} from '../../shared/contract/protocol.ts';
import type { ServerClock } from './clock.ts';
import type { Reach } from './status.ts';
import type { LiveStore } from './store.ts';
import type { OpenWire, Wire } from './wire.ts';

/**
 * Keeps one store following the server, for ever [L7].
 *
 *   resting      not started, or stopped
 *   opening      asks for a token, opens a wire; the first time that is loading, and unreachable once it fails or takes too long
 *   greeting     `authenticate` and `subscribe` sent; figures are old until the snapshot comes
 *   following    a snapshot came; a gap asks for another, one in flight
 *   waiting      the wire went; the next is opened after a jittered pause that grows up to a cap
 *
 * Whatever happens leads to `waiting`, never to an end: a wall has nobody to press reload.
 */
export interface Connection {
  start(): void;
  stop(): void;
  /** A fresher token is at hand: the server is told before the old one expires [S14]. */
  present(token: string): void;
  /** Something made it likely that the server can be reached again: no need to wait any longer. */
  hurry(): void;
  /** The same object until something about it changes. */
  reach(): Reach;
  subscribe(onChange: () => void): () => void;
}

export interface ConnectionOptions {
  openWire: OpenWire;
  store: LiveStore;
  clock: ServerClock;
  scope: Scope;
  /** A token to begin with; `afresh` when the last one was refused. Rejects where none can be had now. */
  token(afresh: boolean): Promise<string>;
  /** The server speaks another version of the protocol than this page, or serves another page than it did. */
  onOutdated(): void;
  /** What whoever is signed in may do or see has changed. */
  onAccessChanged?(): void;
  /** What a screen is told. */
  onCommand?(command: Command): void;
  /** What a screen says of itself, the page it runs included; asked for on each wire, once the server has named its own. */
  hello?(build: string): Extract<ClientMessage, { type: 'hello' }>;
  random?: () => number;
}

/** Checked by the compiler against the contract, without its schemas in the page. */
const VERSION: typeof PROTOCOL_VERSION = 1;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/**
 * After a second refusal in a row that says coming back is useless: a new build may be there by then. The first is asked
 * about at once: whoever has been signed out must not go on looking at figures [S13].
 */
const REFUSED_PAUSE_MS = 15_000;
/** A gap strikes every screen at once; their snapshots are asked for over this time. */
const GAP_SPREAD_MS = 400;
/** A silent wire is asked whether it lives, and given up when it does not say. */
const SILENCE_MS = 10_000;
const ANSWER_MS = 6_000;
const CHECK_MS = 1_000;
/** A first connection is loading for this long: well past a slow one's, well before whoever stands there asks what is wrong. */
const FIRST_ANSWER_MS = 5_000;

export function createConnection(options: ConnectionOptions): Connection {
  const { store, clock, random = Math.random } = options;
  const listeners = new Set<() => void>();
  let reach: Reach = { unreachableSince: null, database: 'up', databaseSince: null, catchingUpSince: null };
  let isStarted = false;
  /** Counts lives of the wire: what an earlier one still has to say is not heard. */
  let life = 0;
  let wire: Wire | null = null;
  let retry: ReturnType<typeof setTimeout> | null = null;
  let asking: ReturnType<typeof setTimeout> | null = null;
  let checking: ReturnType<typeof setInterval> | null = null;
  let expecting: ReturnType<typeof setTimeout> | null = null;
  let awaitsSnapshot = false;
  let failures = 0;
  let bye: Bye | null = null;
  /** The page the server served when it was first heard, or last. */
  let build: string | null = null;
  let loaded: string | null = null;
  let hasGreeted = false;
  /** Null until a wire has opened. */
  let heardAt: number | null = null;
  let pingedAt: number | null = null;

  const change = (part: Partial<Reach>): void => {
    reach = { ...reach, ...part };
    for (const listener of listeners) listener();
  };

  const open = async (): Promise<void> => {
    retry = null;
    const mine = ++life;
    const afresh = bye?.retryAfterMs === null;
    bye = null;
    let token: string;
    try {
      token = await options.token(afresh);
    } catch {
      if (mine !== life || !isStarted) return;
      miss(clock.now());
      comeBack();
      return;
    }
    if (mine !== life || !isStarted) return;
    wire = options.openWire({
      onOpen() {
        if (mine !== life) return;
        heard();
        wire?.send({ type: 'authenticate', token });
        ask();
      },
      onMessage(message) {
        if (mine === life) receive(message);
      },
      onGone() {
        if (mine === life) lose(clock.now());
      },
    });
  };

  /** Subscribes (again): the answer is a snapshot. */
  const ask = (): void => {
    asking = null;
    awaitsSnapshot = true;
    wire?.send({ type: 'subscribe', scope: options.scope, ...store.position() });
  };

  const heard = (): void => {
    heardAt = performance.now();
    pingedAt = null;
  };

  const receive = (message: ServerMessage): void => {
    heard();
    if ('serverTime' in message) clock.heard(message.serverTime);
    switch (message.type) {
      case 'snapshot':
        if (message.version !== VERSION) {
          options.onOutdated();
          return;
        }
        awaitsSnapshot = false;
        failures = 0;
        store.apply(message);
        if (expecting) clearTimeout(expecting);
        if (reach.unreachableSince !== null) change({ unreachableSince: null });
        return;
      case 'patch':
        // Between asking and the answer come the last patches of the stream that was left.
        if (awaitsSnapshot) return;
        if (store.apply(message) === 'gap') asking ??= setTimeout(ask, random() * GAP_SPREAD_MS);
        return;
      case 'status':
        if (build !== null && message.build !== build) options.onOutdated();
        build = message.build;
        greet();
        change({
          database: message.database,
          databaseSince: message.databaseSince === null ? null : Date.parse(message.databaseSince),
          catchingUpSince: message.caughtUp ? null : (reach.catchingUpSince ?? clock.now()),
        });
        return;
      case 'access_changed':
        options.onAccessChanged?.();
        return;
      case 'bye':
        bye = message;
        return;
      case 'error':
        // Refused before anything was sent: nothing will come on this wire.
        if (awaitsSnapshot && message.code === 'overloaded') lose(clock.now());
        return;
      case 'command':
        options.onCommand?.(message);
        return;
      case 'authenticated':
      case 'pong':
        return;
    }
  };

  /** The page that runs is the one that was served when it was loaded: the first that the server named. */
  const greet = (): void => {
    loaded ??= build;
    if (hasGreeted || loaded === null || !options.hello) return;
    hasGreeted = true;
    wire?.send(options.hello(loaded));
  };

  /** The wire is of no more use. */
  const lose = (since: number): void => {
    drop();
    miss(since);
    comeBack();
  };

  const miss = (since: number): void => {
    if (reach.unreachableSince === null) change({ unreachableSince: since });
  };

  const drop = (): void => {
    life++;
    wire?.close();
    wire = null;
    heardAt = null;
    if (asking) clearTimeout(asking);
    asking = null;
    awaitsSnapshot = false;
    hasGreeted = false;
    pingedAt = null;
  };

  const comeBack = (): void => {
    const grown = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures) * (0.5 + random() / 2);
    const refusedMs = failures === 0 ? 0 : REFUSED_PAUSE_MS;
    failures++;
    const pause = bye === null ? grown : Math.max(grown, bye.retryAfterMs ?? refusedMs);
    if (retry) clearTimeout(retry);
    retry = setTimeout(open, pause);
  };

  const check = (): void => {
    if (wire === null || heardAt === null) return;
    const at = performance.now();
    if (pingedAt !== null) {
      if (at - pingedAt > ANSWER_MS) lose(clock.now() - (at - heardAt));
    } else if (at - heardAt > SILENCE_MS) {
      pingedAt = at;
      wire.send({ type: 'ping' });
    }
  };

  return {
    start() {
      if (isStarted) return;
      isStarted = true;
      heardAt = null;
      checking = setInterval(check, CHECK_MS);
      const startedAt = clock.now();
      expecting = setTimeout(() => miss(startedAt), FIRST_ANSWER_MS);
      // What was known of the way to another call centre says nothing of this one.
      change({ unreachableSince: null, database: 'up', databaseSince: null, catchingUpSince: null });
      void open();
    },
    stop() {
      isStarted = false;
      drop();
      if (retry) clearTimeout(retry);
      if (checking) clearInterval(checking);
      if (expecting) clearTimeout(expecting);
      retry = null;
      failures = 0;
      bye = null;
    },
    present: (token) => {
      if (heardAt !== null) wire?.send({ type: 'authenticate', token });
    },
    hurry() {
      if (!isStarted || retry === null || bye !== null) return;
      clearTimeout(retry);
      void open();
    },
    reach: () => reach,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}
