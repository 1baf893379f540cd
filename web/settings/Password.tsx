import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import own from './Account.module.css';
import type { RestApi } from './api.ts';
import { reasonOf } from './reasonOf.ts';
import styles from './Settings.module.css';

/** Another password; every other session of the account ends with the old one. */
export function Password({ api }: { api: RestApi }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<{ problem: string | null } | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    setBusy(true);
    setOutcome(null);
    try {
      await api.put('/password', {
        currentPassword: String(fields.get('current')),
        newPassword: String(fields.get('new')),
      });
      form.reset();
      setOutcome({ problem: null });
    } catch (error) {
      setOutcome({ problem: reasonOf(error) ?? t('settings.unreachable') });
    } finally {
      setBusy(false);
    }
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
          {outcome?.problem}
        </p>
        <p className={own.done} role="status">
          {outcome?.problem === null && t('settings.password.done')}
        </p>
        <button type="submit" className={styles.button} data-kind="main" disabled={isBusy}>
          {t('settings.password.change')}
        </button>
      </form>
    </section>
  );
}
