import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import desk from '../desk/Desk.module.css';
import { focusShown } from './focusOn.ts';
import styles from './Review.module.css';
import { useWriting } from './useWriting.ts';

interface ConfirmProps {
  /** On the button, and what it will do. */
  act: string;
  /** On the button that does it, where that is to read otherwise. */
  now?: string;
  ask: string;
  kind?: 'main' | 'danger';
  /** Among the text beside it, it looks like a link. */
  isPlain?: boolean;
  onAct(): Promise<void>;
}

/**
 * What cannot be taken back: asks once more, with the keyboard on what keeps things as they are. Who thinks better of it, by
 * Escape too, is where they were.
 */
export function Confirm({ act, now = act, ask, kind = 'danger', isPlain = false, onAct }: ConfirmProps) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const { problem, isBusy, attempt } = useWriting();
  if (!isAsked)
    return (
      <button
        type="button"
        ref={opener}
        className={isPlain ? styles.plain : desk.button}
        onClick={() => setAsked(true)}
      >
        {act}
      </button>
    );
  const close = (): void => {
    flushSync(() => setAsked(false));
    opener.current?.focus();
  };
  // What is under way is: whether it worked is told here.
  const putOff = (): void => {
    if (!isBusy) close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is beside the button that does the same.
    <div className={styles.asked} onKeyDown={(event) => event.key === 'Escape' && putOff()}>
      <p role="alert">{problem ?? ask}</p>
      <button
        type="button"
        className={kind === 'main' ? styles.main : styles.danger}
        aria-disabled={isBusy}
        onClick={() =>
          void attempt(async () => {
            await onAct();
            close();
          })
        }
      >
        {now}
      </button>
      <button type="button" className={desk.button} ref={focusShown} onClick={putOff}>
        {t('quality.draft.goOn')}
      </button>
    </div>
  );
}
