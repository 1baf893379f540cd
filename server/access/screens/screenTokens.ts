import { z } from 'zod';
import { BOARD_IDS } from '../../../shared/contract/boards.ts';
import { AUDIENCES } from '../../../shared/contract/permissions.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import type { ScreenPrincipal } from '../principal.ts';
import { rememberFound } from '../remembered.ts';
import { newSecret, sha256 } from '../secrets.ts';

/**
 * Tokens of screens: `cs_` and 256 random bits, good for thirty days from the last minute of use, and for the live
 * sockets alone [S78]. A screen takes a new one now and then. From then on both are good, until the new one is used for
 * the first time: whenever the power goes, what the screen has kept lets it in again.
 *
 *   held      one token
 *   renewed   `hash` was given out, `previous_hash` is what it was asked for with; asking again with that replaces `hash`
 *   held      the new one was used, the one before is good for nothing
 */
export interface ScreenTokens {
  /** Throws AppError `unauthorized`, the same for every fault. */
  verify(token: string): Promise<ScreenPrincipal>;
  /** Another token in place of this one; `conflict` where one was given out less than a minute ago. */
  renew(token: string, address: string): Promise<string>;
  /** Looks every token up again: a screen may have been changed elsewhere. */
  forget(): void;
}

export const SCREEN_PREFIX = 'cs_';
const TOKEN_FORMAT = /^cs_[\w-]{43}$/;
/** Counted from when it was last seen: a call centre that closes over Christmas finds its screens as they were. */
export const SCREEN_TOKEN_DAYS = 30;

const row = z.object({
  tenant_id: z.uuid(),
  id: z.uuid(),
  name: z.string(),
  board: z.enum(BOARD_IDS),
  sectors: z.array(z.string()),
  audience: z.enum(AUDIENCES),
  expires_at: z.date(),
  ends_previous: z.boolean(),
});

export function createScreenTokens(db: Database): ScreenTokens {
  const remembered = rememberFound(find);

  async function find(token: string): Promise<ScreenPrincipal> {
    const hash = sha256(token);
    const [found] = await db.sql`select * from screen_by_hash(${hash})`;
    if (!found) throw new AppError('unauthorized');
    const { tenant_id: tenantId, id: screenId, expires_at, ends_previous, ...rest } = row.parse(found);
    if (ends_previous) {
      await inTenant(
        db,
        tenantId,
        (tx) => tx`
          update screens set previous_hash = null
          where tenant_id = ${tenantId} and id = ${screenId} and hash = ${hash}`,
      );
    }
    return { kind: 'screen', tenantId, screenId, ...rest, expiresAt: expires_at.getTime() };
  }

  return {
    async verify(token) {
      if (!TOKEN_FORMAT.test(token)) throw new AppError('unauthorized');
      return remembered.verify(token);
    },

    async renew(token, address) {
      if (!TOKEN_FORMAT.test(token)) throw new AppError('unauthorized');
      const { tenantId, screenId } = await find(token);
      const next = newSecret(SCREEN_PREFIX);
      const renewed = await inTenant(
        db,
        tenantId,
        (tx) => tx`
          update screens set hash = ${sha256(next)}, previous_hash = ${sha256(token)}, address = ${address},
            renewed_at = clock_timestamp(), expires_at = clock_timestamp() + ${SCREEN_TOKEN_DAYS}::integer * interval '1 day'
          where tenant_id = ${tenantId} and id = ${screenId} and revoked_at is null
            and ${sha256(token)} in (hash, previous_hash)
            -- Two windows on one display: the second would make the token of the first good for nothing.
            and (renewed_at is null or renewed_at < clock_timestamp() - interval '1 minute')`,
      );
      if (renewed.count > 0) return next;
      throw new AppError('conflict', { message: 'This screen has just been given a token: go on with it.' });
    },

    forget: remembered.forget,
  };
}
