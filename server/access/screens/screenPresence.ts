import type { TransactionSql } from 'postgres';
import { z } from 'zod';
import { SCREEN_COMMANDS, type ScreenCommand, type ScreenFace } from '../../../shared/contract/screens.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { recordAudit, SYSTEM } from '../audit/audit.ts';
import type { ScreenPrincipal } from '../principal.ts';
import { faceColumns, faceRow, toFace } from './screenFace.ts';
import { SCREEN_TOKEN_DAYS } from './screenTokens.ts';

/**
 * Which screens are there. A node writes down once a minute that one is connected to it, and when it has left. One
 * that nobody has seen for two minutes is lost: found by every node, told by the one whose update comes first.
 */
export interface ScreenPresence {
  /** The screen is connected; `facts` where it has said. Null when it is no screen any more. */
  seen(screen: ScreenPrincipal, facts: ScreenFacts | null): Promise<Standing | null>;
  /** What it shows and is to do, as the database has it now. */
  look(screen: ScreenPrincipal): Promise<Standing | null>;
  /** It has ended its connection. */
  left(screen: ScreenPrincipal): Promise<void>;
  /** Finds who is lost; answers how many. */
  findLost(): Promise<number>;
}

/** What a screen says of itself. */
export interface ScreenFacts {
  build: string;
  resolution: string;
}

export interface Standing {
  face: ScreenFace;
  /** Grows with every command. */
  commandNumber: number;
  /** The last command; null where it is too old to be done now. */
  command: ScreenCommand | null;
}

export const LOST_AFTER_SECONDS = 120;
/** Whoever gave it looks at the screen now, not at what it does when it is switched on tomorrow. */
const COMMAND_SECONDS = 60;

const row = faceRow.extend({
  command_number: z.number(),
  command: z.enum(SCREEN_COMMANDS).nullable(),
});

export function createScreenPresence(db: Database): ScreenPresence {
  const columns = (tx: TransactionSql) => tx`
    ${faceColumns(tx)}, s.command_number,
    case when s.commanded_at > clock_timestamp() - ${COMMAND_SECONDS}::integer * interval '1 second' then s.command end
      as command`;

  return {
    async seen({ tenantId, screenId }, facts) {
      return inTenant(db, tenantId, async (tx) => {
        const [found] = await tx`
          with before as (
            select lost_at from screens where tenant_id = ${tenantId} and id = ${screenId} for update
          )
          update screens s set last_seen_at = clock_timestamp(), left_at = null, lost_at = null,
            expires_at = clock_timestamp() + ${SCREEN_TOKEN_DAYS}::integer * interval '1 day',
            build = ${facts?.build ?? tx`s.build`}, resolution = ${facts?.resolution ?? tx`s.resolution`}
          from before where s.tenant_id = ${tenantId} and s.id = ${screenId} and s.revoked_at is null
          returning ${columns(tx)}, before.lost_at`;
        if (!found) return null;
        if (found.lost_at instanceof Date) {
          await recordAudit(tx, tenantId, SYSTEM, {
            action: 'screen.returned',
            subject: { id: screenId, name: row.parse(found).name },
            before: { lostAt: found.lost_at.toISOString() },
          });
        }
        return toStanding(found);
      });
    },

    async look({ tenantId, screenId }) {
      const [found] = await inTenant(
        db,
        tenantId,
        (tx) => tx`
          select ${columns(tx)} from screens s
          where s.tenant_id = ${tenantId} and s.id = ${screenId} and s.revoked_at is null`,
      );
      return found ? toStanding(found) : null;
    },

    async left({ tenantId, screenId }) {
      await inTenant(
        db,
        tenantId,
        (tx) => tx`
          update screens set left_at = clock_timestamp(), last_seen_at = clock_timestamp()
          where tenant_id = ${tenantId} and id = ${screenId} and revoked_at is null`,
      );
    },

    async findLost() {
      const tenants = await db.sql<{ id: string }[]>`
        select tenants_of_overdue_screens as id from tenants_of_overdue_screens(${LOST_AFTER_SECONDS})`;
      let count = 0;
      for (const { id: tenantId } of tenants) {
        count += await inTenant(db, tenantId, async (tx) => {
          const lost = await tx<{ id: string; name: string; last_seen_at: Date }[]>`
            update screens set lost_at = clock_timestamp()
            where tenant_id = ${tenantId} and lost_at is null and revoked_at is null
              and last_seen_at < clock_timestamp() - ${LOST_AFTER_SECONDS}::integer * interval '1 second'
            returning id, name, last_seen_at`;
          for (const { id, name, last_seen_at } of lost) {
            const after = { lastSeenAt: last_seen_at.toISOString() };
            await recordAudit(tx, tenantId, SYSTEM, { action: 'screen.lost', subject: { id, name }, after });
          }
          return lost.length;
        });
      }
      return count;
    },
  };
}

function toStanding(found: unknown): Standing {
  const { command_number: commandNumber, command, ...face } = row.parse(found);
  return { face: toFace(face), commandNumber, command };
}
