/** A place in a list sorted by an instant (to the microsecond, ISO 8601) and an id, and as the text a client sends back. */
export interface InstantPlace {
  at: string;
  id: string;
}

export function cursorOf({ at, id }: InstantPlace): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

/** Null when it is not one of ours. */
export function parseCursor(cursor: string): InstantPlace | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([0-9a-f-]{36})$/.exec(
    Buffer.from(cursor, 'base64url').toString('latin1'),
  );
  return match?.[1] && match[2] ? { at: match[1], id: match[2] } : null;
}
