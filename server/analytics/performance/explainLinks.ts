import type { CallsBehind } from '../../../shared/contract/explain.ts';
import {
  legsBehind,
  reviewsBehind,
  sumOf,
  type Term,
  visitsBehind,
} from '../../../shared/explain/formulas.ts';
import { LEG_COUNTS } from '../../../shared/explain/legCounts.ts';
import type { Parts } from '../../../shared/explain/parts.ts';
import { isoOf, type RangeQuery } from '../asked.ts';

/** Addresses that lead from a figure to how it came about, and on to the visits it counts. Pure. */

const API = '/api/v1';
const BASE = `${API}/analytics`;
/** Calls are searched for within these; there are none outside. */
const [EARLIEST, LATEST] = [Date.UTC(2000, 0, 1), Date.UTC(2100, 0, 1)];

type Values = Record<string, string | number | readonly string[] | undefined>;

function addressOf(path: string, values: Values): string {
  const parameters = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => [name, String(one)]),
  );
  return `${path}?${new URLSearchParams(parameters)}`;
}

/** What a question was, as far as its figures depend on it. */
interface Question extends RangeQuery {
  queue?: readonly string[];
  sector?: readonly string[];
  definition?: string | undefined;
  threshold?: number | undefined;
  shortAbandon?: number | undefined;
  agent?: string | readonly string[];
  of?: 'total';
  reviewer?: string | undefined;
  form?: string | undefined;
}

/**
 * The address that explains the figures of an answer: `{metric}` stands for the name of one, and each of `fields` in braces for
 * what a row's own field of that name says, both percent-encoded.
 */
export function explainTemplate(
  question: Question,
  fields: Record<string, string> = {},
  of: 'performance' | 'quality' = 'performance',
): string {
  const blanks = Object.entries({ metric: 'metric', ...fields }).map(([name, field]) => `${name}={${field}}`);
  const named = valuesOf(question);
  for (const name of Object.keys(fields)) delete named[name];
  return addressOf(`${BASE}/${of}/explain`, named).replace('?', `?${blanks.join('&')}&`);
}

function valuesOf(question: Question): Values {
  const { startDate, endDate, timeZone, queue, sector, agent, of, reviewer, form } = question;
  const { definition, threshold, shortAbandon } = question;
  return {
    ...{ startDate, endDate, timeZone, queue, sector, agent, of },
    ...{ definition, threshold, shortAbandon, reviewer, form },
  };
}

/** Where visits are searched for; instants in epoch ms. */
export interface CallScope {
  from: number;
  to: number;
  queue: readonly string[];
  sector?: readonly string[];
  agent?: string;
  threshold?: number | undefined;
  shortAbandon?: number | undefined;
}

/** Lists of the visits, or of the rings and outbound calls, that sums count; `listed`: the parts as far as they are in sight, whatever else was counted. */
export function createCallsBehind(
  { from, to, ...scope }: CallScope,
  parts: Parts,
  listed: Parts = parts,
): (terms: readonly Term[]) => CallsBehind | null {
  const within = (at: number) => isoOf(Math.min(Math.max(at, EARLIEST), LATEST));
  return (terms) => {
    const visits = visitsBehind(terms);
    const legs = legsBehind(terms);
    const stretch = { from: within(from), to: within(to) };
    const { queue, sector, agent } = scope;
    const ofQueues = agent === undefined ? 'true' : undefined;
    let href: string;
    if (visits !== null) href = addressOf(`${API}/calls`, { ...stretch, ...scope, ...visits });
    else if (legs !== null)
      href = addressOf(`${API}/legs`, { kind: LEG_COUNTS[legs], ...stretch, queue, sector, agent, ofQueues });
    else return null;
    const count = sumOf(terms, listed) ?? 0;
    return { count, unseen: (sumOf(terms, parts) ?? 0) - count, href };
  };
}

/** Lists of the reviews that sums count; calls that were reviewed are listed by all their reviews. */
export function createReviewsBehind(
  question: Question,
  parts: Parts,
): (terms: readonly Term[]) => CallsBehind | null {
  return (asked) => {
    const terms = asked.map((term) => (term === 'reviewed' ? 'knownReviews' : term));
    const reviews = reviewsBehind(terms);
    if (reviews === null) return null;
    const href = addressOf(`${BASE}/quality/scores`, { ...valuesOf(question), ...reviews });
    return { count: sumOf(terms, parts) ?? 0, unseen: 0, href };
  };
}

/** Agents one by one, or one of them. */
export function agentsAddress({ startDate, endDate, timeZone }: RangeQuery, agentId?: string): string {
  const path = agentId === undefined ? 'agents' : `agents/${encodeURIComponent(agentId)}`;
  return addressOf(`${BASE}/performance/${path}`, { startDate, endDate, timeZone });
}
