import type { TransactionSql } from 'postgres';
import { emptyLegSums, mergeLegs, sumLegs } from '../../../shared/metrics/agentSums.ts';
import { either } from '../../../shared/metrics/either.ts';
import { addTime, emptyTimeSums, mergeTime } from '../../../shared/metrics/timeSums.ts';
import { readLegs, readSpent } from '../../history/rollUps/facts.ts';
import { isoOf, refusal } from '../asked.ts';
import type { AgentGroup } from './agentRows.ts';
import { factsKeptFrom } from './factParts.ts';

/**
 * Agents are rolled up by the tenant's days. Where days of another zone are asked for, the two that reach into days of the
 * tenant's are added up from the facts.
 */

/** Stretches less than a day of the tenant's, in epoch ms, and as of when. */
export interface Edges {
  spans: readonly { from: number; to: number }[];
  now: number;
}

/**
 * Adds to the sums of agents what they did in `edges`; `placeOf` says in which group what was done in a queue ('': altogether) counts,
 * null: in none. Throws AppError `bad_request` where facts of that time are not kept any more.
 */
export async function withEdges(
  tx: TransactionSql,
  tenantId: string,
  groups: readonly AgentGroup[],
  { identities, edges }: { identities: readonly string[]; edges: Edges },
  placeOf: (queueId: string) => string | null,
): Promise<AgentGroup[]> {
  const { spans, now } = edges;
  const since = await factsKeptFrom(tx, tenantId, Math.min(...spans.map(({ from }) => from)));
  if (since !== null)
    throw refusal(
      'timeZone',
      `must be left out: within days agents can be counted since ${isoOf(since)}, by days of the tenant’s own zone further back`,
    );
  const asked = identities.flatMap((id) => spans.map(({ from, to }) => ({ id, start: from, end: to })));
  const [legs, spent] = await Promise.all([
    readLegs(tx, tenantId, asked),
    readSpent(tx, tenantId, asked, now),
  ]);
  const known = new Map(groups.map((group) => [keyOf(group), group]));
  for (const [i, { id: identity }] of asked.entries()) {
    for (const [queueId, sums] of sumLegs(legs[i] ?? [], now).byQueue) {
      const place = placeOf(queueId);
      if (place !== null) addTo(known, { ...noTime(identity, place), legs: sums });
    }
    const place = placeOf('');
    if (place === null) continue;
    for (const part of spent[i] ?? []) {
      const { startedAt: firstSignedInAt, endedAt: lastSignedInAt } = part;
      const time = emptyTimeSums();
      addTime(time, part);
      addTo(known, { ...noTime(identity, place), time, firstSignedInAt, lastSignedInAt });
    }
  }
  return [...known.values()];
}

const keyOf = ({ identity, queueId }: Pick<AgentGroup, 'identity' | 'queueId'>) =>
  JSON.stringify([identity, queueId]);

function noTime(identity: string, queueId: string): AgentGroup {
  return {
    ...{ identity, queueId, legs: emptyLegSums(), time: emptyTimeSums() },
    ...{ firstSignedInAt: null, lastSignedInAt: null },
  };
}

function addTo(known: Map<string, AgentGroup>, part: AgentGroup): void {
  const group = known.get(keyOf(part)) ?? noTime(part.identity, part.queueId);
  const { identity, queueId } = part;
  known.set(keyOf(part), {
    identity,
    queueId,
    legs: added(mergeLegs, group.legs, part.legs),
    time: added(mergeTime, group.time, part.time),
    firstSignedInAt: either(Math.min, group.firstSignedInAt, part.firstSignedInAt),
    lastSignedInAt: either(Math.max, group.lastSignedInAt, part.lastSignedInAt),
  });
}

/** Both as they are: sums of a reading belong to whoever reads. */
function added<T extends object>(merge: (into: T, from: T) => void, a: T, b: T): T {
  const sum = { ...a };
  merge(sum, b);
  return sum;
}
