import type { TFunction } from 'i18next';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';

/** The sectors somebody is held to, by name; one whose name is not here yet by its id. */
export function sectorsText(
  held: readonly string[],
  sectors: readonly SectorSetting[],
  t: TFunction,
): string {
  if (held.length === 0) return t('settings.held.all');
  return held.map((id) => sectors.find(({ sectorId }) => sectorId === id)?.name ?? id).join(', ');
}
