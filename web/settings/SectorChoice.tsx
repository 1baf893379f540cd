import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';
import own from './Access.module.css';

interface SectorChoiceProps {
  legend: string;
  sectors: readonly SectorSetting[];
  /** Null: all. An empty list is nothing yet: the two must not look alike. */
  chosen: readonly string[] | null;
  /** False for somebody who is held to sectors: what she gives others is some of hers. */
  mayChooseAll?: boolean;
  onChange(chosen: readonly string[] | null): void;
}

/** All sectors, or some of them by name. */
export function SectorChoice({ legend, sectors, chosen, mayChooseAll = true, onChange }: SectorChoiceProps) {
  const { t } = useTranslation();
  const group = useId();
  // Chosen once and removed since: it can still be taken away.
  const gone = (chosen ?? []).filter((id) => !sectors.some(({ sectorId }) => sectorId === id));
  const all = [...sectors, ...gone.map((sectorId) => ({ sectorId, name: sectorId }))];
  return (
    <fieldset className={own.scopes}>
      <legend>{legend}</legend>
      {mayChooseAll && (
        <>
          <label className={own.scope}>
            <input type="radio" name={group} checked={chosen === null} onChange={() => onChange(null)} />
            <span>{t('settings.held.all')}</span>
          </label>
          <label className={own.scope}>
            <input type="radio" name={group} checked={chosen !== null} onChange={() => onChange([])} />
            <span>{t('settings.held.some')}</span>
          </label>
        </>
      )}
      {chosen !== null &&
        all.map(({ sectorId, name }) => (
          <label key={sectorId} className={own.scope} data-level={mayChooseAll ? '2' : '1'}>
            <input
              type="checkbox"
              checked={chosen.includes(sectorId)}
              onChange={({ target }) =>
                onChange(target.checked ? [...chosen, sectorId] : chosen.filter((id) => id !== sectorId))
              }
            />
            <span>{name}</span>
          </label>
        ))}
      {chosen?.length === 0 && <p className={own.hint}>{t('settings.held.none')}</p>}
    </fieldset>
  );
}
