import { PROTOCOL_VERSION } from '../../shared/contract/protocol.ts';
import { type CanonicalScope, inScope, type LiveKey } from './keys.ts';
import { type Message, message } from './sockets/frame.ts';

/**
 * A stream: one scope of one sight, its offset, and who follows it [L8]. It encodes what its subscribers get, once for all of them:
 * patches with consecutive offsets, and a snapshot that the next patch carries on from [L7].
 */
export interface Stream {
  scope: CanonicalScope;
  isReady: boolean;
  subscribers: Set<Subscriber>;
  /** What of the changes concerns this stream, at the next offset; null when nothing does. */
  patch(changed: readonly Change[], seq: number, evenEmpty: boolean): Message | null;
  /** Everything last sent that is in scope, at the current offset. `ref` is echoed. */
  snapshot(ref?: string): Message;
}

export interface Subscriber {
  /** The stream has a snapshot from now on. */
  onReady(): void;
  onPatch(patch: Message): void;
  onStatus(status: Message): void;
}

/** What became of a key's value, as JSON; null when it is gone. */
export interface Change {
  key: LiveKey;
  /** What the key is called on the wire. */
  name: string;
  json: string | null;
}

export interface LastSent extends Change {
  json: string;
}

/** One encoded snapshot serves everybody who asks within this time: its serverTime sets their clocks. */
const SNAPSHOT_REUSE_MS = 100;

export function createStream(
  scope: CanonicalScope,
  source: {
    epoch: string;
    /** Everything last sent to anybody who sees the same. */
    sent: ReadonlyMap<string, LastSent>;
    /** The log position it stands for. */
    seq(): number;
    now(): number;
  },
): Stream {
  let offset = 0;
  let cached: { message: Message; offset: number; at: number } | null = null;

  const head = (seq: number): string => {
    const serverTime = new Date(source.now()).toISOString();
    return `"epoch":"${source.epoch}","offset":${offset},"seq":${seq},"serverTime":"${serverTime}"`;
  };

  const snapshotBody = (): string => {
    const values: string[] = [];
    for (const { key, name, json } of source.sent.values()) {
      if (inScope(scope, key)) values.push(`${JSON.stringify(name)}:${json}`);
    }
    return `{"version":${PROTOCOL_VERSION},${head(source.seq())},"values":{${values.join(',')}}}`;
  };

  return {
    scope,
    isReady: false,
    subscribers: new Set(),
    patch(changed, seq, evenEmpty) {
      const set: string[] = [];
      const removed: string[] = [];
      for (const { key, name, json } of changed) {
        if (!inScope(scope, key)) continue;
        if (json === null) removed.push(name);
        else set.push(`${JSON.stringify(name)}:${json}`);
      }
      if (set.length === 0 && removed.length === 0 && !evenEmpty) return null;
      offset++;
      cached = null;
      return message('patch', `{${head(seq)},"set":{${set.join(',')}},"removed":${JSON.stringify(removed)}}`);
    },
    snapshot(ref) {
      if (!cached || cached.offset !== offset || performance.now() - cached.at > SNAPSHOT_REUSE_MS) {
        cached = { message: message('snapshot', snapshotBody()), offset, at: performance.now() };
      }
      if (ref === undefined) return cached.message;
      return message('snapshot', `{"ref":${JSON.stringify(ref)},${cached.message.body.slice(1)}`);
    },
  };
}
