import type { Logger } from 'pino';
import { loadConfig } from '../config.ts';
import { type Database, inTenant, openDatabase } from '../db/connect.ts';
import { isTimeZone } from '../ingest/asterisk/localTime.ts';
import type { IngestPolicy } from '../ingest/eventItem.ts';
import type { Server } from '../ingest/follow/sendLog.ts';
import { createPolicies } from '../ingest/tenantPolicy.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { runningEmbedded } from './runningEmbedded.ts';

/** Where the command writes: to a server, which does the rest, or into one tenant of a database. */
export type Target = { close(): Promise<void> } & (
  | { kind: 'server'; server: Server }
  | {
      kind: 'database';
      db: Pick<Database, 'sql'>;
      tenantId: string;
      policyOf(tenantId: string): Promise<IngestPolicy>;
      /** After a failure: an embedded database has another port once its server has been restarted. */
      reconnect(): Promise<void>;
    }
);

/** A follower runs for months: what a tenant decides meanwhile acts within this. */
const POLICY_MS = 5_000;

export async function openTarget(
  given: Pick<Arguments, 'timeZone' | 'url' | 'key' | 'tenant'>,
  env: NodeJS.ProcessEnv,
  log: Logger,
): Promise<Target> {
  if (!isTimeZone(given.timeZone))
    throw new UsageError(`"${given.timeZone}" is no IANA time zone, e.g. Europe/Berlin`);
  if (given.url !== null && given.key !== null) {
    return { kind: 'server', server: { url: given.url, key: given.key }, close: async () => {} };
  }
  const { databaseUrl, directDatabaseUrl, dataDir, eventRetentionMonths: eventMonths } = loadConfig(env);
  const open = (url: string | null) =>
    openDatabase({ databaseUrl: url, directDatabaseUrl, dataDir, log, poolSize: 2 });
  // A server that runs has started the embedded database: it is used as it is. Else it is started for as long as we take.
  let url = databaseUrl ?? (await runningEmbedded(dataDir));
  const isGuest = databaseUrl === null && url !== null;
  let current = await open(url);
  const db: Pick<Database, 'sql'> = {
    get sql() {
      return current.sql;
    },
  };
  try {
    const tenantId = await findTenant(db, given.tenant);
    return {
      kind: 'database',
      db,
      tenantId,
      policyOf: createPolicies({ db, ttlMs: POLICY_MS, eventMonths }),
      async reconnect() {
        const found = isGuest ? await runningEmbedded(dataDir) : null;
        if (found === null || found === url) return;
        const before = current;
        current = await open(found);
        url = found;
        await before.close();
      },
      close: () => current.close(),
    };
  } catch (error) {
    await current.close();
    throw error;
  }
}

interface Tenant {
  id: string;
  slug: string;
}

async function findTenant(db: Pick<Database, 'sql'>, wanted: string | null): Promise<string> {
  const rows = await db.sql<{ id: string }[]>`select tenant_ids() as id`;
  const tenants: Tenant[] = [];
  for (const { id } of rows) {
    const [row] = await inTenant(db, id, (tx) => tx<{ slug: string }[]>`select slug from tenants`);
    tenants.push({ id, slug: row?.slug ?? '' });
  }
  const found =
    wanted === null ? tenants : tenants.filter(({ id, slug }) => id === wanted || slug === wanted);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only.id;
  const slugs = tenants.map(({ slug }) => slug).join(', ');
  if (tenants.length === 0) {
    throw new Error('There is no tenant yet: start the server once and set it up.');
  }
  const wish = wanted === null ? 'Name the tenant' : `There is no tenant "${wanted}"; name one`;
  throw new Error(`${wish}: --tenant ${slugs}`);
}
