import type { z } from 'zod';
import type { ingestEvent } from '../../../shared/contract/events.ts';
import type { Fields } from './fields.ts';
import type { QueueLogLine } from './line.ts';

type Envelope = 'source' | 'sourceKey' | 'occurredAt' | 'sourceOrder';
type WithoutEnvelope<E> = E extends unknown ? Omit<E, Envelope> : never;
/** An event as an importer makes it, before it is given its envelope and checked against the contract. */
export type EventBody = WithoutEnvelope<z.input<typeof ingestEvent>>;

/** One line with its ids read: `NONE` is nobody, and the words Asterisk puts in place of a call id are none. */
export interface Named {
  line: QueueLogLine;
  callId: string | undefined;
  queue: string | undefined;
  agent: string | undefined;
}

/** A field that a line cannot do without. Thrown inside translators, caught in `translate`: not for flow between modules. */
export class MissingField extends Error {
  readonly field: string;
  constructor(field: string, line: QueueLogLine) {
    super(`${line.event} must name ${field === 'agent' ? 'an' : 'a'} ${field}`);
    this.field = field;
  }
}

export function required(named: Named, field: 'callId' | 'queue' | 'agent'): string {
  const value = named[field];
  if (value === undefined) throw new MissingField(field === 'callId' ? 'callid' : field, named.line);
  return value;
}

/** Null: the line means nothing, by design. */
export type Translator = (named: Named, fields: Fields) => EventBody | null;

/** Kept and counted, without effect: events we do not know, and those about nobody. */
export function note(named: Named): EventBody {
  const { line, callId, queue, agent } = named;
  const text = [line.event, ...line.data].join('|');
  return {
    kind: 'source.note',
    callId,
    queue,
    agent,
    text: text.length > 2_000 ? `${text.slice(0, 1_999)}…` : text,
  };
}
