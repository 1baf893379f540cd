import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';

interface RemoveProps {
  /** What is removed, for those who listen. */
  name: string;
  question: string;
  /** Rejects where it cannot be. */
  remove(): Promise<void>;
}

/** Asks once more before it removes. */
export function Remove({ name, question, remove }: RemoveProps) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const { problem, attempt } = useAttempt();
  if (!isAsked) {
    return (
      <button
        type="button"
        className={styles.button}
        aria-label={t('settings.removeNamed', { name })}
        onClick={() => setAsked(true)}
      >
        {t('settings.remove')}
      </button>
    );
  }
  return (
    <div className={styles.asked}>
      <p role="alert">{problem ?? question}</p>
      <button type="button" className={styles.button} data-kind="danger" onClick={() => void attempt(remove)}>
        {t('settings.remove')}
      </button>
      <button type="button" className={styles.button} onClick={() => setAsked(false)}>
        {t('settings.keep')}
      </button>
    </div>
  );
}
