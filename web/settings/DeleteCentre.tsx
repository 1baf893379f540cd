import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import own from './Access.module.css';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';
import { useOpening } from './useOpening.ts';

/** Deletes a call centre once its name has been typed; the server compares. */
export function DeleteCentre({ name, remove }: { name: string; remove(typed: string): Promise<void> }) {
  const { t } = useTranslation();
  const { isOpen, open, close, opener, inside } = useOpening();
  const [isBusy, setBusy] = useState(false);
  const { problem, attempt } = useAttempt();

  if (!isOpen) {
    return (
      <button
        type="button"
        ref={opener}
        className={styles.button}
        aria-label={t('settings.centres.deleteNamed', { name })}
        onClick={open}
      >
        {t('settings.centres.delete')}
      </button>
    );
  }
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('name'));
    setBusy(true);
    await attempt(() => remove(typed));
    setBusy(false);
  };
  return (
    <form ref={inside} className={`${styles.form} ${own.whole}`} onSubmit={(event) => void submit(event)}>
      <label>
        <span className={own.hint}>{t('settings.centres.deleteAsk', { name })}</span>
        <input
          name="name"
          aria-label={t('settings.centres.confirm')}
          autoComplete="off"
          spellCheck={false}
          required
        />
      </label>
      <p className={styles.problem} role="alert">
        {problem}
      </p>
      <div className={styles.asked}>
        <button type="submit" className={styles.button} data-kind="danger" disabled={isBusy}>
          {t('settings.centres.deleteNamed', { name })}
        </button>
        <button type="button" className={styles.button} onClick={close}>
          {t('settings.centres.keep')}
        </button>
      </div>
    </form>
  );
}
