import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';
import own from './Access.module.css';
import { SectorChoice } from './SectorChoice.tsx';
import styles from './Settings.module.css';
import { sectorsText } from './sectorsText.ts';
import { useAttempt } from './useAttempt.ts';
import { useOpening } from './useOpening.ts';

interface HeldToProps {
  /** Whose sectors they are: a person's or a screen's. */
  name: string;
  held: readonly string[];
  sectors: readonly SectorSetting[];
  mayChooseAll?: boolean;
  /** An empty list is all of them. Rejects where it could not be saved. */
  save(sectors: string[]): Promise<void>;
}

/** Which sectors a person or a screen sees, and a way to choose others. */
export function HeldTo({ name, held, sectors, mayChooseAll = true, save }: HeldToProps) {
  const { t } = useTranslation();
  const { isOpen, open, close, opener, inside } = useOpening();
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const { problem, attempt } = useAttempt();
  const legend = t('settings.held.of', { name });

  if (!isOpen) {
    // Where a centre is all one sector there is nothing to choose; where they could not be had, all is not taken for granted.
    const hasChoice = sectors.length !== 1 || held.length > 0;
    return (
      <div className={own.heldTo}>
        <p>{sectorsText(held, sectors, t)}</p>
        {hasChoice && (
          <button
            type="button"
            ref={opener}
            className={styles.button}
            aria-label={legend}
            onClick={() => {
              setChosen(held.length === 0 && mayChooseAll ? null : held);
              open();
            }}
          >
            {t('settings.held.choose')}
          </button>
        )}
      </div>
    );
  }
  return (
    <div className={own.choosing} ref={inside}>
      <SectorChoice
        legend={legend}
        sectors={sectors}
        chosen={chosen}
        mayChooseAll={mayChooseAll}
        onChange={setChosen}
      />
      <div className={own.actions}>
        <button
          type="button"
          className={styles.button}
          data-kind="main"
          // None would be saved as all.
          disabled={chosen?.length === 0}
          onClick={() => void attempt(() => save([...(chosen ?? [])])).then((worked) => worked && close())}
        >
          {t('settings.held.save')}
        </button>
        <button type="button" className={styles.button} onClick={close}>
          {t('settings.held.cancel')}
        </button>
      </div>
      <p className={styles.problem} role="alert">
        {problem}
      </p>
    </div>
  );
}
