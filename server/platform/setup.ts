import { createHash, timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Sql, TransactionSql } from 'postgres';
import type { SetupRequest } from '../../shared/contract/platform.ts';
import { type Actor, recordAudit } from '../access/audit/audit.ts';
import { keptSecret } from '../access/keptSecret.ts';
import type { Passwords } from '../access/sessions/passwords.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/connect.ts';
import { transaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import { firstTenant, hasAccounts, makePlatformOwner } from './firstAdministrator.ts';
import { addAdministrator, lockPlatform, makeTenant } from './newTenant.ts';

/**
 * The first run, where no ADMIN_EMAIL is given [S76].
 *
 *   open      nobody has an account: whoever opens the link that was printed at start sets the installation up
 *   closed    somebody has: for ever, on every node, and the token is good for nothing
 *
 * The token lies in the data directory until then, so that a restart prints the same link. Nodes that share none each
 * print a link of their own, good on the node that printed it.
 */
export interface Setup {
  /** Null once somebody has an account. */
  token: string | null;
  /** `hasDemo`: the demo plays already, and may be kept. */
  state(): Promise<{ isOpen: boolean; hasDemo: boolean }>;
  /**
   * Makes the first administrator and his tenant: of many at once one. Throws `conflict` for all others and ever after,
   * `forbidden` where the token is not the one printed.
   */
  finish(
    request: SetupRequest,
    from: Pick<Actor, 'address' | 'requestId'>,
  ): Promise<{ tenantId: string; accountId: string }>;
}

export async function openSetup(options: {
  db: Database;
  config: Pick<Config, 'dataDir' | 'demo' | 'tenantName' | 'tenantTimeZone'>;
  passwords: Passwords;
  log: Logger;
  /** The demo plays elsewhere now, or nowhere. */
  onFinished(): void;
}): Promise<Setup> {
  const { db, config, passwords, log } = options;
  const file = join(config.dataDir, 'setup-token');
  let isClosed = await hasAccounts(db.sql);
  // A crash may have come between the account and this.
  if (isClosed) await rm(file, { force: true });
  else if (config.demo) await ensureDemo(db, config);
  const token = isClosed ? null : await keptSecret(file);

  const expectOpen = async (): Promise<string> => {
    isClosed ||= await hasAccounts(db.sql);
    if (token === null || isClosed) throw new AppError('conflict', { message: DONE });
    return token;
  };

  return {
    token,

    async state() {
      isClosed ||= await hasAccounts(db.sql);
      if (isClosed) return { isOpen: false, hasDemo: false };
      return { isOpen: true, hasDemo: config.demo && (await demoPlace(db.sql)) !== null };
    },

    async finish(request, from) {
      const expected = await expectOpen();
      if (!isSame(expected, request.token)) {
        throw new AppError('forbidden', { message: 'This is not the link that was printed at start.' });
      }
      const passwordHash = await passwords.hash(request.password);
      const made = await transaction(db.sql, async (tx) => {
        await lockPlatform(tx);
        if (await hasAccounts(tx)) throw new AppError('conflict', { message: DONE });
        const { email, name } = request;
        const accountId = await makePlatformOwner(tx, { email, name, passwordHash });
        const tenantId = await settle(tx, request, config.demo);
        await addAdministrator(tx, tenantId, accountId);
        const by: Actor = { kind: 'account', id: accountId, name: email, ...from };
        await recordAudit(tx, tenantId, by, {
          action: 'setup.finished',
          subject: { id: tenantId, name: request.centreName },
          after: { source: request.source, timeZone: request.timeZone },
        });
        return { tenantId, accountId };
      });
      isClosed = true;
      log.info({ tenantId: made.tenantId, source: request.source }, 'setup:finished');
      await rm(file, { force: true });
      options.onFinished();
      return made;
    },
  };
}

const DONE = 'Callboard is set up already: sign in.';

/**
 * The tenant that was asked for, with the transaction in its sight: the one the demo plays in, or one of its own. A demo in
 * another zone would sleep while people look: it begins anew in a tenant of the right one.
 */
async function settle(
  tx: TransactionSql,
  { centreName: name, timeZone, source }: SetupRequest,
  isPlaying: boolean,
): Promise<string> {
  const demo = await demoPlace(tx);
  if (source === 'demo' && (demo === null || !isPlaying)) {
    const issues = [{ path: 'source', message: 'must be own: no demo plays here' }];
    throw new AppError('bad_request', { issues });
  }
  if (source === 'demo' && demo?.timeZone === timeZone) {
    await tx`select set_config('app.tenant_id', ${demo.tenantId}, true)`;
    await tx`update tenants set name = ${name} where id = ${demo.tenantId}`;
    return demo.tenantId;
  }
  if (demo !== null) await tx`select delete_tenant(${demo.tenantId}, 'Callboard')`;
  return makeTenant(tx, { name, timeZone, playsDemo: source === 'demo' });
}

/** Where the demo plays; null where it does not. */
async function demoPlace(sql: Sql | TransactionSql): Promise<{ tenantId: string; timeZone: string } | null> {
  // One that is not marked may be anybody's, and is left alone.
  const [row] = await sql<{ tenantId: string; timeZone: string }[]>`
    select id as "tenantId", time_zone as "timeZone" from demo_tenant() where is_marked`;
  return row ?? null;
}

/** Before anybody has set anything up, so that the wall is alive as soon as somebody has. */
async function ensureDemo(db: Database, config: Parameters<typeof firstTenant>[0]): Promise<void> {
  await transaction(db.sql, async (tx) => {
    await lockPlatform(tx);
    if ((await demoPlace(tx)) === null) await makeTenant(tx, firstTenant(config));
  });
}

/** Takes as long whatever is wrong. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
