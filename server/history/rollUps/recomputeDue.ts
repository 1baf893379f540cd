import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { thresholdsFingerprint } from '../../../shared/metrics/thresholds.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { marksIn } from '../retention/marks.ts';
import { createBuckets } from './buckets.ts';
import { lockRollUps, type Mark, markDueAt, takeDue } from './dirty.ts';
import { recomputeAgents } from './recomputeAgents.ts';
import { recomputeQueues } from './recomputeQueues.ts';
import { recomputeTeams } from './recomputeTeams.ts';
import { sectorsToCountBy } from './recountContacts.ts';
import { rowsWritten } from './stamped.ts';

/** Some five days of forty queues: enough that a statement's cost is its rows', little enough that writers wait a second at most. */
const MARKS_PER_ROUND = 4_000;

/**
 * Recomputes the roll-ups of buckets that are due at `now` (epoch ms), in one transaction [L11]: what it takes is marked as
 * long as it has not committed. `more`: some are likely left.
 */
export async function recomputeDue(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  { settings, now, limit = MARKS_PER_ROUND }: { settings: LiveSettings; now: number; limit?: number },
): Promise<{ buckets: number; more: boolean }> {
  return inTenant(db, tenantId, async (tx) => {
    await lockRollUps(tx, tenantId);
    const marks = await takeDue(tx, tenantId, now, limit);
    if (marks.length === 0) return { buckets: 0, more: false };
    const [{ factsSince, rollupsSince }, sectors] = await Promise.all([
      marksIn(tx, tenantId),
      sectorsToCountBy(tx, tenantId),
    ]);
    // What is no longer kept is not made again.
    const of = (kind: Mark['kind']) =>
      marks.filter((mark) => mark.kind === kind && mark.bucket >= rollupsSince);
    const round = { tenantId, settings, now, factsSince, sectors, buckets: createBuckets(settings) };
    const [queues, teams, agents] = [of('queue'), of('team'), of('agent')];
    const due: (Mark & { dueAt: number })[] = [];
    // Of tables of their own: while PostgreSQL works for one, another is added up here.
    const kinds = [
      queues.length > 0 ? recomputeQueues(tx, round, queues) : [],
      teams.length > 0 ? recomputeTeams(tx, round, teams).then(() => []) : [],
      agents.length > 0 ? recomputeAgents(tx, round, agents) : [],
    ];
    // Whatever fails, none of them goes on once the transaction has ended.
    await Promise.allSettled(kinds);
    for (const marked of await Promise.all(kinds)) due.push(...marked);
    await markDueAt(tx, tenantId, due);
    await rowsWritten(tx, tenantId, thresholdsFingerprint(settings));
    return { buckets: marks.length, more: marks.length === limit };
  });
}
