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
  | { kind: 'database'; db: Database; tenantId: string; policyOf(tenantId: string): Promise<IngestPolicy> }
);

/** A follower runs for months: what a tenant decides meanwhile acts within this. */
const POLICY_MS = 5_000;

export async function openTarget(given: Arguments, env: NodeJS.ProcessEnv, log: Logger): Promise<Target> {
  if (!isTimeZone(given.timeZone))
    throw new UsageError(`"${given.timeZone}" is no IANA time zone, e.g. Europe/Berlin`);
  if (given.url !== null && given.key !== null) {
    return { kind: 'server', server: { url: given.url, key: given.key }, close: async () => {} };
  }
  const config = loadConfig(env);
  const { dataDir, directDatabaseUrl } = config;
  // A server that runs has started the embedded database: it is used as it is. Else it is started for as long as we take.
  const databaseUrl = config.databaseUrl ?? (await runningEmbedded(dataDir));
  const db = await openDatabase({ databaseUrl, directDatabaseUrl, dataDir, log, poolSize: 2 });
  try {
    const tenantId = await findTenant(db, given.tenant);
    const policyOf = createPolicies({ db, ttlMs: POLICY_MS });
    return { kind: 'database', db, tenantId, policyOf, close: () => db.close() };
  } catch (error) {
    await db.close();
    throw error;
  }
}

interface Tenant {
  id: string;
  slug: string;
}

async function findTenant(db: Database, wanted: string | null): Promise<string> {
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
    throw new Error('There is no tenant yet: start the server once with ADMIN_EMAIL and ADMIN_PASSWORD.');
  }
  const wish = wanted === null ? 'Name the tenant' : `There is no tenant "${wanted}"; name one`;
  throw new Error(`${wish}: --tenant ${slugs}`);
}
