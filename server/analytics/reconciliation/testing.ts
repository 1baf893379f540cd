import { sectorsFingerprint } from '../../../shared/metrics/contacts.ts';
import { thresholdsFingerprint } from '../../../shared/metrics/thresholds.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { recomputeDue } from '../../history/rollUps/recomputeDue.ts';
import { recountContacts } from '../../history/rollUps/recountContacts.ts';
import { restampAll } from '../../history/rollUps/restampAll.ts';
import { startTestProjector, untilProjected } from '../../history/testing.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { until } from '../../live/testing.ts';
import { createCentres } from '../centre.ts';
import { agrees, type Row } from './compare.ts';
import { dayOf } from './dayOf.ts';
import { type Proof, type Reconciled, reconcile } from './reconcile.ts';

/** Tests only: a log taken into history once, and days of it proven. */

/** A whole day of the simulator is ten thousand events and more. */
const LIMIT_MS = 120_000;

export async function projectAll(db: Database, tenantId: string, now: number): Promise<void> {
  const projector = startTestProjector(db, tenantId, {
    now: () => now,
    afterwards: async ({ settings }) => {
      const { more } = await recomputeDue(db, tenantId, { settings, now });
      if (more) return true;
      await restampAll(db, tenantId, { settings, now: () => now, isOver: () => false });
      return (await recountContacts(db, tenantId)).more;
    },
  });
  await untilProjected(db, tenantId, projector, LIMIT_MS);
  const { settings } = await loadSettings(db, tenantId);
  await until(
    async () => {
      projector.wake();
      const rows = await inTenant(
        db,
        tenantId,
        (tx) => tx`
        select from projection_checkpoints where tenant_id = ${tenantId} and stamped = ${thresholdsFingerprint(settings)}
          and sectors = ${sectorsFingerprint(settings)} and not exists (
          select from dirty_buckets where tenant_id = ${tenantId} and due_at <= ${new Date(now)})`,
      );
      return rows.length > 0;
    },
    'roll-ups are made',
    LIMIT_MS,
  );
  await projector.close();
}

export async function prove(
  db: Database,
  tenantId: string,
  date: string,
  now: number,
  keeps: 'differences' | 'all' = 'differences',
): Promise<Reconciled> {
  const centre = await createCentres(db).read(tenantId);
  return reconcile({ db, centre, day: await dayOf(db, centre, date, now), now, keeps });
}

/** The proof of a day that has settled. */
export async function proofOf(db: Database, tenantId: string, date: string, now: number): Promise<Proof> {
  const found = await prove(db, tenantId, date, now, 'all');
  if (!found.isSettled) throw new Error(`${date} has not settled: ${found.settlesAt}`);
  return found;
}

/** What differs, in words: `queue q1 offered: live 3, history 4, …`. */
export function differing({ rows }: { rows: readonly Row[] }): string[] {
  return rows
    .filter((row) => !agrees(row))
    .map(({ of, id, metric, values }) => {
      const told = Object.entries(values).map(([column, value]) => `${column} ${value}`);
      return `${[of, id].filter((word) => word !== '').join(' ')} ${metric}: ${told.join(', ')}`;
    });
}
