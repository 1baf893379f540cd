import { DateTime } from 'luxon';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Chore } from '../../history/chores.ts';
import { missingOf } from '../../live/missingTenants.ts';
import { createCentres } from '../centre.ts';
import { provableSince } from './dayOf.ts';
import { type Proof, reconcile } from './reconcile.ts';
import { rulesFingerprint } from './rules.ts';
import { countDifferentDays, daysToAudit, differencesOf, keepProof } from './stored.ts';

/** So long a round goes on with one day after another, in ms: the rest, of an import of years, are for the rounds after. */
export const ROUND_MS = 20_000;
/** Days looked at for one that may be audited now: more than are unsettled at once, or fail. */
const CANDIDATES = 200;
/** When a day is looked at again, in ms: that had not settled, and that could not be read. */
export const UNSETTLED_AGAIN_MS = 30 * 60_000;
export const FAILED_AGAIN_MS = 24 * 3_600_000;
/** Said in one line of the log. */
const SAID = 20;

/**
 * The chore: the proof [R1] of every day that has settled and was not looked at since something of it changed. What is found
 * is kept, and where anything differs it is said: in the log as an error, as a gauge, and in the health of the tenant's
 * history. Stops between two days, or within one, once it is over. How a day is proven and what a round's length is measured by, in
 * ms, are arguments so that tests can let hours pass.
 */
export function createAudit(
  registry: Registry,
  { prove = reconcile, elapsed = () => performance.now() } = {},
): Chore {
  const different = new Gauge({
    name: 'callboard_reconciliation_different_days',
    help: 'Days on which live, history and a recount of the log did not agree, as of the last audit on this node',
    registers: [registry],
  });
  const audited = new Counter({
    name: 'callboard_reconciliation_days_total',
    help: 'Days audited, by what was found: proven or different',
    labelNames: ['found'],
    registers: [registry],
  });
  const differentBy = new Map<string, number>();
  /** Days that are left alone until then (epoch ms), by tenant and start. */
  const notBefore = new Map<string, number>();

  return {
    name: 'reconciliation',
    rhythm: 'minutes',
    async run({ db, tenantId, now, log, isOver }) {
      const centre = await createCentres(db).read(tenantId);
      const since = await provableSince(db, tenantId);
      for (const [key, until] of notBefore) if (until <= now()) notBefore.delete(key);
      const days = await daysToAudit(db, tenantId, {
        since,
        now: now(),
        rules: rulesFingerprint(centre.settings),
        most: CANDIDATES,
      });
      const startedAt = elapsed();
      for (const day of days) {
        const key = `${tenantId} ${day.start}`;
        if (notBefore.has(key)) continue;
        if (isOver()) return;
        if (elapsed() - startedAt > ROUND_MS) break;
        const date = DateTime.fromMillis(day.start, { zone: centre.calendar.timeZone }).toISODate() ?? '';
        try {
          const found = await prove({ db, centre, day, now: now(), keeps: 'differences', isOver });
          if (!found.isSettled) {
            notBefore.set(key, now() + UNSETTLED_AGAIN_MS);
            continue;
          }
          await keepProof(db, tenantId, found);
          const isProven = differencesOf(found).length === 0;
          audited.inc({ found: isProven ? 'proven' : 'different' });
          if (!isProven) log.error({ date, ...saidOf(found) }, 'reconciliation:different');
        } catch (error) {
          if (isOver()) return;
          // One day that cannot be read keeps nobody from the others.
          notBefore.set(key, now() + FAILED_AGAIN_MS);
          log.warn({ err: error, date }, 'reconciliation:failed');
        }
      }
      differentBy.set(tenantId, await countDifferentDays(db, tenantId));
      for (const gone of await missingOf(db, [...differentBy.keys()])) differentBy.delete(gone);
      different.set([...differentBy.values()].reduce((sum, count) => sum + count, 0));
    },
  };
}

/** What an operator wants to know first. */
function saidOf(proof: Proof) {
  const rows = differencesOf(proof);
  return {
    visits: proof.visits,
    different: rows.length,
    metrics: [...new Set(rows.map(({ metric }) => metric))].slice(0, SAID),
    rows: rows.slice(0, SAID).map(({ of, id, metric, values }) => ({ of, id, metric, ...values })),
  };
}
