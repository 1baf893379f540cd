import { type LiveSettings, UNASSIGNED_SECTOR } from '../../shared/contract/settings.ts';
import { identityOf } from '../../shared/live/identity.ts';

/** An agent of history: one person, whatever he was called. */
export interface Agent {
  identity: string;
  /** The name that tells best who he is, as a wall shows it. */
  agentId: string;
  name: string;
  sectorId: string;
  /** Everything he was called. */
  names: readonly string[];
}

export interface People {
  /** In the order of their ids. */
  all: readonly Agent[];
  byIdentity: ReadonlyMap<string, Agent>;
  /** By any of his names. */
  find(name: string): Agent | undefined;
}

/** A membership names an interface, not a person: live shows nobody by it either. */
const INTERFACE_RANK = 9;

/** Everybody who was ever called something, with the names and sectors of now [T9]. Pure. */
export function peopleOf(names: Iterable<{ name: string; rank: number }>, settings: LiveSettings): People {
  const known = new Map<string, { best: { name: string; rank: number } | null; names: string[] }>();
  for (const { name, rank } of names) {
    const identity = identityOf(name, settings.aliases);
    let one = known.get(identity);
    if (one === undefined) {
      one = { best: null, names: [] };
      known.set(identity, one);
    }
    one.names.push(name);
    if (rank >= INTERFACE_RANK) continue;
    const { best } = one;
    if (best === null || rank < best.rank || (rank === best.rank && name < best.name))
      one.best = { name, rank };
  }
  const all: Agent[] = [];
  for (const [identity, { best, names: called }] of known) {
    if (best !== null) all.push(agentOf(identity, best.name, called, settings));
  }
  all.sort((a, b) => (a.agentId < b.agentId ? -1 : 1));
  const byIdentity = new Map(all.map((agent) => [agent.identity, agent]));
  return {
    all,
    byIdentity,
    find(name) {
      const identity = identityOf(name, settings.aliases);
      const agent = byIdentity.get(identity);
      // Configured, but not heard of yet.
      return agent ?? (settings.agents.has(name) ? agentOf(identity, name, [name], settings) : undefined);
    },
  };
}

function agentOf(
  identity: string,
  agentId: string,
  names: readonly string[],
  { agents }: LiveSettings,
): Agent {
  const decided = [agentId, ...names].map((name) => agents.get(name)).find((found) => found !== undefined);
  return {
    identity,
    agentId,
    name: decided?.name ?? agentId,
    sectorId: decided?.sectorId ?? UNASSIGNED_SECTOR,
    names,
  };
}
