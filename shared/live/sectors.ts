import { type LiveSettings, UNASSIGNED_SECTOR } from '../contract/settings.ts';
import type { LiveState } from './state.ts';

/** Which queues there are, and which parts of the call centre they belong to, as settings are now [T9]. */

/** What a number is about; null: all the tenant has. */
export type Sectors = ReadonlySet<string> | null;

/** Ids of every queue that has events or settings, in order. */
export function queueIds(state: LiveState, settings: LiveSettings, sectors: Sectors = null): string[] {
  const ids = [...new Set([...state.queues.keys(), ...settings.queues.keys()])].sort();
  return sectors === null ? ids : ids.filter((id) => sectors.has(sectorOf(settings, id)));
}

export function sectorIds(state: LiveState, settings: LiveSettings, sectors: Sectors = null): string[] {
  const used = queueIds(state, settings).map((id) => sectorOf(settings, id));
  const ids = [...new Set([...settings.sectors.keys(), ...used])].sort();
  return sectors === null ? ids : ids.filter((id) => sectors.has(id));
}

export function sectorOf(settings: LiveSettings, queueId: string): string {
  return settings.queues.get(queueId)?.sectorId ?? UNASSIGNED_SECTOR;
}
