import { z } from 'zod';
import { ROLES } from '../../shared/contract/permissions.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import type { Person } from './principal.ts';

/**
 * What becomes of people whose token is in doubt: the session is not ended, the account not disabled, role, sectors and
 * the platform what they are today. After a restart of the listener that is everybody at once [S33], so the lookups of a tenant share a
 * query: the first goes at once, those that come meanwhile go together when it is done. What was found holds for a
 * moment, or until the account is in doubt again.
 */
export interface Standing {
  /** Throws `unauthorized` where he is not welcome any more, and what the database throws when it cannot be asked. */
  lookUp(person: Person): Promise<Person>;
  /** Whose access may have changed, an account's or a tenant's; null: anybody's. What is on its way may be old already. */
  forget(id: string | null): void;
}

const foundRow = z.object({
  role: z.enum(ROLES),
  sectors: z.array(z.string()),
  isPlatformOwner: z.boolean(),
});
type Found = z.output<typeof foundRow>;

interface Question {
  person: Person;
  answer: Promise<Found | null>;
  settle(found: Found | null): void;
  fail(error: unknown): void;
}

const KEPT_MS = 5_000;
const KEPT_LIMIT = 20_000;
const ASKED_AT_ONCE = 1_000;

export function createStanding(db: Pick<Database, 'sql'>, now: () => number = Date.now): Standing {
  /** By tenant and session. Both are emptied of an account the moment it is in doubt. */
  const asked = new Map<string, Question>();
  const kept = new Map<string, { of: Person; found: Found | null; until: number }>();
  /** Sessions waiting for the query of their tenant to come back. */
  const waiting = new Map<string, Question[]>();

  const ask = async (tenantId: string): Promise<void> => {
    for (
      let next = waiting.get(tenantId);
      next !== undefined && next.length > 0;
      next = waiting.get(tenantId)
    ) {
      const together = next.splice(0, ASKED_AT_ONCE);
      try {
        const found = await read(db, tenantId, together);
        for (const question of together) question.settle(found.get(keyOf(question.person)) ?? null);
      } catch (error) {
        for (const question of together) question.fail(error);
      }
    }
    waiting.delete(tenantId);
  };

  const question = (person: Person): Question => {
    const key = keyOf(person);
    const known = asked.get(key);
    if (known) return known;
    let resolve: (found: Found | null) => void = () => {};
    let reject: (error: unknown) => void = () => {};
    const answer = new Promise<Found | null>((...both) => {
      [resolve, reject] = both;
    });
    const own: Question = {
      person,
      answer,
      settle(found) {
        resolve(found);
        if (asked.get(key) !== own) return;
        asked.delete(key);
        keep(key, person, found);
      },
      fail(error) {
        reject(error);
        if (asked.get(key) === own) asked.delete(key);
      },
    };
    asked.set(key, own);
    const others = waiting.get(person.tenantId);
    if (others) others.push(own);
    else {
      waiting.set(person.tenantId, [own]);
      void ask(person.tenantId);
    }
    return own;
  };

  const keep = (key: string, of: Person, found: Found | null): void => {
    const [oldest] = kept.keys();
    if (kept.size >= KEPT_LIMIT && oldest !== undefined) kept.delete(oldest);
    kept.set(key, { of, found, until: now() + KEPT_MS });
  };

  return {
    async lookUp(person) {
      const known = kept.get(keyOf(person));
      const found = known && now() < known.until ? known.found : await question(person).answer;
      if (found === null) throw new AppError('unauthorized');
      return { ...person, ...found };
    },
    forget(id) {
      const isMeant = ({ accountId, tenantId }: Person): boolean =>
        id === null || accountId === id || tenantId === id;
      for (const [key, { person }] of asked) if (isMeant(person)) asked.delete(key);
      for (const [key, { of }] of kept) if (isMeant(of)) kept.delete(key);
    },
  };
}

async function read(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  questions: readonly Question[],
): Promise<Map<string, Found>> {
  const accounts = questions.map(({ person }) => person.accountId);
  const sessions = questions.map(({ person }) => person.sessionId);
  const rows = await inTenant(
    db,
    tenantId,
    (tx) => tx`
      select m.account_id, asked.family_id, m.role, m.sectors, a.is_platform_owner as "isPlatformOwner"
      from unnest(${accounts}::uuid[], ${sessions}::uuid[]) as asked (account_id, family_id)
      join memberships m on m.tenant_id = ${tenantId} and m.account_id = asked.account_id
      join accounts a on a.id = m.account_id and a.disabled_at is null
      where exists (
        select from refresh_tokens r
        where r.tenant_id = ${tenantId} and r.family_id = asked.family_id and r.account_id = asked.account_id
          and r.revoked_at is null and r.expires_at > clock_timestamp())`,
  );
  return new Map(
    rows.map((row) => [
      keyOf({ tenantId, accountId: row.account_id, sessionId: row.family_id }),
      foundRow.parse(row),
    ]),
  );
}

function keyOf({
  tenantId,
  accountId,
  sessionId,
}: Pick<Person, 'tenantId' | 'accountId' | 'sessionId'>): string {
  return `${tenantId} ${accountId} ${sessionId}`;
}
