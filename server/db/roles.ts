import { createHmac } from 'node:crypto';
import postgres, { type Sql } from 'postgres';

/**
 * Two roles [S42]. The owner migrates and owns every object; the runtime role serves requests and is bound by row
 * security. How they come about:
 *   DATABASE_URL of a superuser (embedded) → callboard_owner is made and owns; callboard_app is made and serves
 *   DATABASE_URL of an ordinary role       → that role owns; callboard_app is made (CREATEROLE) and serves
 *   DATABASE_URL and DIRECT_DATABASE_URL
 *   with different users                   → the direct one owns, the other serves as it is, e.g. through a pooler
 * Every node derives the same password for callboard_app from the owner's, so several can start at once and none
 * has to keep a secret; a new password of the owner makes a new one at the next start.
 */
export const OWNER_ROLE = 'callboard_owner';
export const RUNTIME_ROLE = 'callboard_app';

/** Held in the database while roles are made and migrations run: of several nodes starting, one works [S82]. */
export const SETUP_LOCK = 7_202_611;

export const INSUFFICIENT_PRIVILEGE = '42501';

/** The two connection strings as configured, and what follows from them. */
export interface Urls {
  /** Straight to PostgreSQL, as configured: migrations. */
  owner: string;
  /** The runtime role, perhaps through a pooler. */
  runtime: string;
  /** The runtime role, straight to PostgreSQL: LISTEN and advisory locks. */
  runtimeDirect: string;
  /** Whether callboard_app is ours to make, or the operator named a role of their own. */
  ownsRuntimeRole: boolean;
}

export function deriveUrls(databaseUrl: string, directDatabaseUrl: string | null): Urls {
  const direct = new URL(directDatabaseUrl ?? databaseUrl);
  const pooled = new URL(databaseUrl);
  if (pooled.username !== direct.username) {
    const runtimeDirect = withUser(direct, pooled.username, pooled.password);
    return { owner: direct.href, runtime: pooled.href, runtimeDirect, ownsRuntimeRole: false };
  }
  const password = direct.password === '' ? '' : derivedPassword(decodeURIComponent(direct.password));
  return {
    owner: direct.href,
    runtime: withUser(pooled, RUNTIME_ROLE, password),
    runtimeDirect: withUser(direct, RUNTIME_ROLE, password),
    ownsRuntimeRole: true,
  };
}

function derivedPassword(ownerPassword: string): string {
  return createHmac('sha256', ownerPassword).update('callboard runtime role').digest('base64url');
}

function withUser(url: URL, user: string, password: string): string {
  const changed = new URL(url.href);
  changed.username = user;
  changed.password = password;
  return changed.href;
}

export interface Owner {
  name: string;
  /** False when the connecting role owns itself and needs not become another. */
  mustBecome: boolean;
}

/** Makes what roles are missing. `sql` is connected as the configured owner, holding {@link SETUP_LOCK}. */
export async function ensureRoles(sql: Sql, urls: Urls): Promise<Owner> {
  const [me] = await sql<{ user: string; superuser: boolean }[]>`
    select current_user as "user", rolsuper as superuser from pg_roles where rolname = current_user`;
  if (!me) throw new Error('The database does not know the role it let us in as.');
  if (me.superuser) {
    await createRole(sql, OWNER_ROLE, 'nologin');
    await sql.unsafe(
      `grant create, connect, temporary on database ${await databaseName(sql)} to ${OWNER_ROLE}`,
    );
    await sql.unsafe(`grant create, usage on schema public to ${OWNER_ROLE}`);
  }
  const isNew = await createRole(sql, RUNTIME_ROLE, urls.ownsRuntimeRole ? 'login' : 'nologin');
  if (urls.ownsRuntimeRole) await agreeOnPassword(sql, urls, isNew);
  else await admitRuntimeUser(sql, decodeURIComponent(new URL(urls.runtime).username));
  return { name: me.superuser ? OWNER_ROLE : me.user, mustBecome: me.superuser };
}

/** True when it is ours, just made. */
async function createRole(sql: Sql, role: string, login: 'login' | 'nologin'): Promise<boolean> {
  const [found] = await sql`select from pg_roles where rolname = ${role}`;
  if (found) return false;
  try {
    await sql.unsafe(`create role ${role} ${login}`);
    return true;
  } catch (error) {
    // Roles are shared by all databases of a server, the lock is not: another installation may make it now.
    const [made] = await sql`select from pg_roles where rolname = ${role}`;
    if (made) return false;
    throw explained(error, role);
  }
}

/** Sets the derived password unless it is set already, so that starting nodes do not cut each other off. */
async function agreeOnPassword(sql: Sql, urls: Urls, isNew: boolean): Promise<void> {
  // A role just made has none: trying would put a refusal into the operator's first log.
  if (!isNew && (await tryRuntime(urls.runtimeDirect)) === null) return;
  const password = decodeURIComponent(new URL(urls.runtimeDirect).password);
  // DDL takes no parameters; the password is base64url, or absent where the server asks for none.
  const clause = password === '' ? '' : ` password '${password}'`;
  try {
    await sql.unsafe(`alter role ${RUNTIME_ROLE} login${clause}`);
  } catch (error) {
    // Another installation on the same server may have set it at this moment.
    if ((await tryRuntime(urls.runtimeDirect)) === null) return;
    throw explained(error, RUNTIME_ROLE);
  }
  const refusal = await tryRuntime(urls.runtimeDirect);
  if (refusal !== null) {
    throw new Error(
      `PostgreSQL does not let role ${RUNTIME_ROLE} in (${refusal}). Allow it in pg_hba.conf, or name a role of ` +
        'your own in DATABASE_URL and the owner in DIRECT_DATABASE_URL.',
    );
  }
}

/** Null when the runtime role can connect, otherwise what PostgreSQL says. */
async function tryRuntime(url: string): Promise<string | null> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    await sql`select 1`;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A runtime role of the operator's gets ours, which holds the grants. */
async function admitRuntimeUser(sql: Sql, user: string): Promise<void> {
  if (user === RUNTIME_ROLE) return;
  const [role] = await sql<{ isMember: boolean }[]>`
    select pg_has_role(rolname, ${RUNTIME_ROLE}, 'usage') as "isMember" from pg_roles where rolname = ${user}`;
  if (!role)
    throw new Error(
      `There is no role ${user}, which DATABASE_URL names: create it, or correct DATABASE_URL.`,
    );
  if (role.isMember) return;
  try {
    await sql`grant ${sql(RUNTIME_ROLE)} to ${sql(user)}`;
  } catch (error) {
    throw explained(error, RUNTIME_ROLE);
  }
}

async function databaseName(sql: Sql): Promise<string> {
  const [row] = await sql<{ name: string }[]>`select quote_ident(current_database()) as name`;
  return row?.name ?? '';
}

function explained(error: unknown, role: string): unknown {
  if (!(error instanceof postgres.PostgresError) || error.code !== INSUFFICIENT_PRIVILEGE) return error;
  return new Error(
    `The owner in DATABASE_URL may not make or change role ${role} (${error.message}). Either let it ` +
      '(alter role … createrole), or have an administrator run:\n' +
      `  create role ${RUNTIME_ROLE} login password '…';\n` +
      `then set DATABASE_URL to that role and DIRECT_DATABASE_URL to the owner.`,
    { cause: error },
  );
}
