import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refused } from './ask.ts';
import styles from './SignIn.module.css';
import { useSignInOptions } from './useSignInOptions.ts';

/** What the server may say that a person can do something about; anything else is one sentence. */
const EXPLAINED = new Set(['unauthorized', 'too_many_requests', 'database_unavailable']);

/** Why the identity provider's word was not enough, as the server puts it into the address it sends a browser to. */
const SSO_REFUSALS = new Set([
  'expired',
  'noEmail',
  'noRole',
  'noSector',
  'notInvited',
  'unreachable',
  'unverifiedEmail',
]);

interface SignInProps {
  /** Where the server is. */
  base: URL;
  signIn(email: string, password: string): Promise<void>;
  /** What the identity provider's answer was refused for; null when it was not. */
  ssoRefusal: string | null;
}

export function SignIn({ base, signIn, ssoRefusal }: SignInProps) {
  const { t } = useTranslation();
  const options = useSignInOptions(base);
  const [problem, setProblem] = useState(ssoProblem(ssoRefusal));
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
        {options?.sso && (
          <a className={styles.other} href={new URL('api/v1/sessions/sso', base).href}>
            {t('signIn.sso', { name: options.sso.name })}
          </a>
        )}
      </form>
    </main>
  );
}

function ssoProblem(refusal: string | null): string | null {
  if (refusal === null) return null;
  return `ssoProblem.${SSO_REFUSALS.has(refusal) ? refusal : 'failed'}`;
}
