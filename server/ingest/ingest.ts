import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Issue } from '../../shared/contract/errors.ts';
import type { IngestEvent } from '../../shared/contract/events.ts';
import type { Committed } from '../../shared/contract/logEvent.ts';
import { type IngestAnswer, REJECTIONS_SHOWN } from '../../shared/contract/rest.ts';
import { type Database, inTenant } from '../db/connect.ts';
import type { InstantPlace } from '../db/instantCursor.ts';
import { AppError, isDatabaseUnavailable } from '../http/errors.ts';
import { type Appended, appendAlone, appendItems, sliceAppended } from './append.ts';
import { type ImportOptions, importLog } from './asterisk/importLog.ts';
import { maskNumbers } from './caller.ts';
import { committedBy } from './committed.ts';
import { eventItem, type IngestPolicy } from './eventItem.ts';
import { createGroupCommit } from './groupCommit.ts';
import { createIngestCounts } from './ingestCounts.ts';
import { insertRejections, type KeptRejection, listRejections, type RejectedInput } from './rejections.ts';
import { createPolicies } from './tenantPolicy.ts';
import { checkEvent } from './validate.ts';

/**
 * The way into the log, for every source: events over HTTP (grouped into transactions), logs (streamed), and
 * whatever runs inside the server. Owns the group commit and the cached policies; `close()` waits for
 * what was accepted for writing.
 */
export interface Ingest {
  /** Events already checked, e.g. of a simulator. */
  append(tenantId: string, request: { events: IngestEvent[] }): Promise<IngestAnswer>;
  /** Events as they came. All are stored or, unless `partial`, none: AppError `invalid_events` names each problem. */
  receive(tenantId: string, request: { events: unknown[]; partial: boolean }): Promise<IngestAnswer>;
  importAsterisk(
    options: Omit<ImportOptions, 'policy' | 'now'>,
    body: AsyncIterable<Uint8Array>,
  ): Promise<IngestAnswer>;
  rejections(
    tenantId: string,
    page: { after: InstantPlace | null; importId: string | null; limit: number },
  ): Promise<KeptRejection[]>;
  /** What is taken in follows the settings at once on the node that changed them, seconds later on others. */
  settingsChanged(tenantId: string): void;
  close(): Promise<void>;
}

export interface IngestParts {
  db: Database;
  log: Logger;
  registry: Registry;
  /** Told of every commit of events, and at once what it put into the log, or null: live on the same node need not read it. */
  onWriting?: (tenantId: string) => (committed: Committed | null) => void;
  intervals?: { policyMs: number };
  /** The installation's term for events; null or left out: they are kept. */
  eventMonths?: number | null;
  now?: () => number;
}

interface Placed {
  event: IngestEvent;
  index: number;
}

interface Refused {
  value: unknown;
  issues: Issue[];
}

interface Request {
  items: string[];
  events: number;
  bytes: number;
  rejections: RejectedInput[];
}

/** Problems told in one answer. */
const ISSUES_SHOWN = 100;
/** Imports of one tenant at once: each holds a batch in memory and takes the head lock in turn [L13]. */
const IMPORTS_AT_ONCE = 4;

export function createIngest(parts: IngestParts): Ingest {
  const { db, log, registry } = parts;
  const now = parts.now ?? Date.now;
  const { policyOf, forget } = createPolicies({
    db,
    ttlMs: parts.intervals?.policyMs ?? 5_000,
    eventMonths: parts.eventMonths ?? null,
    now,
  });
  const counted = new Counter({
    name: 'callboard_ingest_events_total',
    help: 'Events by what became of them',
    labelNames: ['result'] as const,
    registers: [registry],
  });
  const transactions = new Histogram({
    name: 'callboard_ingest_transaction_seconds',
    help: 'Duration of one append transaction of the group commit',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  const running = new Map<string, number>();
  const counts = createIngestCounts({ db, log, now });

  const append = async (
    tenantId: string,
    items: string[],
    rejections: RejectedInput[],
  ): Promise<Appended> => {
    const ended = parts.onWriting?.(tenantId);
    let committed: Committed | null = null;
    try {
      const stop = transactions.startTimer();
      const whole =
        rejections.length === 0
          ? await appendAlone(db.sql, tenantId, items)
          : await inTenant(db, tenantId, async (tx) => {
              await insertRejections(tx, rejections);
              return appendItems(tx, items);
            });
      stop();
      committed = committedBy(items, whole);
      return whole;
    } finally {
      ended?.(committed);
    }
  };

  const commits = createGroupCommit<Request, Appended>({
    failsAll: isDatabaseUnavailable,
    async write(tenantId, requests) {
      const items =
        requests.length === 1 ? (requests[0]?.items ?? []) : requests.flatMap((request) => request.items);
      const rejections = requests.flatMap((request) => request.rejections);
      const whole = await append(tenantId, items, rejections);
      let from = 0;
      return requests.map((request) => {
        from += request.items.length;
        return sliceAppended(whole, from - request.items.length, request.items.length);
      });
    },
  });
  new Gauge({
    name: 'callboard_ingest_waiting_bytes',
    help: 'Bytes of events waiting for a transaction or being written',
    registers: [registry],
    collect() {
      this.set(commits.load().bytes);
    },
  });

  async function store(
    tenantId: string,
    good: Placed[],
    bad: Refused[],
    partial: boolean,
  ): Promise<IngestAnswer> {
    const policy = await policyOf(tenantId);
    const refused = [...bad];
    const items: string[] = [];
    const sources: string[] = [];
    let bytes = 0;
    for (const { event, index } of good) {
      const item = eventItem(event, policy);
      if (typeof item === 'string') {
        items.push(item);
        sources.push(event.source);
        bytes += item.length;
      } else {
        refused.push({ value: event, issues: [{ index, path: item.field, message: item.message }] });
      }
    }
    if (refused.length > 0 && !partial) {
      const issues = refused.flatMap((one) => one.issues).slice(0, ISSUES_SHOWN);
      throw new AppError('invalid_events', { issues });
    }
    const rejections = refused.map((one) => rejectionOf(one, policy));
    const appended = await commits.submit(tenantId, { items, events: items.length, bytes, rejections });
    // Screens first: live folds what the commit handed on, and sends it, before this turn of the event loop ends.
    await nextTurn();
    counted.inc({ result: 'accepted' }, appended.accepted);
    counted.inc({ result: 'duplicate' }, appended.duplicates);
    counted.inc({ result: 'rejected' }, rejections.length);
    if (appended.duplicates > 0) {
      const conflicts = new Set(appended.conflicts);
      sources.forEach((source, index) => {
        if (appended.seqs[index] === null) counts.note(tenantId, source, 'duplicate', 1);
        if (conflicts.has(index)) counts.note(tenantId, source, 'warning', 1);
      });
    }
    return {
      accepted: appended.accepted,
      duplicates: appended.duplicates,
      rejected: rejections.length,
      warnings: appended.conflicts.length,
      lastSeq: appended.lastSeq,
      rejections: rejections
        .slice(0, REJECTIONS_SHOWN)
        .map(({ index, field, message }) => ({ index, field, message })),
    };
  }

  return {
    settingsChanged: forget,

    append(tenantId, { events }) {
      const placed = events.map((event, index) => ({ event, index }));
      return store(tenantId, placed, [], false);
    },

    receive(tenantId, { events, partial }) {
      const good: Placed[] = [];
      const bad: Refused[] = [];
      const received = now();
      events.forEach((value, index) => {
        const checked = checkEvent(value, index, received);
        if ('event' in checked) good.push({ event: checked.event, index });
        else bad.push({ value, issues: checked.issues });
      });
      return store(tenantId, good, bad, partial);
    },

    async importAsterisk(options, body) {
      const { tenantId } = options;
      const busy = running.get(tenantId) ?? 0;
      if (busy >= IMPORTS_AT_ONCE) throw new AppError('too_many_requests', { retryAfterSeconds: 5 });
      running.set(tenantId, busy + 1);
      try {
        const { name } = options;
        const onWarning = (warning: string) => log.warn({ name, warning }, 'import:warning');
        const answer = await importLog(
          db,
          { ...options, policy: await policyOf(tenantId), now, onWarning },
          body,
        );
        counted.inc({ result: 'accepted' }, answer.accepted);
        counted.inc({ result: 'duplicate' }, answer.duplicates);
        counted.inc({ result: 'rejected' }, answer.rejected);
        if (options.isFollowed) {
          // Any other import has a row that says so.
          counts.note(tenantId, options.source, 'duplicate', answer.duplicates);
          counts.note(tenantId, options.source, 'warning', answer.warnings);
        } else log.info({ ...answer, rejections: undefined, name }, 'import:done');
        return answer;
      } finally {
        const left = (running.get(tenantId) ?? 1) - 1;
        if (left === 0) running.delete(tenantId);
        else running.set(tenantId, left);
      }
    },

    rejections: (tenantId, page) => inTenant(db, tenantId, (tx) => listRejections(tx, page)),
    async close() {
      await commits.drained();
      await counts.close();
    },
  };
}

function rejectionOf({ value, issues }: Refused, policy: IngestPolicy): RejectedInput {
  const [first] = issues;
  const isNamed = typeof value === 'object' && value !== null && 'source' in value;
  return {
    source: isNamed && typeof value.source === 'string' ? value.source : '',
    index: first?.index,
    field: first?.path ?? 'event',
    message: first?.message ?? 'is not valid',
    raw: rawOf(value, policy),
  };
}

/** The event as it came, numbers of people masked. */
function rawOf(value: unknown, policy: IngestPolicy): string {
  const mask = (key: string, field: unknown) =>
    (key === 'caller' || key === 'number') && typeof field === 'string'
      ? maskNumbers(field, policy.callers)
      : field;
  try {
    return JSON.stringify(value, mask) ?? '';
  } catch {
    // JSON can be read at a depth at which it cannot be written.
    return '(nested too deep to be kept)';
  }
}
