import type { Sql, TransactionSql } from 'postgres';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import type { LegFact, PieceFact, VisitFact } from '../../../shared/metrics/facts.ts';
import { randomFrom } from '../../../shared/random.ts';
import type { Database } from '../../db/connect.ts';
import { legRows, pieceRows, visitRows } from '../writeFacts.ts';
import { createBuckets } from './buckets.ts';
import { type Mark, markDueAt } from './dirty.ts';
import { recomputeDue } from './recomputeDue.ts';

/** Facts for tests, and a driver: what the projector does, without a log. */

export interface Facts {
  visits: VisitFact[];
  legs: LegFact[];
  pieces: PieceFact[];
}

/** Writes facts and marks what they are about, as the projector does. */
export async function writeFacts(
  tx: TransactionSql,
  tenantId: string,
  facts: Partial<Facts>,
  settings: LiveSettings,
): Promise<void> {
  const { visits = [], legs = [], pieces = [] } = facts;
  await visitRows.upsert(tx, tenantId, visits);
  await legRows.upsert(tx, tenantId, legs);
  await pieceRows.upsert(tx, tenantId, pieces);
  const marks = new Map<string, Mark & { dueAt: number }>();
  const buckets = createBuckets(settings);
  const mark = (kind: Mark['kind'], at: number, id: string) => {
    const bucket = buckets.startOf(kind === 'agent' ? 'day' : 'interval', at);
    marks.set(`${kind} ${bucket} ${id}`, { kind, bucket, id, dueAt: 0 });
  };
  for (const { enteredAt, queueId } of visits) mark('queue', enteredAt, queueId);
  for (const { identity, countedAt, kind, queueId } of legs) {
    mark('agent', countedAt, identity);
    if (kind === 'missed' && queueId !== '') mark('queue', countedAt, queueId);
  }
  for (const { identity, startedAt } of pieces) {
    mark('agent', startedAt, identity);
    mark('team', startedAt, '');
  }
  await markDueAt(tx, tenantId, [...marks.values()]);
}

/** Recomputes until nothing is due at `now`. */
export async function recomputeAll(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  options: { settings: LiveSettings; now: number; limit?: number },
): Promise<number> {
  for (let buckets = 0; ; ) {
    const round = await recomputeDue(db, tenantId, options);
    buckets += round.buckets;
    if (!round.more) return buckets;
  }
}

/** Every row of every roll-up, in order. */
export async function readRollUps(sql: Sql, tenantId: string) {
  return {
    queues:
      await sql`select * from performance_trends where tenant_id = ${tenantId} order by grain, bucket, queue_id`,
    teams: await sql`select * from team_trends where tenant_id = ${tenantId} order by grain, bucket, queues`,
    agents: await sql`
      select * from agent_trends where tenant_id = ${tenantId} order by grain, bucket, identity, queue_id`,
  };
}

const QUARTER_MS = 900_000;

/** Calls at random from `start` until `end`: journeys over several queues, every outcome, some that have not ended. */
export function randomFacts(options: {
  seed: number;
  calls: number;
  start: number;
  end: number;
  queues?: number;
  agents?: number;
}): Facts {
  const { seed, calls, start, end, queues = 3, agents = 4 } = options;
  const random = randomFrom(seed);
  const upTo = (n: number) => Math.floor(random() * n);
  const oneOf = <T>(items: readonly T[]): T => items[upTo(items.length)] as T; // Never called with none.
  const facts: Facts = { visits: [], legs: [], pieces: [] };
  // Of its own, so that who calls changes nothing of what comes of it.
  const caller = randomCaller(randomFrom(seed + 1), calls);
  for (let call = 0; call < calls; call++) {
    const callId = `c${call}`;
    const from = caller();
    const earlier: string[] = [];
    let at = start + upTo(end - start);
    for (let nth = 1; nth === 1 || (random() < 0.3 && at < end); nth++) {
      const visit = randomVisit(
        { callId, nth, at, queueId: `q${upTo(queues)}`, agent: `a${upTo(agents)}` },
        oneOf,
        upTo,
      );
      visit.caller = from;
      visit.earlierQueues = [...new Set(earlier)];
      facts.visits.push(visit);
      if (visit.outcome !== 'refused') earlier.push(visit.queueId);
      at += 1 + upTo(600_000);
      const { identity, enteredAt: countedAt, queueId, outcome } = visit;
      if (outcome === 'answered' && identity !== null)
        facts.legs.push({
          ...visit,
          kind: 'answered',
          identity,
          countedAt,
          startedAt: countedAt + visit.waitMs,
          // Nobody waits in a call of ours [V11].
          waitMs: visit.origin === 'callback' ? null : visit.waitMs,
        });
      if (random() < 0.2)
        facts.legs.push(
          missed({ callId, nth, queueId: oneOf([queueId, '']), at: countedAt }, `a${upTo(agents)}`),
        );
    }
  }
  for (let agent = 0; agent < agents; agent++) {
    for (let at = start; at < end; ) {
      const startedAt = at;
      at = Math.min(at + 1 + upTo(600_000), (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS, end);
      if (random() < 0.2) continue;
      const state = oneOf(['talking', 'hold', 'ringing', 'wrap_up', 'paused', 'available'] as const);
      const reason = state === 'talking' ? oneOf(['inbound', 'outbound']) : null;
      const served = oneOf([[], ['q0'], ['q0', 'q1'], ['q"1, {2}']]);
      const piece = {
        identity: `a${agent}`,
        startedAt,
        endedAt: at,
        state,
        reason,
        callId: null,
        queues: served,
      };
      facts.pieces.push(piece);
    }
  }
  return facts;
}

/** Some call often, some are withheld, of some nothing is known. */
function randomCaller(random: () => number, calls: number): () => string | null {
  return () => {
    const kind = random();
    if (kind < 0.1) return kind < 0.05 ? null : 'anonymous';
    return `555${Math.floor(random() ** 2 * Math.max(2, calls / 3))}`;
  };
}

function randomVisit(
  {
    callId,
    nth,
    at,
    queueId,
    agent,
  }: { callId: string; nth: number; at: number; queueId: string; agent: string },
  oneOf: <T>(items: readonly T[]) => T,
  upTo: (n: number) => number,
): VisitFact {
  const outcome = oneOf([
    'answered',
    'answered',
    'answered',
    'abandoned',
    'abandoned',
    'timed_out',
    'lost',
    'open',
    'refused',
    'callback_requested',
  ] as const);
  const waitMs = oneOf([upTo(30_000), upTo(30_000), upTo(1_000_000)]);
  const isAnswered = outcome === 'answered';
  const talkMs = isAnswered ? oneOf([null, upTo(300_000), upTo(300_000)]) : null;
  const isEnded = isAnswered && upTo(10) > 0;
  const endedAt = isEnded ? at + waitMs + (talkMs ?? 0) : null;
  const wrapUpMs = isEnded && talkMs !== null ? upTo(60_000) : null;
  return {
    enteredAt: at,
    callId,
    nth: outcome === 'refused' ? -nth : nth,
    queueId,
    source: 'test',
    caller: null,
    origin: oneOf(['inbound', 'inbound', 'inbound', 'callback', 'transfer'] as const),
    outcome,
    position: null,
    settledAt: ['open', 'refused'].includes(outcome) ? null : at + waitMs,
    waitMs: outcome === 'refused' ? 0 : waitMs,
    identity: isAnswered ? agent : null,
    endedAt,
    talkMs: isEnded ? talkMs : null,
    holdMs: isEnded && talkMs !== null ? oneOf([null, upTo(20_000)]) : null,
    wrapUpMs,
    handledAt: endedAt === null || wrapUpMs === null ? null : endedAt + wrapUpMs,
    isTransferred: isEnded && upTo(4) === 0,
    isCompleted: isEnded && upTo(4) > 0,
    isInferred: false,
    isOutsideHours: at % 3 === 0,
    isCalledBack: false,
    continuedTo: null,
    earlierQueues: [],
  };
}

function missed(
  { callId, nth, queueId, at }: { callId: string; nth: number; queueId: string; at: number },
  identity: string,
): LegFact {
  return {
    identity,
    countedAt: at,
    callId,
    kind: 'missed',
    nth,
    queueId,
    startedAt: at,
    endedAt: at,
    waitMs: null,
    talkMs: null,
    holdMs: null,
    wrapUpMs: null,
    handledAt: null,
    isTransferred: false,
    isCompleted: false,
  };
}
