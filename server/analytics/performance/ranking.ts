import { type AgentRow, RANKED, type RankedMetric } from '../../../shared/contract/analytics.ts';
import { sampleOf } from '../../../shared/metrics/legMetrics.ts';
import { ADDED, type Added } from './agentRows.ts';

/** Who is first by a metric. Pure. */

export interface Ranked {
  /** Those with equal values share one, and the next has his place: 1, 1, 3. */
  rank: number;
  row: Named;
}

type Named = Pick<AgentRow, 'agentId' | 'name'>;

const TIME = ADDED.filter((column) => column.startsWith('state_'));

/** What of an agent's sums each metric, and the sample it rests on, is made of: enough to rank by. */
export const MADE_OF: Record<RankedMetric, readonly Added[]> = {
  answered: ['answered'],
  handled: ['handled'],
  transferred: ['transferred'],
  missedRings: ['missed_rings'],
  outbound: ['outbound'],
  asaMs: ['answered', 'callback_answered', 'answered_wait_ms'],
  ahtMs: ['handled', 'talk_ms', 'hold_ms', 'wrap_up_ms'],
  averageTalkMs: ['handled', 'talk_ms'],
  averageHoldMs: ['handled', 'hold_ms', 'hold_known'],
  averageWrapUpMs: ['handled', 'wrap_up_ms'],
  transferRate: ['answered', 'transferred'],
  signedInMs: TIME,
  availableMs: TIME,
  closedMs: TIME,
  ringingMs: TIME,
  talkMs: TIME,
  holdMs: TIME,
  wrapUpMs: TIME,
  pausedMs: TIME,
  outboundMs: TIME,
  occupancy: TIME,
  utilisation: TIME,
};

/**
 * Agents from the best or the worst on; equal ones by name, then by id. Those with fewer contacts than the minimum, where
 * the metric rests on contacts, and those who have no value are not ranked but counted.
 */
export function rankAgents(
  rows: Iterable<AgentRow>,
  { metric, order, minimumSample }: { metric: RankedMetric; order: 'best' | 'worst'; minimumSample: number },
): { ranked: Ranked[]; belowMinimum: number } {
  const isHighFirst = (RANKED[metric] === 'high') === (order === 'best');
  const fit: { value: number; row: Named }[] = [];
  let belowMinimum = 0;
  for (const row of rows) {
    const { agentId, name, [metric]: value } = row;
    const sample = sampleOf(metric, row);
    if (value !== null && (sample === null || sample >= minimumSample))
      fit.push({ value, row: { agentId, name } });
    else belowMinimum++;
  }
  fit.sort((a, b) => {
    if (a.value !== b.value) return isHighFirst ? b.value - a.value : a.value - b.value;
    return compareText(a.row.name, b.row.name) || compareText(a.row.agentId, b.row.agentId);
  });
  const ranked: Ranked[] = [];
  let rank = 0;
  let last: number | null = null;
  for (const [place, { value, row }] of fit.entries()) {
    if (value !== last) rank = place + 1;
    last = value;
    ranked.push({ rank, row });
  }
  return { ranked, belowMinimum };
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
