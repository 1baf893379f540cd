import { useTranslation } from 'react-i18next';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';
import { useOpening } from './useOpening.ts';

interface ConfirmedProps {
  /** Where the words are: `act`, `named`, `ask` and `keep` below it. */
  words: 'settings.people' | 'settings.screens' | 'settings.sectors';
  /** Of what it is done to. */
  name: string;
  act(): Promise<void>;
}

/** What cannot be taken back: asks once more before it is done. */
export function Confirmed({ words, name, act }: ConfirmedProps) {
  const { t } = useTranslation();
  const { isOpen, open, close, opener, inside } = useOpening();
  const { problem, attempt } = useAttempt();
  if (!isOpen) {
    return (
      <button
        type="button"
        ref={opener}
        className={styles.button}
        aria-label={t(`${words}.named`, { name })}
        onClick={open}
      >
        {t(`${words}.act`)}
      </button>
    );
  }
  return (
    <div className={styles.asked} ref={inside}>
      <p role="alert">{problem ?? t(`${words}.ask`, { name })}</p>
      <button type="button" className={styles.button} data-kind="danger" onClick={() => void attempt(act)}>
        {t(`${words}.act`)}
      </button>
      <button type="button" className={styles.button} onClick={close}>
        {t(`${words}.keep`)}
      </button>
    </div>
  );
}
