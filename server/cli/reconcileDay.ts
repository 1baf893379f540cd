import type { Logger } from 'pino';
import { createCentres } from '../analytics/centre.ts';
import { agrees, type Row } from '../analytics/reconciliation/compare.ts';
import { dayOf } from '../analytics/reconciliation/dayOf.ts';
import { reconcile } from '../analytics/reconciliation/reconcile.ts';
import { COLUMNS } from '../analytics/reconciliation/sheet.ts';
import type { Database } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import type { ReconcileArguments } from './arguments.ts';
import { onDatabase } from './onDatabase.ts';
import { findTenant } from './target.ts';

/** The past is read several questions at a time. */
const POOL = 2;

/** Proves one day and says so in words and a table; `isProven` decides the exit code. */
export function reconcileDay(
  given: ReconcileArguments,
  env: NodeJS.ProcessEnv,
  log: Logger,
): Promise<{ text: string; isProven: boolean }> {
  return onDatabase(
    env,
    log,
    async (db) => {
      const tenantId = await findTenant(db, given.tenant);
      return proveDay(db, tenantId, given.date, Date.now());
    },
    POOL,
  );
}

/** `now` in epoch ms. */
export async function proveDay(
  db: Database,
  tenantId: string,
  date: string,
  now: number,
): Promise<{ text: string; isProven: boolean }> {
  const centre = await createCentres(db).read(tenantId);
  const day = await dayOf(db, centre, date, now).catch((error: unknown) => {
    if (error instanceof AppError && error.issues[0]) throw new Error(`${date}: ${error.issues[0].message}`);
    throw error;
  });
  const found = await reconcile({ db, centre, day, now, keeps: 'differences' });
  if (!found.isSettled) {
    const at = found.settlesAt === null ? '' : `, not before ${new Date(found.settlesAt).toISOString()}`;
    const why =
      found.settlesAt === null ? 'history is still catching up with the log' : 'the day has not settled yet';
    return { text: `${date}: ${why}${at}.\n`, isProven: false };
  }
  const different = found.rows.filter((row) => !agrees(row));
  const verdict =
    different.length === 0
      ? `every one of ${found.compared} figures agrees`
      : `${different.length} of ${found.compared} figures differ`;
  const settled = new Date(found.settledAt).toISOString();
  const totals = found.rows.filter(({ of }) => of === 'total');
  const others = different.filter(({ of }) => of !== 'total');
  return {
    text: [
      `${date}: ${found.visits} visits, settled at ${settled}; ${verdict}.`,
      '',
      table([...totals, ...others]),
      '',
    ].join('\n'),
    isProven: different.length === 0,
  };
}

function table(rows: readonly Row[]): string {
  const lines = [
    ['', 'metric', ...COLUMNS, 'difference'],
    ...rows.map((row) => [
      row.of === 'total' ? 'total' : `${row.of} ${row.id}`,
      row.metric,
      ...COLUMNS.map((column) => shown(row.values[column])),
      agrees(row) ? '0' : row.difference === null ? 'differs' : shown(row.difference),
    ]),
  ];
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Not covered: nothing; nothing to divide by: a dash. */
function shown(value: number | null | undefined): string {
  if (value === undefined) return '';
  return value === null ? '–' : String(Math.round(value * 10_000) / 10_000);
}
