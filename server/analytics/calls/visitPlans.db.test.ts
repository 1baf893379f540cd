import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/contract/settings.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { readOpenVisits } from '../performance/openVisits.ts';
import { makeVisits } from './manyVisits.ts';
import type { VisitFilter } from './visitFilter.ts';
import { visitRules } from './visitRules.ts';
import { visitsQuery } from './visits.ts';

/** Which index serves which question, at a million visits and under row security. */

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  // Nobody takes a crash of this database for more than a failed test.
  await test.ownerSql`alter table queue_visits set unlogged`;
  await makeVisits(test.ownerSql, test.tenantId, 1_000_000, new Date('2025-01-01T00:00:00Z'));
}, 240_000);
afterAll(() => test.close());

const DIVIDED = ['met', 'missed', 'abandonedWithin'] as const;
const NOW = Date.UTC(2026, 0, 2);

interface Node {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Node[];
}

type Query = ReturnType<typeof visitsQuery> | ReturnType<typeof readOpenVisits>;

async function planOf(queryOf: (tx: TransactionSql) => Query): Promise<{ nodes: Node[]; blocks: number }> {
  const [row] = await inTenant(test.db, test.tenantId, async (tx) => {
    await tx`select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)`;
    const query = queryOf(tx);
    return tx<{ 'QUERY PLAN': { Plan: Node }[] }[]>`explain (analyze, buffers, format json) ${query}`;
  });
  const plan = row?.['QUERY PLAN'][0]?.Plan;
  if (!plan) throw new Error('no plan');
  const nodes: Node[] = [];
  const walk = (node: Node) => {
    nodes.push(node);
    node.Plans?.forEach(walk);
  };
  walk(plan);
  return { nodes, blocks: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0) };
}

describe('at a million visits, the list', () => {
  it.each<[string, VisitFilter, string]>([
    ['of all', {}, 'queue_visits_pkey'],
    ['of a day', { from: Date.UTC(2025, 5, 1), to: Date.UTC(2025, 5, 2) }, 'queue_visits_pkey'],
    ['of a small queue', { queues: ['queue-39'] }, 'queue_visits_queue_idx'],
    ['of a rare outcome', { outcomes: ['key_exit'] }, 'queue_visits_outcome_idx'],
    [
      'of a rare outcome in a queue',
      { outcomes: ['key_exit'], queues: ['queue-3'] },
      'queue_visits_outcome_idx',
    ],
    ['of an agent', { identity: 'agent-7' }, 'queue_visits_agent_idx'],
    ['of an agent’s long waits', { identity: 'agent-7', wait: { min: 600_000 } }, 'queue_visits_agent_idx'],
    ['of a caller', { callers: ['12ab…1234', '0176'] }, 'queue_visits_caller_idx'],
    ['of last digits', { callerDigits: '1234' }, 'queue_visits_digits_idx'],
    ['of waits beyond twenty minutes', { wait: { min: 1_200_000 } }, 'queue_visits_wait_idx'],
    ['of such waits in a queue', { wait: { min: 1_200_000 }, queues: ['queue-0'] }, 'queue_visits_wait_idx'],
    ['of talks below a tenth of a second', { talk: { max: 100 } }, 'queue_visits_talk_idx'],
    ['of talks beyond half an hour', { talk: { min: 1_800_000 } }, 'queue_visits_talk_idx'],
    ['[H5] of calls under 10 s', { counted: ['shortTalks'] }, 'queue_visits_short_talk_idx'],
    ['[H3] of transferred calls', { counted: ['transferred'] }, 'queue_visits_transferred_idx'],
    ['of callbacks', { counted: ['callbackOffered'] }, 'queue_visits_callback_idx'],
    ['of abandoned callbacks', { counted: ['callbackAbandoned'] }, 'queue_visits_callback_idx'],
    ['of calls in a second queue', { counted: ['repeated'] }, 'queue_visits_repeated_idx'],
    ['[T8] of calls outside hours', { counted: ['outsideHours'] }, 'queue_visits_outside_idx'],
    [
      'of calls in a second of some queues',
      { counted: ['repeated'], queues: ['queue-0', 'queue-3'] },
      'queue_visits_repeated_idx',
    ],
    [
      '[SL1] of all a figure divides by',
      { counted: DIVIDED, notCounted: ['shortWithin'] },
      'queue_visits_pkey',
    ],
    [
      '[SL1] of all a queue’s figure divides by',
      { counted: DIVIDED, notCounted: ['shortWithin'], queues: ['queue-3'] },
      'queue_visits_queue_idx',
    ],
    [
      '[SL0] of what has no verdict',
      { counted: ['waitingOrLost'], notCounted: ['missedWaiting'] },
      'queue_visits_outcome_idx',
    ],
    ['of a call', { callId: '77.77' }, 'queue_visits_call_idx'],
  ])('%s is read from its index', async (_what, filter, index) => {
    const rules = visitRules(DEFAULT_SETTINGS, NOW);
    const { nodes, blocks } = await planOf((tx) =>
      visitsQuery(tx, test.tenantId, { filter, after: null, limit: 101 }, rules),
    );
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    const [picked] = nodes.flatMap((node) => node['Index Name'] ?? []);
    expect(picked).toBe(index);
    // A hundred visits are fetched, five blocks each; what is passed over is passed over in the index.
    expect(blocks).toBeLessThan(700);
  });

  it('of those who still wait, for thresholds that roll-ups are not stamped with, is read from an index', async () => {
    const question = { from: Date.UTC(2025, 0, 1), to: NOW, since: NOW - 7_200_000, queues: null };
    const { nodes, blocks } = await planOf((tx) => readOpenVisits(tx, test.tenantId, question));
    const [picked] = nodes.flatMap((node) => node['Index Name'] ?? []);
    expect(['queue_visits_pkey', 'queue_visits_outcome_idx']).toContain(picked);
    expect(blocks).toBeLessThan(700);
  });
});
