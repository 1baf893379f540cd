/**
 * Short lists of what an agent has to do with at once, by call: talks, rings. They are replaced, never changed, so that
 * copies of an agent's facts share them.
 */
interface OfCall {
  readonly callId: string;
}

const NONE: readonly never[] = [];

export function ofCall<T extends OfCall>(list: readonly T[], callId: string): T | undefined {
  for (const entry of list) if (entry.callId === callId) return entry;
  return undefined;
}

/** With `entry` in the place of the one of the same call, or at the end. */
export function including<T extends OfCall>(list: readonly T[], entry: T): readonly T[] {
  const before = ofCall(list, entry.callId);
  return before === undefined
    ? appended(list, entry)
    : list.map((other) => (other === before ? entry : other));
}

/** Most such lists are of one: that is made without going through one, and no longer than need be. */
export function appended<T>(list: readonly T[], item: T): readonly T[] {
  return list.length === 0 ? [item] : [...list, item];
}

export function excluding<T extends OfCall>(list: readonly T[], callId: string): readonly T[] {
  if (ofCall(list, callId) === undefined) return list;
  return list.length === 1 ? NONE : list.filter((entry) => entry.callId !== callId);
}
