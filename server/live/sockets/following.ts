import type { Scope } from '../../../shared/contract/protocol.ts';
import { nameOfSight, type Sight } from '../../access/principal.ts';
import type { Broadcast } from '../broadcast.ts';
import { canonicalScope } from '../keys.ts';
import type { Stream, Subscriber } from '../streams.ts';
import type { LiveTelemetry } from '../telemetry.ts';
import type { Message } from './frame.ts';
import type { Transport } from './session.ts';

/**
 * What a session follows, one stream at a time, and whether it keeps up [L7]: patches are written while less than
 * `BUFFER_LIMIT` waits in its socket. Beyond, it is *behind*: it gets nothing until what waits is gone, then one
 * snapshot. So what a client can make us hold is one snapshot and 64 KB, however slowly it reads.
 */
export interface Following {
  /** Leaves what was followed; a snapshot comes as soon as there is one. False where the tenant has too many streams. */
  follow(wish: Wish, ref?: string): boolean;
  /** Goes on with this much of it, as this sight shows it: a snapshot where that is another stream. False as above. */
  see(sight: Sight, scope: Scope): boolean;
  leave(): void;
  /** True once it has caught up: the snapshot it was owed is sent. */
  resume(): boolean;
  /** How long it has been behind; null while it keeps up. */
  behindMs(): number | null;
}

export interface Wish {
  broadcast: Broadcast;
  scope: Scope;
  sight: Sight;
}

const BUFFER_LIMIT = 64 * 1024;

export function createFollowing(parts: {
  transport: Pick<Transport, 'bufferedBytes'>;
  send(message: Message): void;
  onBehind(): void;
  telemetry: LiveTelemetry;
}): Following {
  const { transport, send, telemetry } = parts;
  let wish: Wish | null = null;
  let stream: Stream | null = null;
  let owesSnapshot = false;
  let snapshotRef: string | undefined;
  let behindSince: number | null = null;

  const fallBehind = (): void => {
    owesSnapshot = true;
    if (behindSince !== null) return;
    behindSince = performance.now();
    parts.onBehind();
  };

  const sendSnapshot = (): void => {
    if (!stream?.isReady) return;
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
      if (owesSnapshot) return;
      if (transport.bufferedBytes() >= BUFFER_LIMIT) fallBehind();
      else send(patch);
    },
    onStatus(status) {
      // Told again with the snapshot when behind.
      if (behindSince === null) send(status);
    },
  };

  const leave = (): void => {
    if (stream) wish?.broadcast.unsubscribe(stream, subscriber);
    stream = null;
  };

  const follow = (next: Wish, ref?: string): boolean => {
    leave();
    wish = next;
    owesSnapshot = true;
    snapshotRef = ref;
    send(next.broadcast.status());
    stream = next.broadcast.subscribe(next.scope, next.sight, subscriber);
    // A ready stream called before it was known here.
    subscriber.onReady();
    return stream !== null;
  };

  return {
    follow,
    see(sight, scope) {
      if (!wish || nameOf(wish) === nameOf({ sight, scope })) return true;
      // A snapshot that was asked for and has not come yet answers that still.
      return follow({ ...wish, sight, scope }, snapshotRef);
    },
    leave,
    resume() {
      if (transport.bufferedBytes() > 0) return false;
      behindSince = null;
      if (wish) send(wish.broadcast.status());
      if (owesSnapshot) sendSnapshot();
      return true;
    },
    behindMs: () => (behindSince === null ? null : performance.now() - behindSince),
  };
}

function nameOf({ sight, scope }: Pick<Wish, 'sight' | 'scope'>): string {
  return `${nameOfSight(sight)} ${canonicalScope(scope).name}`;
}
