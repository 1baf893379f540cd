import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import desk from '../desk/Desk.module.css';
import styles from './Review.module.css';
import { useWriting } from './useWriting.ts';

interface ConfirmProps {
  /** On the button, and what it will do. */
  act: string;
  ask: string;
  kind?: 'main' | 'danger';
  isDisabled?: boolean;
  onAct(): Promise<void>;
}

/** What cannot be taken back: asks once more, with the keyboard on what keeps things as they are. */
export function Confirm({ act, ask, kind = 'danger', isDisabled = false, onAct }: ConfirmProps) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const { problem, isBusy, attempt } = useWriting();
  if (!isAsked)
    return (
      <button type="button" className={desk.button} disabled={isDisabled} onClick={() => setAsked(true)}>
        {act}
      </button>
    );
  return (
    <div className={styles.asked}>
      <p role="alert">{problem ?? ask}</p>
      <button
        type="button"
        className={kind === 'main' ? styles.main : styles.danger}
        disabled={isBusy}
        onClick={() =>
          void attempt(async () => {
            await onAct();
            setAsked(false);
          })
        }
      >
        {act}
      </button>
      <button
        type="button"
        className={desk.button}
        ref={(button) => button?.focus()}
        onClick={() => setAsked(false)}
      >
        {t('quality.draft.goOn')}
      </button>
    </div>
  );
}
