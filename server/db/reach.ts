import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';

/** A database started together with us, as by docker compose, answers within this. */
const PATIENCE_MS = 60_000;

/** Nobody listens yet, the name is not known yet, or the server is starting, stopping or full. */
const COMING = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  '57P03',
  '57P01',
  '53300',
]);

const REFUSED = new Map([
  ['28P01', 'does not accept its password'],
  ['28000', 'does not let this role in'],
  ['3D000', 'has no such database: create it'],
]);

/**
 * Waits until the database answers: at a start it may still be starting itself. Throws with a sentence for the operator,
 * who sees host, database and role, never the password.
 */
export async function waitForDatabase(
  sql: Sql,
  url: string,
  log: Logger,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const { host, username, pathname } = new URL(url);
  const where = `PostgreSQL at ${host}, database ${pathname.slice(1)}, role ${decodeURIComponent(username)}`;
  const deadline = Date.now() + patienceMs;
  for (let wait = 100; ; wait = Math.min(wait * 2, 2_000)) {
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const refusal = REFUSED.get(code);
      if (refusal) throw new Error(`${where}: it ${refusal}. Correct DATABASE_URL.`, { cause: error });
      if (!COMING.has(code)) throw error;
      if (Date.now() > deadline) {
        throw new Error(
          `${where}: it does not answer (${code}). Start it, or correct DATABASE_URL; without DATABASE_URL ` +
            'Callboard brings its own.',
          { cause: error },
        );
      }
      log.warn({ host, code }, 'database:waiting');
      // Jittered: nodes that wait for the same database do not knock at once.
      await sleep(wait * (0.5 + Math.random() / 2));
    }
  }
}
