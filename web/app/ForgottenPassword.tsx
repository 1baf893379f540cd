import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from './ask.ts';
import { Door, DoorField, DoorNotice } from './Door.tsx';
import { linkProblem } from './linkProblem.ts';
import styles from './SignIn.module.css';

/** Asks for a link by mail. Whether there is such an account is nobody's to learn here. */
export function ForgottenPassword({ base }: { base: URL }) {
  const { t } = useTranslation();
  const [askedFor, setAskedFor] = useState<string | null>(null);
  const back = (
    <a className={styles.other} href="#/">
      {t('link.toSignIn')}
    </a>
  );
  if (askedFor !== null) {
    return (
      <DoorNotice title={t('link.askedTitle')}>
        <p className={styles.lead} role="status">
          {t('link.asked', { email: askedFor })}
        </p>
        {back}
      </DoorNotice>
    );
  }
  const work = async (fields: FormData): Promise<void> => {
    const email = String(fields.get('email')).trim();
    await ask(base, 'POST', 'password-resets', { body: { email } });
    setAskedFor(email);
  };
  return (
    <Door
      title={t('link.forgottenTitle')}
      lead={t('link.forgotten')}
      submit={t('link.askSubmit')}
      busy={t('link.askBusy')}
      work={work}
      explain={linkProblem}
      other={back}
    >
      <DoorField label={t('signIn.email')} name="email" type="email" autoComplete="username" hasFocus />
    </Door>
  );
}
