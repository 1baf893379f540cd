import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refused } from './ask.ts';
import styles from './SignIn.module.css';

/** What the server may say that a person can do something about; anything else is one sentence. */
const EXPLAINED = new Set(['unauthorized', 'too_many_requests', 'database_unavailable']);

export function SignIn({ signIn }: { signIn(email: string, password: string): Promise<void> }) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      await signIn(String(fields.get('email')).trim(), String(fields.get('password')));
    } catch (error) {
      setBusy(false);
      if (!(error instanceof Refused)) setProblem('unreachable');
      else setProblem(EXPLAINED.has(error.code) ? error.code : 'failed');
    }
  };

  return (
    <main className={styles.page}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} aria-labelledby="sign-in">
        <h1 id="sign-in" className={styles.title}>
          {t('app.title')}
        </h1>
        <label className={styles.field}>
          <span>{t('signIn.email')}</span>
          {/* biome-ignore lint/a11y/noAutofocus: the page is nothing but this form. */}
          <input name="email" type="email" autoComplete="username" required autoFocus />
        </label>
        <label className={styles.field}>
          <span>{t('signIn.password')}</span>
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <p className={styles.problem} role="alert">
          {problem && t(`signIn.${problem}`)}
        </p>
        <button type="submit" className={styles.submit} disabled={isBusy}>
          {t(isBusy ? 'signIn.busy' : 'signIn.submit')}
        </button>
      </form>
    </main>
  );
}
