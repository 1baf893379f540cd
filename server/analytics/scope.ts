import type { Issue } from '../../shared/contract/errors.ts';
import { UNASSIGNED_SECTOR } from '../../shared/contract/settings.ts';
import type { Sight } from '../access/principal.ts';
import { AppError } from '../http/errors.ts';
import type { Centre } from './centre.ts';
import type { Agent } from './people.ts';

/**
 * What a question is about: filters narrowed to what is in sight. What is out of sight is as unknown as what does not
 * exist, and both are refused by the name of the field [S46].
 */

/** Queues in order of their ids; null: all there are, which is read from the rows of the total. */
export type QueueScope = readonly string[] | null;

interface Filters {
  queue: readonly string[];
  sector: readonly string[];
}

/** Throws AppError `bad_request` for queues and sectors that are not there to be seen. */
export function queueScope({ settings }: Centre, sight: Sight, { queue, sector }: Filters): QueueScope {
  const sectorOf = (id: string) => settings.queues.get(id)?.sectorId ?? UNASSIGNED_SECTOR;
  const isSeen = (sectorId: string) => sight.sectors === null || sight.sectors.has(sectorId);
  expectKnown('queue', queue, (id) => settings.queues.has(id) && isSeen(sectorOf(id)));
  expectKnown('sector', sector, (id) => settings.sectors.has(id) && isSeen(id));
  if (queue.length === 0 && sector.length === 0 && sight.sectors === null) return null;
  const named = queue.length === 0 ? [...settings.queues.keys()] : [...new Set(queue)];
  return named
    .filter((id) => isSeen(sectorOf(id)) && (sector.length === 0 || sector.includes(sectorOf(id))))
    .sort();
}

/** The ids of a scope: those of all queues where it is open. */
export function queueIdsOf({ settings }: Centre, scope: QueueScope): string[] {
  return scope === null ? [...settings.queues.keys()].sort() : [...scope];
}

/** A queue by its name and sector of now [T9]. */
export function namedQueue({ settings }: Centre, queueId: string) {
  const decided = settings.queues.get(queueId);
  return { queueId, name: decided?.name ?? queueId, sectorId: decided?.sectorId ?? UNASSIGNED_SECTOR };
}

/** Sectors that are asked for, or else that are in sight, in order of their ids. */
export function sectorScope({ settings }: Centre, sight: Sight, sector: readonly string[]): string[] {
  return [...settings.sectors.keys()]
    .filter((id) => (sight.sectors === null || sight.sectors.has(id)) && isAmong(sector, id))
    .sort();
}

/** Agents in order of their ids [T9]. Throws AppError `bad_request` for those who are not there to be seen. */
export async function agentScope(
  centre: Centre,
  sight: Sight,
  { agent, sector }: { agent: readonly string[]; sector: readonly string[] },
): Promise<Agent[]> {
  const people = await centre.people();
  const isSeen = (found: Agent | undefined): found is Agent =>
    found !== undefined && (sight.sectors === null || sight.sectors.has(found.sectorId));
  expectKnown('agent', agent, (name) => isSeen(people.find(name)));
  const asked = new Map(agent.map((name) => [people.find(name)?.identity ?? name, people.find(name)]));
  const named = agent.length === 0 ? people.all : [...asked.values()].filter((found) => found !== undefined);
  return [...named]
    .filter((found) => isSeen(found) && isAmong(sector, found.sectorId))
    .sort((a, b) => (a.agentId < b.agentId ? -1 : 1));
}

function isAmong(ids: readonly string[], id: string): boolean {
  return ids.length === 0 || ids.includes(id);
}

function expectKnown(field: string, ids: readonly string[], isKnown: (id: string) => boolean): void {
  const issues = ids
    .filter((id) => !isKnown(id))
    .map((id): Issue => ({ path: field, message: `${id}: there is no such ${field}` }));
  if (issues.length > 0) throw new AppError('bad_request', { issues });
}
