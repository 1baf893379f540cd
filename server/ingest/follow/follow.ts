import type { Logger } from 'pino';
import type { IngestAnswer } from '../../../shared/contract/rest.ts';
import {
  type AsteriskReader,
  createAsteriskReader,
  type LineResult,
  type ReaderOptions,
} from '../asterisk/reader.ts';
import { type Place, type TailedLine, tail } from './tail.ts';

/** One line of the log and what became of it. */
export interface FollowedLine extends TailedLine {
  result: LineResult;
}

export type FollowCounts = Omit<IngestAnswer, 'rejections'>;

/** Where followed lines go: straight into the database, or to a server over HTTP. */
export interface Destination {
  /** Where to continue; null for a log never followed before. */
  progress(): Promise<FollowProgress | null>;
  /** Stores lines and how far the log has now been read, both or neither in effect: what is read twice must be stored once. */
  write(lines: FollowedLine[], progress: FollowProgress): Promise<FollowCounts>;
}

/** How far a log has been read. */
export interface FollowProgress {
  /** Where reading begins after a restart: the first line of the last seconds, which give later lines their keys. */
  resumeAt: Place;
  /** Offset in that file below which lines have been written, so that one rejected before is not rejected again. */
  writtenTo: number;
}

export interface FollowOptions {
  path: string;
  reader: ReaderOptions;
  destination: Destination;
  signal: AbortSignal;
  log: Logger;
  intervals?: { pollMs: number; retryMs: number; retryLimitMs: number };
  onWritten?(counts: FollowCounts): void;
}

/** A write is tried again as long as it may ever succeed: a telephone system does not stop for our database. */
export class PermanentFailure extends Error {}

const INTERVALS = { pollMs: 1_000, retryMs: 500, retryLimitMs: 15_000 };

/** Follows a log until the signal; ends between two writes, never within one. */
export async function follow(options: FollowOptions): Promise<void> {
  const { destination, signal, log } = options;
  const intervals = options.intervals ?? INTERVALS;
  const start = await persist(() => destination.progress(), options);
  if (start === undefined) return;
  const isKnown = ({ place, result }: FollowedLine) =>
    result.fault !== null && place.inode === start?.resumeAt.inode && place.offset < start.writtenTo;
  const reader: AsteriskReader<Place> = createAsteriskReader(options.reader);
  const onTrouble = (message: string) => log.warn({ path: options.path }, `follow:trouble ${message}`);

  for await (const tailed of tail({
    path: options.path,
    start: start?.resumeAt ?? null,
    pollMs: intervals.pollMs,
    signal,
    onTrouble,
  })) {
    const lines = tailed
      .map((entry) => ({ ...entry, result: read(reader, entry) }))
      .filter((line) => !isKnown(line));
    const last = tailed.at(-1);
    const resumeAt = reader.resumeAt() ?? last?.place;
    if (resumeAt === undefined || last === undefined) continue;
    const writtenTo = last.place.inode === resumeAt.inode ? last.line.end : Number.MAX_SAFE_INTEGER;
    const counts = await persist(() => destination.write(lines, { resumeAt, writtenTo }), options);
    if (counts === undefined) return;
    options.onWritten?.(counts);
  }
}

function read(reader: AsteriskReader<Place>, { line, place }: TailedLine): LineResult {
  if (!line.isTooLong) return reader.line(line.text, place, line.isEnded);
  const fault = { field: 'line', message: 'is longer than any line of a queue_log' };
  return { event: null, fault, warnings: [], alias: null };
}

/** Undefined when the signal came before the work was done. */
async function persist<T>(work: () => Promise<T>, options: FollowOptions): Promise<T | undefined> {
  const { retryMs, retryLimitMs } = options.intervals ?? INTERVALS;
  for (let attempt = 0; !options.signal.aborted; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PermanentFailure) throw error;
      const pause = Math.min(retryLimitMs, retryMs * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2);
      options.log.warn(
        { err: error, attempt },
        'follow:retry the destination does not take it; trying again',
      );
      await waitFor(pause, options.signal);
    }
  }
  return undefined;
}

function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
