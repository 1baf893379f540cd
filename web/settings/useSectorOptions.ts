import { useEffect, useState } from 'react';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';
import type { RestApi } from './api.ts';

/** The sectors to choose from. Until they are here, and where they cannot be had, only the present one by its id. */
export function useSectorOptions(api: RestApi): (present: string) => { value: string; name: string }[] {
  const [sectors, setSectors] = useState<readonly SectorSetting[] | null>(null);
  useEffect(() => {
    api.read<SectorSetting[]>('/sectors').then(
      ({ data }) => setSectors(data),
      () => {},
    );
  }, [api]);
  return (present) =>
    sectors?.map(({ sectorId, name }) => ({ value: sectorId, name })) ?? [{ value: present, name: present }];
}
