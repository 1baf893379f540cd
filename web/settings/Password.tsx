import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import own from './Access.module.css';
import type { RestApi } from './api.ts';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';

/** Another password; every other session of the account ends with the old one. */
export function Password({ api }: { api: RestApi }) {
  const { t } = useTranslation();
  const { problem, attempt } = useAttempt();
  const [isBusy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const change = {
      currentPassword: String(fields.get('current')),
      newPassword: String(fields.get('new')),
    };
    setBusy(true);
    setDone(false);
    const worked = await attempt(() => api.put('/password', change));
    setBusy(false);
    setDone(worked);
    if (worked) form.reset();
  };

  return (
    <section className={styles.group}>
      <h2>{t('settings.password.title')}</h2>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          <span>{t('settings.password.current')}</span>
          <input name="current" type="password" autoComplete="current-password" required />
        </label>
        <label>
          <span>{t('settings.password.new')}</span>
          <input name="new" type="password" autoComplete="new-password" required />
        </label>
        <p className={own.hint}>{t('settings.password.lead')}</p>
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <p className={own.done} role="status">
          {isDone && t('settings.password.done')}
        </p>
        <button type="submit" className={styles.button} data-kind="main" disabled={isBusy}>
          {t('settings.password.change')}
        </button>
      </form>
    </section>
  );
}
