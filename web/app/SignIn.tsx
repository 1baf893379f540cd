import { useTranslation } from 'react-i18next';
import { Refused } from './ask.ts';
import { Door, DoorField } from './Door.tsx';
import styles from './SignIn.module.css';
import { useSignInOptions } from './useSignInOptions.ts';
import { WithoutTls } from './WithoutTls.tsx';

/** What the server may say that a person can do something about; anything else is one sentence. */
const EXPLAINED = new Set(['unauthorized', 'too_many_requests', 'database_unavailable']);

/** Why the identity provider's word was not enough, as the server puts it into the address it sends a browser to. */
const SSO_REFUSALS = new Set([
  'expired',
  'noEmail',
  'noRole',
  'noSector',
  'notInvited',
  'addressTaken',
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
      problem={ssoRefusal && t(`signIn.ssoProblem.${SSO_REFUSALS.has(ssoRefusal) ? ssoRefusal : 'failed'}`)}
      other={
        <>
          <WithoutTls />
          {options?.sso && (
            <a className={styles.sso} href={new URL('api/v1/sessions/sso', base).href}>
              {t('signIn.sso', { name: options.sso.name })}
            </a>
          )}
          {options?.mail && (
            <a className={styles.other} href="#/password">
              {t('signIn.forgotten')}
            </a>
          )}
        </>
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
