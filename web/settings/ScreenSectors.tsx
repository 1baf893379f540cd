import { useTranslation } from 'react-i18next';
import type { ScreenChoices } from '../../shared/contract/screens.ts';
import own from './Access.module.css';

interface ScreenSectorsProps {
  choices: ScreenChoices;
  chosen: readonly string[];
  choose(sectors: readonly string[]): void;
}

/** Which sectors a screen may see. A centre that is all one sector has nothing to choose. */
export function ScreenSectors({ choices, chosen, choose }: ScreenSectorsProps) {
  const { t } = useTranslation();
  const { sectors, mayShowAll } = choices;
  if (mayShowAll && sectors.length < 2 && chosen.length === 0) return null;
  // One that was removed is still there to be taken away.
  const gone = chosen.filter((id) => !sectors.some(({ sectorId }) => sectorId === id));
  const all = [...sectors, ...gone.map((sectorId) => ({ sectorId, name: sectorId }))];
  return (
    <fieldset className={own.scopes}>
      <legend>{t('settings.screens.sectors')}</legend>
      {all.map(({ sectorId, name }) => (
        <label key={sectorId} className={own.scope}>
          <input
            type="checkbox"
            checked={chosen.includes(sectorId)}
            onChange={({ target }) =>
              choose(target.checked ? [...chosen, sectorId] : chosen.filter((id) => id !== sectorId))
            }
          />
          <span>{name}</span>
        </label>
      ))}
      <p className={own.hint}>
        {t(mayShowAll ? 'settings.screens.sectorsHint' : 'settings.screens.heldHint')}
      </p>
    </fieldset>
  );
}
