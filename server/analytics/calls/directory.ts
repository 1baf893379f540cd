import type { TransactionSql } from 'postgres';
import { type LiveSettings, UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import { identityOf } from '../../../shared/live/identity.ts';
import type { Sight } from '../../access/principal.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { loadSettings } from '../../live/liveSettings.ts';

/** Who is who in a tenant, and what is in force there. */
export interface Directory {
  settings: LiveSettings;
  /** How somebody is shown. */
  agent(identity: string): { agentId: string; agentName: string; sectorId: string };
  /** The queues somebody sees; null: all. */
  queuesOf(sight: Pick<Sight, 'sectors'>): readonly string[] | null;
}

/** Names found since are shown this soon; settings at once. */
const NAMES_MS = 5_000;
/** Tenants remembered at once [L13]. */
const KEPT = 200;

/** Reads it once for many questions: settings are those in force at the time of asking, by their version. */
export function createDirectories(db: Database): (tenantId: string) => Promise<Directory> {
  const kept = new Map<string, { version: number; readAt: number; directory: Directory }>();

  return async (tenantId) => {
    const known = kept.get(tenantId);
    if (known && performance.now() - known.readAt < NAMES_MS) {
      const version = await inTenant(db, tenantId, async (tx) => {
        const [row] = await tx<{ version: number }[]>`
          select version::float8 from settings where tenant_id = ${tenantId}`;
        return row?.version;
      });
      if (version === known.version) return known.directory;
    }
    const readAt = performance.now();
    const [{ settings, version }, names] = await Promise.all([
      loadSettings(db, tenantId),
      inTenant(db, tenantId, (tx) => readNames(tx, tenantId)),
    ]);
    const directory = directoryOf(settings, names);
    kept.delete(tenantId);
    kept.set(tenantId, { version, readAt, directory });
    const oldest = kept.size > KEPT ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    return directory;
  };
}

/** The best name first: what an agent is shown by. */
function readNames(tx: TransactionSql, tenantId: string): Promise<{ name: string }[]> {
  return tx<
    { name: string }[]
  >`select name from agent_names where tenant_id = ${tenantId} order by rank, name`;
}

export function directoryOf(settings: LiveSettings, names: readonly { name: string }[]): Directory {
  const namesOf = new Map<string, string[]>();
  for (const { name } of names) {
    const identity = identityOf(name, settings.aliases);
    const known = namesOf.get(identity);
    if (known) known.push(name);
    else namesOf.set(identity, [name]);
  }
  return {
    settings,
    agent(identity) {
      const known = namesOf.get(identity) ?? [];
      const agentId = known[0] ?? identity;
      const own = [agentId, ...known].map((name) => settings.agents.get(name)).find((found) => found);
      return { agentId, agentName: own?.name ?? agentId, sectorId: own?.sectorId ?? UNASSIGNED_SECTOR };
    },
    queuesOf({ sectors }) {
      if (sectors === null) return null;
      return [...settings.queues].filter(([, queue]) => sectors.has(queue.sectorId)).map(([id]) => id);
    },
  };
}
