import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BOARD_IDS } from '../../shared/contract/boards.ts';
import { AUDIENCES } from '../../shared/contract/permissions.ts';
import type { ScreenChoices } from '../../shared/contract/screens.ts';
import { useAddress } from '../app/address.ts';
import own from './Access.module.css';
import fleet from './Screens.module.css';
import { SectorChoice } from './SectorChoice.tsx';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';

interface PairScreenProps {
  choices: ScreenChoices;
  /** Where a display goes. */
  place: string;
  pair(wish: object): Promise<void>;
}

/** Enters the code of a display; whoever has scanned it finds it filled in. */
export function PairScreen({ choices, place, pair }: PairScreenProps) {
  const { t } = useTranslation();
  const scanned = new URLSearchParams(useAddress().split('?')[1]).get('code') ?? '';
  const widest = choices.mayShowAll ? null : choices.sectors.map(({ sectorId }) => sectorId);
  const [sectors, setSectors] = useState<readonly string[] | null>(widest);
  const [connected, setConnected] = useState<string | null>(null);
  const { problem, attempt } = useAttempt();

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const text = (field: string): string => String(fields.get(field)).trim();
    const name = text('name');
    setConnected(null);
    const wish = {
      code: text('code'),
      name,
      board: text('board'),
      audience: text('audience'),
      sectors: sectors ?? [],
    };
    if (!(await attempt(() => pair(wish)))) return;
    setConnected(name);
    form.reset();
    setSectors(widest);
    // A code is good once: the address does not offer it again.
    if (scanned !== '') location.hash = '#/settings/screens';
  };

  return (
    <section className={styles.group}>
      <h2>{t('settings.screens.pair')}</h2>
      <p className={styles.lead}>{t('settings.screens.pairLead', { place })}</p>
      <form className={styles.form} onSubmit={(event) => void submit(event)} key={scanned}>
        <label>
          <span>{t('settings.screens.code')}</span>
          <input
            className={fleet.code}
            name="code"
            defaultValue={scanned}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={20}
            required
          />
        </label>
        <label>
          <span>{t('settings.screens.name')}</span>
          <input
            name="name"
            autoComplete="off"
            maxLength={60}
            placeholder={t('settings.screens.namePlaceholder')}
            required
          />
        </label>
        <label>
          <span>{t('settings.screens.board')}</span>
          <select name="board">
            {BOARD_IDS.map((board) => (
              <option key={board} value={board}>
                {t(`settings.screens.boards.${board}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('settings.screens.audience')}</span>
          <select name="audience">
            {AUDIENCES.map((audience) => (
              <option key={audience} value={audience}>
                {t(`settings.screens.audiences.${audience}`)}
              </option>
            ))}
          </select>
        </label>
        {!(choices.mayShowAll && choices.sectors.length < 2) && (
          <SectorChoice
            legend={t('settings.held.title')}
            sectors={choices.sectors}
            chosen={sectors}
            mayChooseAll={choices.mayShowAll}
            onChange={setSectors}
          />
        )}
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <p className={own.done} role="status">
          {connected !== null && t('settings.screens.connected', { name: connected })}
        </p>
        <button
          type="submit"
          className={styles.button}
          data-kind="main"
          // None would be taken for all.
          disabled={sectors?.length === 0}
        >
          {t('settings.screens.connect')}
        </button>
      </form>
    </section>
  );
}
