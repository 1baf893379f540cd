import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';
import own from './Access.module.css';

interface SectorChoiceProps {
  legend: string;
  sectors: readonly SectorSetting[];
  /** Null: all. An empty list is nothing yet: the two must not look alike. */
  chosen: readonly string[] | null;
  onChange(chosen: readonly string[] | null): void;
}

/** All sectors, or some of them by name. */
export function SectorChoice({ legend, sectors, chosen, onChange }: SectorChoiceProps) {
  const { t } = useTranslation();
  const group = useId();
  const toggle = (id: string): void => {
    if (chosen === null) return;
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  };
  return (
    <fieldset className={own.scopes}>
      <legend>{legend}</legend>
      <label className={own.scope}>
        <input type="radio" name={group} checked={chosen === null} onChange={() => onChange(null)} />
        <span>{t('settings.people.allSectors')}</span>
      </label>
      <label className={own.scope}>
        <input type="radio" name={group} checked={chosen !== null} onChange={() => onChange([])} />
        <span>{t('settings.people.someSectors')}</span>
      </label>
      {chosen !== null &&
        sectors.map(({ sectorId, name }) => (
          <label key={sectorId} className={own.scope} data-level="2">
            <input type="checkbox" checked={chosen.includes(sectorId)} onChange={() => toggle(sectorId)} />
            <span>{name}</span>
          </label>
        ))}
    </fieldset>
  );
}
