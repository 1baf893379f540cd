import { parseInstant } from '../../../shared/contract/events.ts';
import { localInstant } from './localTime.ts';

/** One line of a queue_log, or one row of its table, before anything is concluded from it. */
export interface QueueLogLine {
  /** Epoch milliseconds, cut, never rounded [T3]. */
  at: number;
  callId: string;
  queue: string;
  agent: string;
  event: string;
  data: string[];
  /** The table's own id where it has one: then it is the key. */
  rowId?: string;
}

/** Why a line cannot be used: the field to look at, and what it should be. */
export interface Fault {
  field: string;
  message: string;
}

export type Parsed = { line: QueueLogLine } | { fault: Fault };

/** What it takes to read a local date-time; epochs need none of it. */
export interface Clock {
  timeZone: string;
  /** Instant of the line before, for the hour that a clock change repeats [S65]. */
  previousAt: number | null;
}

const EPOCH = /^(\d{9,11})(?:\.(\d{1,9}))?$/;

/**
 * Reads `time|callid|queue|agent|event|data1|…`. The time is an epoch (the file), or a local date-time (the
 * table, exported as text). A data field is text until its event gives it a meaning.
 */
export function parseLine(text: string, clock: Clock): Parsed {
  const fields = text.split('|');
  if (fields.length < 5) {
    return fault('line', 'must be time|callid|queue|agent|event|data…: at least five fields separated by |');
  }
  return assemble(fields, fields.slice(5), clock);
}

/** A row of the table as JSON: time, callid, queuename, agent, event, and data1 … data5 or one `data` column. */
export function parseRow(row: unknown, clock: Clock): Parsed {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    return fault('line', 'must be an object with time, callid, queuename, agent and event');
  }
  const cells = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), cell(value)]));
  const head = ['time', 'callid', 'queuename', 'agent', 'event'].map((name) => cells.get(name) ?? '');
  // One `data` column holds what the file separates by |, and the last of data1 … data5 may, too (`talk|origpos`).
  const columns = ['data', 'data1', 'data2', 'data3', 'data4', 'data5'].filter((name) => cells.has(name));
  const data = cells.get('data')
    ? (cells.get('data') ?? '')
    : columns
        .filter((name) => name !== 'data')
        .map((name) => cells.get(name) ?? '')
        .join('|');
  const parsed = assemble(head, data.split('|'), clock);
  const rowId = cells.get('id');
  if ('line' in parsed && rowId) parsed.line.rowId = rowId;
  return parsed;
}

function assemble(head: string[], data: string[], clock: Clock): Parsed {
  const [time = '', callId = '', queue = '', agent = '', event = ''] = head.map((field) => field.trim());
  const at = instantOf(time, callId, clock);
  if (at === null) {
    return fault(
      'time',
      'must be seconds since 1970 or YYYY-MM-DD hh:mm:ss in the time zone named by ?timeZone=',
    );
  }
  // A dialplan may write events of its own, in any case (QueueLog).
  if (!/^[A-Za-z][\w .:-]{0,79}$/.test(event)) {
    return fault('event', 'must be the name of a queue_log event, e.g. ENTERQUEUE');
  }
  // Trailing empty fields say nothing, and the table has them where the file has none.
  let length = data.length;
  while (length > 0 && data[length - 1]?.trim() === '') length--;
  return {
    line: { at, callId, queue, agent, event, data: data.slice(0, length).map((field) => field.trim()) },
  };
}

function instantOf(time: string, callId: string, clock: Clock): number | null {
  const epoch = EPOCH.exec(time);
  if (epoch === null) {
    const instant = parseInstant(time);
    return Number.isNaN(instant) ? localInstant(time, callId, clock) : instant;
  }
  return Number(epoch[1]) * 1_000 + milliseconds(epoch[2]);
}

/** The first three digits of a fraction of a second. */
export function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function cell(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

function fault(field: string, message: string): Parsed {
  return { fault: { field, message } };
}
