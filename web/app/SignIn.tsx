import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignInOptions } from '../../shared/contract/rest.ts';
import { ask, Refused } from './ask.ts';
import { Door, DoorField } from './Door.tsx';
import styles from './SignIn.module.css';

/** What the server may say that a person can do something about; anything else is one sentence. */
const EXPLAINED = new Set(['unauthorized', 'too_many_requests', 'database_unavailable']);

interface SignInProps {
  base: URL;
  signIn(email: string, password: string): Promise<void>;
}

export function SignIn({ base, signIn }: SignInProps) {
  const { t } = useTranslation();
  const options = useOptions(base);
  const explain = (error: unknown): string => {
    if (!(error instanceof Refused)) return t('signIn.unreachable');
    return t(`signIn.${EXPLAINED.has(error.code) ? error.code : 'failed'}`);
  };
  return (
    <Door
      title={t('app.title')}
      submit={t('signIn.submit')}
      busy={t('signIn.busy')}
      work={(fields) => signIn(String(fields.get('email')).trim(), String(fields.get('password')))}
      explain={explain}
      other={
        options?.mail && (
          <a className={styles.other} href="#/password">
            {t('signIn.forgotten')}
          </a>
        )
      }
    >
      <DoorField label={t('signIn.email')} name="email" type="email" autoComplete="username" hasFocus />
      <DoorField
        label={t('signIn.password')}
        name="password"
        type="password"
        autoComplete="current-password"
      />
    </Door>
  );
}

/** What this server offers; null until it has said so, and where it does not. */
function useOptions(base: URL): SignInOptions | null {
  const [options, setOptions] = useState<SignInOptions | null>(null);
  useEffect(() => {
    ask(base, 'GET', 'sessions/options')
      .then((response) => response.json())
      .then(
        ({ data }: { data: SignInOptions }) => setOptions(data),
        () => {},
      );
  }, [base]);
  return options;
}
