import { randomInt, randomUUID } from 'node:crypto';
import {
  type ClaimedPairing,
  CODE_ALPHABET,
  CODE_LENGTH,
  type OpenedPairing,
  type ScreenRequest,
} from '../../../shared/contract/screens.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { networkOf } from '../../http/clientAddress.ts';
import { AppError } from '../../http/errors.ts';
import { createAttemptLimit } from '../attemptLimit.ts';
import { type Actor, recordAudit } from '../audit/audit.ts';
import { newSecret, sha256 } from '../secrets.ts';
import { faceColumns, faceRow, toFace } from './screenFace.ts';
import { assertSectors, type Keeper, refused, SCREENS_CHANNEL } from './screens.ts';
import { SCREEN_PREFIX, SCREEN_TOKEN_DAYS } from './screenTokens.ts';

/**
 * How a display becomes a screen without a password [S77].
 *
 *   open       it has a code, which it shows, and a secret, which it keeps to itself; for ten minutes
 *   approved   somebody signed in has entered the code, once: now it is a screen of her tenant, without a token yet
 *   claimed    it has come with its secret and got its token, once
 *
 * The code is worth nothing to whoever is not signed in, and nobody but the display can claim what comes of it.
 */
export interface Pairings {
  open(): Promise<OpenedPairing>;
  /**
   * Waits until the display is approved, for a while; null where the secret is good for nothing (any more). Nothing is
   * claimed once `signal` is aborted: the token would go to nobody.
   */
  claim(secret: string, from: { address: string; signal: AbortSignal }): Promise<ClaimedPairing | null>;
  /** Answers the screen's id. Throws `bad_request` for a code that is not open, `too_many_requests` after some of those. */
  approve(by: Actor, of: Keeper & { accountId: string }, wish: ScreenRequest): Promise<string>;
  /** A screen was paired, by its id; null: any may have been. A hint [L3]: whoever waits looks for itself. */
  wake(id: string | null): void;
  /** Answers everybody who waits. */
  close(): void;
}

export const PAIRING_SECONDS = 600;
/** All tenants together; who asks for more than one an address can hold is held back before. */
const OPEN_LIMIT = 10_000;
/** A display asks again after that, which is also how it learns what it was not woken for. */
const WAIT_MS = 15_000;
const WAITING_LIMIT = 10_000;
/** A display waits once, or twice where it was cut off and we have not noticed. More would keep other displays out. */
const WAITING_PER_PAIRING = 2;
const SCREENS_LIMIT = 1_000;

/** Of 20^8 codes a guess finds one of those open once in millions; these make sure that nobody has millions. */
const GUESSES_MS = 600_000;
const GUESSES = { account: 10, address: 30, tenant: 100 };

export function createPairings(db: Database, waitMs = WAIT_MS): Pairings {
  const waiting = new Map<string, Set<() => void>>();
  let waitingCount = 0;
  let closed = false;
  const limitOf = (max: number) => createAttemptLimit({ max, windowMs: GUESSES_MS });
  const byAccount = limitOf(GUESSES.account);
  const byAddress = limitOf(GUESSES.address);
  /** Not in total: whoever guesses must not keep other call centres from connecting theirs. */
  const byTenant = limitOf(GUESSES.tenant);

  async function exchange(secret: string, address: string): Promise<ClaimedPairing | null> {
    const claim = sha256(secret);
    const [found] = await db.sql<{ tenant_id: string; id: string }[]>`
      select tenant_id, id from screen_by_claim(${claim})`;
    if (!found) return null;
    const token = newSecret(SCREEN_PREFIX);
    const { tenant_id: tenantId, id } = found;
    // Of two who come with the secret at once, the second finds it gone.
    const [claimed] = await inTenant(
      db,
      tenantId,
      (tx) => tx`
        update screens s set claim_hash = null, hash = ${sha256(token)}, address = ${address},
          last_seen_at = clock_timestamp(),
          expires_at = clock_timestamp() + ${SCREEN_TOKEN_DAYS}::integer * interval '1 day'
        where tenant_id = ${tenantId} and id = ${id} and claim_hash = ${claim} and revoked_at is null
        returning ${faceColumns(tx)}`,
    );
    if (!claimed) return null;
    return { state: 'paired', token, face: toFace(faceRow.parse(claimed)) };
  }

  return {
    async open() {
      const code = Array.from(
        { length: CODE_LENGTH },
        () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)],
      ).join('');
      const secret = newSecret();
      const [opened] = await db.sql<{ until: Date | null }[]>`
        select open_pairing(
          ${randomUUID()}, ${sha256(code)}, ${sha256(secret)}, ${PAIRING_SECONDS}, ${OPEN_LIMIT}) as until`;
      if (!opened?.until) throw new AppError('overloaded', { retryAfterSeconds: 30 });
      return { code, secret, expiresAt: opened.until.toISOString() };
    },

    async claim(secret, { address, signal }) {
      const [open] = await db.sql<{ id: string }[]>`select id from pairing_by_secret(${sha256(secret)})`;
      // Approved before we looked, or never open.
      if (!open) return signal.aborted ? null : exchange(secret, address);
      if (waitingCount >= WAITING_LIMIT) throw new AppError('overloaded', { retryAfterSeconds: 15 });
      let stop = (): void => {};
      const woken = new Promise<void>((resolve) => {
        const wakers = waiting.get(open.id) ?? new Set();
        const [longest] = wakers;
        if (longest && wakers.size >= WAITING_PER_PAIRING) {
          wakers.delete(longest);
          longest();
        }
        waiting.set(open.id, wakers.add(resolve));
        waitingCount++;
        const timer = setTimeout(resolve, waitMs);
        signal.addEventListener('abort', () => resolve(), { once: true });
        stop = () => {
          clearTimeout(timer);
          waitingCount--;
          wakers.delete(resolve);
          if (wakers.size === 0 && waiting.get(open.id) === wakers) waiting.delete(open.id);
        };
      });
      try {
        // Approved while we were not waiting yet: nobody woke us.
        const early = await exchange(secret, address);
        if (early) return early;
        if (!closed && !signal.aborted) await woken;
        if (signal.aborted) return null;
        return (await exchange(secret, address)) ?? { state: 'waiting' };
      } finally {
        stop();
      }
    },

    async approve(by, of, { code, name, board, audience, sectors }) {
      const limits = [
        [byAccount, of.accountId],
        [byAddress, networkOf(by.address ?? '')],
        [byTenant, of.tenantId],
      ] as const;
      const seconds = Math.max(...limits.map(([limit, key]) => limit.blockedFor(key) ?? 0));
      if (seconds > 0) throw new AppError('too_many_requests', { retryAfterSeconds: seconds });
      // Counted before it is looked up, so that guesses at the same time do not all pass as the first.
      for (const [limit, key] of limits) limit.count(key);
      let isGuess = false;
      try {
        return await inTenant(db, of.tenantId, async (tx) => {
          await assertSectors(tx, of, sectors);
          const [taken] = await tx<{ id: string; secret_hash: Buffer }[]>`
            select id, secret_hash from take_pairing(${sha256(code)})`;
          isGuess = taken === undefined;
          if (!taken) throw refused('code', 'is not known, or has expired: look at the screen again');
          const { id, secret_hash } = taken;
          const made = await tx`
            insert into screens (tenant_id, id, name, board, sectors, audience, claim_hash, created_by, expires_at)
            select ${of.tenantId}, ${id}, ${name}, ${board}, ${[...sectors]}, ${audience}, ${secret_hash}, ${of.accountId},
              clock_timestamp() + ${PAIRING_SECONDS}::integer * interval '1 second'
            where (select count(*) from screens
              where tenant_id = ${of.tenantId} and revoked_at is null and expires_at > clock_timestamp()) < ${SCREENS_LIMIT}`;
          if (made.count === 0) {
            throw new AppError('conflict', {
              message: `There are ${SCREENS_LIMIT} screens already: revoke some first.`,
            });
          }
          await tx`select pg_notify(${SCREENS_CHANNEL}, ${id})`;
          const after = { board, audience, sectors };
          await recordAudit(tx, of.tenantId, by, { action: 'screen.paired', subject: { id, name }, after });
          return id;
        });
      } finally {
        if (!isGuess) for (const [limit, key] of limits) limit.giveBack(key);
      }
    },

    wake(id) {
      const woken = id === null ? [...waiting.values()] : [waiting.get(id) ?? []];
      for (const wakers of woken) for (const wake of wakers) wake();
    },

    close() {
      closed = true;
      for (const wakers of waiting.values()) for (const wake of wakers) wake();
    },
  };
}
