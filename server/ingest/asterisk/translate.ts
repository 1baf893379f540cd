import { agentTranslators } from './agentEvents.ts';
import { callTranslators } from './callEvents.ts';
import { readFields } from './fields.ts';
import type { Fault, QueueLogLine } from './line.ts';
import { type EventBody, MissingField, type Named, note, type Translator } from './named.ts';
import { notConnected, outboundTranslators } from './outboundEvents.ts';

const TRANSLATORS: ReadonlyMap<string, Translator> = new Map([
  ...callTranslators,
  ...agentTranslators,
  ...outboundTranslators,
  // Written by every log rotation and every `reload`: tells nothing about calls.
  ['CONFIGRELOAD', () => null],
  ['QUEUESTART', () => ({ kind: 'source.restarted' })],
]);

/** Words in the callid column that name who wrote the line, not a call. */
const NO_CALL = new Set(['', 'NONE', 'REALTIME', 'MANAGER', 'CLI']);

export type Translation = { body: EventBody | null; warnings: string[] } | { fault: Fault };

/** What one line of a queue_log says, in our vocabulary. docs/events.md has the table this follows. */
export function translate(line: QueueLogLine): Translation {
  const named: Named = {
    line,
    callId: NO_CALL.has(line.callId) ? undefined : line.callId,
    queue: idOf(line.queue),
    agent: idOf(line.agent),
  };
  const fields = readFields(line);
  try {
    const body = translatorOf(line.event)(named, fields);
    const fault = fields.fault();
    return fault === null ? { body, warnings: fields.warnings() } : { fault };
  } catch (error) {
    if (error instanceof MissingField) return { fault: { field: error.field, message: error.message } };
    throw error;
  }
}

function translatorOf(event: string): Translator {
  return TRANSLATORS.get(event) ?? (event.startsWith('OUT') ? notConnected : note);
}

/** Every event the importer understands by name. */
export function isKnownEvent(event: string): boolean {
  return TRANSLATORS.has(event);
}

function idOf(text: string): string | undefined {
  return text === '' || text === 'NONE' ? undefined : text;
}
