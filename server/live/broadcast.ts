import type { Logger } from 'pino';
import type { Window } from '../../shared/contract/metrics.ts';
import type { LiveKind, Scope } from '../../shared/contract/protocol.ts';
import { takeDirty } from '../../shared/live/state.ts';
import { nameOfSight, type Sight } from '../access/principal.ts';
import { inSlices } from '../log/slices.ts';
import type { Engine, EngineStatus, LiveView } from './engine.ts';
import {
  allKeys,
  type CanonicalScope,
  canonicalScope,
  dirtyKeys,
  keysChangingByTime,
  type LiveKey,
  measurer,
} from './keys.ts';
import { createPicture, type Picture, reader } from './picture.ts';
import type { PseudonymOf } from './pseudonyms.ts';
import { type Message, toMessage } from './sockets/frame.ts';
import { type Change, createStream, type Stream, type Subscriber } from './streams.ts';
import type { LiveTelemetry } from './telemetry.ts';

/**
 * Tells a tenant's screens what changed. What was last sent is kept by key, once for all who see the same: their
 * **picture**. A **stream** is one scope of one picture and its offset [L8], and everybody with an equal scope and
 * sight shares it.
 *
 * A flush measures the keys that may have changed, each once, has every picture compare what it shows of them with what
 * was last sent, and gives every stream the part that concerns it as one patch, encoded once. The first change flushes
 * at once; then no sooner than `flushMs` later. A stream whose kinds or windows its picture did not show yet becomes
 * ready with the flush that measures them first.
 * A snapshot is what was last sent, at the stream's offset: patches carry on from it without a gap [L7].
 */
export interface Broadcast {
  /** Adds a subscriber; null when the tenant has too many different streams. */
  subscribe(scope: Scope, sight: Sight, subscriber: Subscriber): Stream | null;
  unsubscribe(stream: Stream, subscriber: Subscriber): void;
  /** The tenant's state of affairs, to be sent to a new subscriber. */
  status(): Message;
  onFolded(): void;
  onReset(): void;
  onStatus(): void;
  /** Sends what is pending now, whatever the pace: the last state before a shutdown. */
  flush(): Promise<void>;
  streamCount(): number;
  close(): void;
}

export interface BroadcastIntervals {
  flushMs: number;
  /** Numbers that change by time alone are measured again this often [L6]. */
  tickMs: number;
  agentsMs: number;
}

export const BROADCAST_INTERVALS: BroadcastIntervals = { flushMs: 250, tickMs: 1_000, agentsMs: 10_000 };

const STREAM_LIMIT = 200;
/** Measuring beyond `FREE_MS` a flush may take one part in this many of the time: a huge tenant is shown less often. */
const FLUSH_SHARE = 4;
const FREE_MS = 25;

export function createBroadcast(options: {
  engine: Pick<Engine, 'view' | 'status'>;
  epoch: string;
  build: string;
  pseudonymOf: PseudonymOf;
  telemetry: LiveTelemetry;
  log: Logger;
  now?: () => number;
  intervals?: Partial<BroadcastIntervals>;
}): Broadcast {
  const { engine, epoch, telemetry, log } = options;
  const now = options.now ?? Date.now;
  const intervals = { ...BROADCAST_INTERVALS, ...options.intervals };
  /** By the name of their sight; each has a stream. */
  const pictures = new Map<string, Picture>();
  const pending = new Map<string, LiveKey>();
  let everything = false;
  let sentSeq = 0;
  /** Values went out that hold more than the `seq` they were sent with: the next patch comes even when empty. */
  let owesSeq = false;
  let agentsMeasuredAt = 0;
  let mayFlushAt = 0;
  /** By the clock, the last flush did. How much of that was its own work only the CPU's time tells, and to ask for that costs 0.1 ms. */
  let tookLong = false;
  let timer: NodeJS.Timeout | null = null;
  let flushing: Promise<void> | null = null;
  let closed = false;
  /** Something changed while a flush was under way. */
  let again = false;

  const streams = (): Stream[] => [...pictures.values()].flatMap((picture) => [...picture.streams.values()]);
  const note = (keys: Iterable<LiveKey>): void => {
    for (const key of keys) pending.set(key.text, key);
  };
  const wanted = (): { kinds: Set<LiveKind>; windows: Set<Window> } => {
    const kinds = new Set<LiveKind>();
    const windows = new Set<Window>();
    for (const { scope } of streams()) {
      for (const kind of scope.kinds) kinds.add(kind);
      for (const window of scope.windows) windows.add(window);
    }
    return { kinds, windows };
  };

  const isAwaited = (): boolean => streams().some((stream) => !stream.isReady);

  const schedule = (): void => {
    again = flushing !== null;
    if (closed || timer || flushing || pictures.size === 0) return;
    const wait = isAwaited() ? 0 : mayFlushAt - performance.now();
    if (wait <= 0) void flush();
    else {
      timer = setTimeout(() => {
        timer = null;
        void flush();
      }, wait);
    }
  };

  /** The keys to measure in this flush: what changed, and whatever new streams ask for. */
  const due = (view: LiveView): LiveKey[] => {
    note(dirtyKeys(view, takeDirty(view.state), wanted().windows));
    for (const picture of pictures.values()) {
      for (const [kind, window] of picture.widen(everything)) note(allKeys(view, kind, window));
      if (everything) note([...picture.sent.values()].map(({ key }) => key)); // Those that are gone now.
    }
    everything = false;
    const keys = [...pending.values()];
    pending.clear();
    return keys;
  };

  const flush = (byTime = false): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    flushing ??= run(byTime)
      .catch((error: unknown) => log.error({ err: error }, 'broadcast:failed'))
      .finally(() => {
        flushing = null;
        // Without anybody to tell or anything to tell of, the next event or subscriber begins again.
        if (pictures.size === 0 || !engine.view()) return;
        if (again || pending.size > 0 || everything || isAwaited()) schedule();
      });
    return flushing;
  };

  const run = async (byTime: boolean): Promise<void> => {
    const view = engine.view();
    if (!view || pictures.size === 0) return;
    const { seq } = view;
    const showing = [...pictures.values()];
    const opening = showing.flatMap((picture) =>
      [...picture.streams.values()].filter((stream) => !stream.isReady),
    );
    const read = reader(measurer(view, now()));
    for (const picture of showing) picture.begin(view);
    const startedAt = performance.now();
    const began = tookLong ? process.cpuUsage() : null;
    await inSlices(looks(due(view), showing), ([key, picture]) => picture.look(key, read), {
      itemsPerLook: 4,
    });
    // From here to the end in one go: nobody sees a patch without its snapshot.
    const makesGood = owesSeq && seq > sentSeq;
    owesSeq = view.state.seq > seq;
    sentSeq = Math.max(seq, sentSeq);
    let published = false;
    for (const picture of showing) {
      const changed = picture.take();
      for (const stream of picture.streams.values()) {
        if (stream.isReady && publish(stream, changed, sentSeq, makesGood)) published = true;
      }
    }
    for (const stream of opening) {
      stream.isReady = true;
      for (const subscriber of stream.subscribers) subscriber.onReady();
    }
    // Neither what found nothing new nor the clock's once a second may take the leading edge from the next event.
    const workMs = began === null ? 0 : cpuMs(process.cpuUsage(began));
    tookLong = performance.now() - startedAt > FREE_MS;
    const paceMs = published && !byTime ? intervals.flushMs : 0;
    mayFlushAt = Math.max(startedAt + paceMs, performance.now() + (workMs - FREE_MS) * (FLUSH_SHARE - 1));
  };

  const publish = (stream: Stream, changed: readonly Change[], seq: number, evenEmpty: boolean): boolean => {
    const patch = stream.patch(changed, seq, evenEmpty);
    if (patch === null) return false;
    telemetry.patches.inc();
    telemetry.deliveries.inc(stream.subscribers.size);
    for (const subscriber of stream.subscribers) subscriber.onPatch(patch);
    return true;
  };

  const openStream = (scope: CanonicalScope, sight: Sight): Stream => {
    const name = nameOfSight(sight);
    const picture = pictures.get(name) ?? createPicture(sight, options.pseudonymOf);
    const stream = createStream(scope, { epoch, sent: picture.sent, seq: () => sentSeq, now });
    stream.isReady = !flushing && picture.covers(scope) && engine.view() !== null;
    pictures.set(name, picture);
    picture.add(stream);
    telemetry.streams.inc();
    return stream;
  };

  const statusMessage = (): Message => {
    const [status, serverTime] = [screenStatus(engine.status()), new Date(now()).toISOString()];
    return toMessage({ type: 'status', ...status, build: options.build, serverTime });
  };
  const statusName = (): string => JSON.stringify(screenStatus(engine.status()));
  let lastStatus = statusName();
  const onStatus = (): void => {
    const status = statusName();
    if (status === lastStatus) return;
    lastStatus = status;
    const told = statusMessage();
    for (const stream of streams()) {
      for (const subscriber of stream.subscribers) subscriber.onStatus(told);
    }
  };

  const tick = (): void => {
    onStatus();
    const view = engine.view();
    if (!view || pictures.size === 0) return;
    const asked = wanted();
    const agentsDue = asked.kinds.has('agent') && now() - agentsMeasuredAt >= intervals.agentsMs;
    if (agentsDue) agentsMeasuredAt = now();
    note(keysChangingByTime(view, asked, agentsDue));
    // In a storm this goes out with the next patch; only in quiet it makes one of its own.
    if (!timer && !flushing) void flush(true);
  };
  const ticking = setInterval(tick, intervals.tickMs);
  return {
    subscribe(scope, sight, subscriber) {
      const canonical = canonicalScope(scope);
      const known = pictures.get(nameOfSight(sight))?.streams.get(canonical.name);
      if (!known && streams().length >= STREAM_LIMIT) return null;
      const stream = known ?? openStream(canonical, sight);
      stream.subscribers.add(subscriber);
      if (stream.isReady) subscriber.onReady();
      else if (!flushing) void flush();
      return stream;
    },
    unsubscribe(stream, subscriber) {
      stream.subscribers.delete(subscriber);
      if (stream.subscribers.size > 0) return;
      for (const [name, picture] of pictures) {
        if (picture.streams.get(stream.scope.name) !== stream) continue;
        picture.remove(stream);
        if (picture.streams.size === 0) pictures.delete(name);
        telemetry.streams.dec();
      }
    },
    status: statusMessage,
    onFolded() {
      const view = engine.view();
      // Without anybody to tell, the marks are not left to grow [L13].
      if (pictures.size === 0 && view) takeDirty(view.state);
      else schedule();
    },
    onReset() {
      everything = true;
      onStatus();
      schedule();
    },
    onStatus,
    async flush() {
      await flushing;
      await flush();
    },
    streamCount: () => streams().length,
    close() {
      closed = true;
      clearInterval(ticking);
      if (timer) clearTimeout(timer);
    },
  };
}

const cpuMs = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000;

/** Every picture's look at every key; those at one key one after the other, for they share what is measured. */
function* looks(keys: Iterable<LiveKey>, pictures: readonly Picture[]): Iterable<[LiveKey, Picture]> {
  for (const key of keys) for (const picture of pictures) yield [key, picture];
}

/** What the numbers stand on, as screens are told [L9]. */
function screenStatus({ feed, caughtUp }: EngineStatus) {
  const isDown = feed.state === 'down';
  const databaseSince = isDown && feed.since !== null ? new Date(feed.since).toISOString() : null;
  return { database: isDown ? 'down' : 'up', databaseSince, caughtUp };
}
