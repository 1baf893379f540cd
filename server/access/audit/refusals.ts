import type { Logger } from 'pino';
import { type Database, inTenant } from '../../db/connect.ts';
import { type Actor, type AuditEntry, recordAudit } from './audit.ts';

/**
 * Writes down what was refused: to whom, and what for. A refusal has no transaction to be written in, must not wait for
 * a database, and can be provoked as often as somebody likes. So it is written later, one at a time; of one kind to one
 * account or principal a few a minute, and then how many more there were. What does not fit is
 * counted in the log [L13].
 */
export interface Refusals {
  /** `tenantsOf` is asked when it is written: the tenants whose audit it belongs in. Never throws, never waits. */
  note(whom: string, tenantsOf: () => Promise<readonly string[]>, actor: Actor, entry: AuditEntry): void;
  /** Writes what was counted, and is done when all is written. */
  close(): Promise<void>;
}

interface Spell {
  endsAt: number;
  written: number;
  more: number;
  /** Of the last one: where and what, for the line that says how many there were. */
  tenantsOf: () => Promise<readonly string[]>;
  actor: Actor;
  entry: AuditEntry;
}

const SPELL_MS = 60_000;
/** Enough to see what somebody is trying; more tell nothing new. */
const WRITTEN_PER_SPELL = 3;
const KEYS_LIMIT = 5_000;
const WAITING_LIMIT = 200;

export function createRefusals(options: {
  db: Pick<Database, 'sql'>;
  log: Logger;
  spellMs?: number;
  now?: () => number;
}): Refusals {
  const { db, log, spellMs = SPELL_MS, now = Date.now } = options;
  const spells = new Map<string, Spell>();
  let waiting = 0;
  let dropped = 0;
  let writing: Promise<void> = Promise.resolve();

  const write = ({ tenantsOf, actor }: Spell, entry: AuditEntry): void => {
    if (waiting >= WAITING_LIMIT) {
      dropped++;
      return;
    }
    waiting++;
    writing = writing
      .then(async () => {
        for (const tenantId of await tenantsOf())
          await inTenant(db, tenantId, (tx) => recordAudit(tx, tenantId, actor, entry));
      })
      .catch((error: unknown) => log.warn({ err: error, action: entry.action }, 'audit:not_written'))
      .finally(() => {
        waiting--;
      });
  };

  const end = (key: string, spell: Spell): void => {
    spells.delete(key);
    const { entry, more } = spell;
    if (more > 0) write(spell, { ...entry, after: { ...entry.after, more } });
  };

  const sweep = (): void => {
    for (const [key, spell] of spells) {
      if (now() < spell.endsAt) break; // In the order in which they began.
      end(key, spell);
    }
    if (dropped > 0) log.warn({ dropped }, 'audit:refusals_dropped');
    dropped = 0;
  };
  const sweeping = setInterval(sweep, spellMs / 4);
  sweeping.unref();

  return {
    note(whom, tenantsOf, actor, entry) {
      const key = `${entry.action} ${whom}`;
      const known = spells.get(key);
      if (known && now() >= known.endsAt) end(key, known);
      let spell = spells.get(key);
      if (!spell) {
        const [oldest] = spells;
        if (spells.size >= KEYS_LIMIT && oldest) end(...oldest);
        spell = { endsAt: now() + spellMs, written: 0, more: 0, tenantsOf, actor, entry };
        spells.set(key, spell);
      }
      Object.assign(spell, { tenantsOf, actor, entry });
      if (spell.written >= WRITTEN_PER_SPELL) {
        spell.more++;
        return;
      }
      spell.written++;
      write(spell, entry);
    },
    async close() {
      clearInterval(sweeping);
      for (const [key, spell] of [...spells]) end(key, spell);
      await writing;
    },
  };
}
