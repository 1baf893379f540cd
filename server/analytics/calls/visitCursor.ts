import type { VisitPlace } from './visits.ts';

/** A place in the list of visits as the text a client sends back. */
export function visitCursor({ enteredAt, callId, nth }: VisitPlace): string {
  return Buffer.from(`${enteredAt} ${nth} ${callId}`).toString('base64url');
}

/** Null when it is not one of ours. */
export function parseVisitCursor(cursor: string): VisitPlace | null {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const match = /^(\d{1,14}) (-?\d{1,9}) ([^\0]{1,128})$/s.exec(text);
  const callId = match?.[3];
  if (callId === undefined || !callId.isWellFormed() || callId.includes('\ufffd')) return null;
  return { enteredAt: Number(match?.[1]), nth: Number(match?.[2]), callId };
}
