import type { TransactionSql } from 'postgres';
import { z } from 'zod';
import { BOARD_IDS } from '../../../shared/contract/boards.ts';
import { AUDIENCES } from '../../../shared/contract/permissions.ts';
import type { Screen, ScreenChange, ScreenChoices, ScreenCommand } from '../../../shared/contract/screens.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { type Actor, recordAudit } from '../audit/audit.ts';
import type { Sight } from '../principal.ts';
import { LOST_AFTER_SECONDS } from './screenPresence.ts';

/**
 * A tenant's screens, for whoever looks after them. Somebody held to sectors sees those screens alone that show nothing
 * beyond them; to her the others are not there.
 */
export interface Screens {
  /** By name; `build` is of the page this server serves. */
  list(of: Keeper, build: string): Promise<Screen[]>;
  /** What she may show on a screen. */
  choices(of: Keeper): Promise<ScreenChoices>;
  /** False where there is no such screen. The screen itself follows at once. */
  change(by: Actor, of: Keeper, id: string, change: ScreenChange): Promise<boolean>;
  command(by: Actor, of: Keeper, id: string, command: ScreenCommand): Promise<boolean>;
  revoke(by: Actor, of: Keeper, id: string): Promise<boolean>;
}

/** Who looks after screens, as far as that limits which. */
export interface Keeper {
  tenantId: string;
  sight: Sight;
}

/** Every screen a node hears of by its id: one was paired, or is to do something. */
export const SCREENS_CHANNEL = 'callboard_screens';

export function createScreens(db: Database): Screens {
  /** One screen within sight, locked; null where there is none. */
  async function find(tx: TransactionSql, of: Keeper, id: string): Promise<Found | null> {
    const [row] = await tx`
      select name, board, sectors, audience from screens
      where tenant_id = ${of.tenantId} and id = ${id} and ${holds(tx)} and ${within(tx, of)} for update`;
    return row ? foundRow.parse(row) : null;
  }

  return {
    async list(of, build) {
      const rows = await inTenant(
        db,
        of.tenantId,
        (tx) => tx`
          select id, name, board, sectors, audience, created_at, last_seen_at, build, resolution, address,
            case
              when hash is null then 'waiting'
              when lost_at is not null then 'lost'
              when left_at is null and last_seen_at > clock_timestamp() - ${LOST_AFTER_SECONDS}::integer * interval '1 second'
                then 'online'
              else 'offline'
            end as state
          from screens where tenant_id = ${of.tenantId} and ${holds(tx)} and ${within(tx, of)}
          order by lower(name), id`,
      );
      return rows.map((row) => {
        const { created_at, last_seen_at, ...rest } = screenRow.parse(row);
        return {
          ...rest,
          createdAt: created_at.toISOString(),
          lastSeenAt: last_seen_at?.toISOString() ?? null,
          isOutdated: rest.build !== '' && rest.build !== build,
        };
      });
    },

    async choices({ tenantId, sight }) {
      const sectors = await inTenant(
        db,
        tenantId,
        (tx) => tx<ScreenChoices['sectors']>`
          select id as "sectorId", name from sectors
          where tenant_id = ${tenantId} ${sight.sectors === null ? tx`` : tx`and id in ${tx([...sight.sectors])}`}
          order by lower(name), id`,
      );
      return { sectors, mayShowAll: sight.sectors === null };
    },

    async change(by, of, id, change) {
      return inTenant(db, of.tenantId, async (tx) => {
        const before = await find(tx, of, id);
        if (before === null) return false;
        if (change.sectors !== undefined) await assertSectors(tx, of, change.sectors);
        const after = { ...before, ...change };
        const changed = changesOf(before, after);
        if (Object.keys(changed.after).length === 0) return true;
        await tx`
          update screens set name = ${after.name}, board = ${after.board}, audience = ${after.audience},
            sectors = ${[...after.sectors]}
          where tenant_id = ${of.tenantId} and id = ${id}`;
        const subject = { id, name: before.name };
        await recordAudit(tx, of.tenantId, by, { action: 'screen.changed', subject, ...changed });
        return true;
      });
    },

    async command(by, of, id, command) {
      return inTenant(db, of.tenantId, async (tx) => {
        const found = await find(tx, of, id);
        if (found === null) return false;
        await tx`
          update screens set command = ${command}, command_number = command_number + 1, commanded_at = clock_timestamp()
          where tenant_id = ${of.tenantId} and id = ${id}`;
        await tx`select pg_notify(${SCREENS_CHANNEL}, ${id})`;
        const subject = { id, name: found.name };
        await recordAudit(tx, of.tenantId, by, { action: 'screen.commanded', subject, after: { command } });
        return true;
      });
    },

    async revoke(by, of, id) {
      return inTenant(db, of.tenantId, async (tx) => {
        const found = await find(tx, of, id);
        if (found === null) return false;
        await tx`
          update screens set revoked_at = clock_timestamp() where tenant_id = ${of.tenantId} and id = ${id}`;
        const subject = { id, name: found.name };
        await recordAudit(tx, of.tenantId, by, { action: 'screen.revoked', subject, before: found });
        return true;
      });
    },
  };
}

const foundRow = z.object({
  name: z.string(),
  board: z.enum(BOARD_IDS),
  sectors: z.array(z.string()),
  audience: z.enum(AUDIENCES),
});
type Found = z.infer<typeof foundRow>;

const screenRow = foundRow.extend({
  id: z.uuid(),
  created_at: z.date(),
  last_seen_at: z.date().nullable(),
  build: z.string(),
  resolution: z.string(),
  address: z.string(),
  state: z.enum(['waiting', 'online', 'offline', 'lost']),
});

const holds = (tx: TransactionSql) => tx`revoked_at is null and expires_at > clock_timestamp()`;

/** A screen of no sector shows them all, so it is for nobody who is held to some. */
const within = (tx: TransactionSql, { sight }: Keeper) =>
  sight.sectors === null ? tx`true` : tx`cardinality(sectors) > 0 and sectors <@ ${[...sight.sectors]}`;

/** Throws `bad_request` unless every sector is there and hers, and there is one where she is held to some. */
export async function assertSectors(
  tx: TransactionSql,
  { tenantId, sight }: Keeper,
  sectors: readonly string[],
): Promise<void> {
  const held = sight.sectors;
  if (held !== null && sectors.length === 0) {
    throw refused('sectors', 'must name at least one of your sectors');
  }
  const known = await tx<{ id: string }[]>`
    select id from sectors where tenant_id = ${tenantId} and id in ${tx(['', ...sectors])}`;
  const ids = new Set(known.map(({ id }) => id));
  for (const [at, sector] of sectors.entries()) {
    const isHers = ids.has(sector) && (held === null || held.has(sector));
    if (!isHers) throw refused(`sectors.${at}`, 'is not a sector of yours');
  }
}

export function refused(path: string, message: string): AppError {
  return new AppError('bad_request', { issues: [{ path, message }] });
}

function changesOf(before: Found, after: Found): { before: Partial<Found>; after: Partial<Found> } {
  const fields = (['name', 'board', 'sectors', 'audience'] as const).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  const only = (found: Found) => Object.fromEntries(fields.map((field) => [field, found[field]]));
  return { before: only(before), after: only(after) };
}
