import { hash } from 'node:crypto';
import { type IngestEvent, ingestEvent } from '../../../shared/contract/events.ts';
import { instantProblem } from '../instants.ts';
import { createAliasInference, type InferredAlias } from './aliases.ts';
import { type Fault, type Parsed, parseLine, parseRow, type QueueLogLine } from './line.ts';
import { createSecondsWindow } from './secondsWindow.ts';
import { createTransferCheck } from './transferCheck.ts';
import { translate } from './translate.ts';
import { looksWhole } from './unfinished.ts';
import { createWaitCheck } from './waitCheck.ts';

/** What became of one line: an event, a fault, or neither where the line says nothing. */
export interface LineResult {
  event: IngestEvent | null;
  fault: Fault | null;
  warnings: string[];
  alias: InferredAlias | null;
}

export interface ReaderOptions {
  source: string;
  /** IANA zone of local date-times; epochs need none. */
  timeZone: string;
  /** The tenant's secret, for keys: see {@link digest}. */
  secret: Uint8Array;
  now(): number;
}

/**
 * Turns the lines of one queue_log, in their order, into events. Owns what a line means because of those
 * before it: counts within a second, inferred aliases, waits.
 */
export interface AsteriskReader<Mark> {
  /** A line without its newline. `isEnded` is false for a last line that had none. */
  line(text: string, mark: Mark, isEnded: boolean): LineResult;
  /** A row of the table. */
  row(row: unknown, mark: Mark): LineResult;
  /** Where a new reader has to begin to continue exactly as this one would; null before the first line. */
  resumeAt(): Mark | null;
}

export function createAsteriskReader<Mark>(options: ReaderOptions): AsteriskReader<Mark> {
  const secret = Buffer.from(options.secret).toString('hex');
  const seconds = createSecondsWindow<Mark>();
  const inferAlias = createAliasInference();
  const checkWait = createWaitCheck();
  const checkTransfer = createTransferCheck();
  const clock: { timeZone: string; previousAt: number | null } = {
    timeZone: options.timeZone,
    previousAt: null,
  };

  function take(parsed: Parsed, mark: Mark): LineResult {
    if ('fault' in parsed) return failed(parsed.fault);
    const { line } = parsed;
    const problem = instantProblem(line.at, options.now(), 'history');
    if (problem !== null) return failed({ field: 'time', message: problem });
    clock.previousAt = line.at;
    const content = digest(line, secret);
    const { place, ordinal } = seconds.count(line.at, content, mark);
    const translation = translate(line);
    if ('fault' in translation) return failed(translation.fault);
    if (translation.body === null) return NOTHING;

    const { body, warnings } = translation;
    const sourceKey = line.rowId ? `row:${line.rowId}` : ordinal === 0 ? content : `${content}:${ordinal}`;
    const checked = ingestEvent.safeParse({
      ...body,
      source: options.source,
      sourceKey,
      occurredAt: line.at,
      sourceOrder: place,
    });
    if (!checked.success) {
      const issue = checked.error.issues[0];
      return failed({ field: issue?.path.join('.') || 'line', message: issue?.message ?? 'is not valid' });
    }
    for (const warning of [checkWait(body, line.at), checkTransfer(body)]) {
      if (warning !== null) warnings.push(warning);
    }
    return { event: checked.data, fault: null, warnings, alias: inferAlias(line) };
  }

  return {
    line(text, mark, isEnded) {
      if (text.trim() === '') return NOTHING;
      const parsed = parseLine(text, clock);
      if (!isEnded && !('fault' in parsed) && !looksWhole(text)) {
        return failed({
          field: 'line',
          message:
            'is the last one, has no newline and looks half-written; import again once the file is whole',
        });
      }
      return take(parsed, mark);
    },
    row: (row, mark) => take(parseRow(row, clock), mark),
    resumeAt: () => seconds.start(),
  };
}

const NOTHING: LineResult = { event: null, fault: null, warnings: [], alias: null };

function failed(fault: Fault): LineResult {
  return { event: null, fault, warnings: [], alias: null };
}

/**
 * What makes two lines the same [L2]. Under the tenant's secret: a plain hash of a line that holds a caller's
 * number would give the number away to anyone who tries all of them.
 */
function digest(line: QueueLogLine, secret: string): string {
  const content = [secret, line.at, line.callId, line.queue, line.agent, line.event, ...line.data].join('|');
  return hash('sha256', content, 'hex').slice(0, 32);
}
