import type { LiveValues, Patch, Snapshot } from '../../shared/contract/protocol.ts';

/**
 * What the server says now, by key [L7].
 *
 *   empty      no snapshot yet; patches are ignored
 *   following  at (epoch, offset); the next patch is of the same epoch and offset + 1
 *   gap        something was missed: values stay as they are and patches are ignored until a snapshot comes
 *
 * Only `apply` changes anything. A patch at or below our offset is a repetition and ignored; a snapshot is always
 * believed, because a stream that was left and joined again counts from the beginning.
 */
export interface LiveStore {
  apply(message: Snapshot | Patch): Applied;
  /** Nothing is at hand any more: somebody else signs in. */
  clear(): void;
  position(): { epoch: string; offset: number } | null;
  get(key: string): unknown;
  /** Every value of a group (`queue:today`, `agent`, …); the same array until one of them changes. */
  list(group: string): readonly unknown[];
  subscribe(key: string, onChange: () => void): () => void;
  subscribeGroup(group: string, onChange: () => void): () => void;
}

export type Applied = 'applied' | 'repeated' | 'gap';

const WINDOWED = /^(?:tenant|sector|queue):[^:]*/;

/** The part of a key before its id: `queue:today` of `queue:today:sales`, `agent` of `agent:SIP/4001`. */
function groupOf(key: string): string {
  return WINDOWED.exec(key)?.[0] ?? key.slice(0, key.indexOf(':'));
}

/** Lists are rendered after figures, each in a task of its own: a frame fits between any two of them. */
const inTurn = (work: () => void): void => void setTimeout(work);

/** `later` is an argument for tests that do not want to wait. */
export function createStore(later: (work: () => void) => void = inTurn): LiveStore {
  const groups = new Map<string, Map<string, unknown>>();
  const lists = new Map<string, readonly unknown[]>();
  const keyListeners = new Map<string, Set<() => void>>();
  const groupListeners = new Map<string, Set<() => void>>();
  let position: { epoch: string; offset: number } | null = null;
  let inGap = false;

  const put = (key: string, value: unknown): void => {
    const group = groupOf(key);
    const values = groups.get(group) ?? new Map<string, unknown>();
    groups.set(group, values.set(key, value));
  };
  const get = (key: string): unknown => groups.get(groupOf(key))?.get(key);

  /** After everything is in place: nobody may see half a patch. */
  const notify = (changed: ReadonlySet<string>): void => {
    const changedGroups = new Set([...changed].map(groupOf));
    for (const group of changedGroups) lists.delete(group);
    for (const key of changed) for (const listener of keyListeners.get(key) ?? []) listener();
    for (const group of changedGroups) {
      if (!groupListeners.has(group)) continue;
      later(() => {
        for (const listener of groupListeners.get(group) ?? []) listener();
      });
    }
  };

  const replace = (values: LiveValues): void => {
    const changed = new Set<string>();
    for (const known of groups.values()) {
      for (const key of known.keys()) {
        if (Object.hasOwn(values, key)) continue;
        known.delete(key);
        changed.add(key);
      }
    }
    for (const [key, value] of Object.entries(values)) {
      // Most values are the same after a gap; keeping the old object spares their tiles a render.
      if (JSON.stringify(get(key)) === JSON.stringify(value)) continue;
      put(key, value);
      changed.add(key);
    }
    notify(changed);
  };

  return {
    apply(message) {
      if (message.type === 'snapshot') {
        position = { epoch: message.epoch, offset: message.offset };
        inGap = false;
        replace(message.values);
        return 'applied';
      }
      if (inGap || position === null) return 'gap';
      if (message.epoch === position.epoch && message.offset <= position.offset) return 'repeated';
      if (message.epoch !== position.epoch || message.offset !== position.offset + 1) {
        inGap = true;
        return 'gap';
      }
      position = { epoch: message.epoch, offset: message.offset };
      for (const [key, value] of Object.entries(message.set)) put(key, value);
      for (const key of message.removed) groups.get(groupOf(key))?.delete(key);
      notify(new Set([...Object.keys(message.set), ...message.removed]));
      return 'applied';
    },
    clear() {
      position = null;
      inGap = false;
      replace({});
    },
    position: () => position,
    get,
    list(group) {
      const list = lists.get(group) ?? [...(groups.get(group)?.values() ?? [])];
      lists.set(group, list);
      return list;
    },
    subscribe: (key, onChange) => listen(keyListeners, key, onChange),
    subscribeGroup: (group, onChange) => listen(groupListeners, group, onChange),
  };
}

function listen(listeners: Map<string, Set<() => void>>, name: string, onChange: () => void): () => void {
  const there = listeners.get(name) ?? new Set();
  listeners.set(name, there.add(onChange));
  return () => {
    there.delete(onChange);
    if (there.size === 0 && listeners.get(name) === there) listeners.delete(name);
  };
}
