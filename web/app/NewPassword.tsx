import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LookedAtReset } from '../../shared/contract/people.ts';
import { ask } from './ask.ts';
import { Door, DoorNotice } from './Door.tsx';
import { LinkNotice } from './LinkNotice.tsx';
import { NewPasswordField, OwnEmail } from './linkFields.tsx';
import { linkProblem } from './linkProblem.ts';
import styles from './SignIn.module.css';
import { useLink } from './useLink.ts';

/** What the link of a password reset leads to. */
export function NewPassword({ base, token }: { base: URL; token: string }) {
  const { t } = useTranslation();
  const { link, again } = useLink<LookedAtReset>(base, 'password-resets/look', token);
  const [isDone, setDone] = useState(false);
  if (isDone) {
    return (
      <DoorNotice title={t('link.resetDoneTitle')}>
        <p className={styles.lead} role="status">
          {t('link.resetDone')}
        </p>
        <a className={styles.submit} href="#/">
          {t('signIn.submit')}
        </a>
      </DoorNotice>
    );
  }
  if (link.name !== 'found') return <LinkNotice state={link.name} again={again} />;

  const work = async (fields: FormData): Promise<void> => {
    await ask(base, 'POST', 'password-resets/use', { body: { token, password: fields.get('password') } });
    setDone(true);
  };

  return (
    <Door
      title={t('link.resetTitle')}
      lead={t('link.reset')}
      submit={t('link.resetSubmit')}
      busy={t('link.resetBusy')}
      work={work}
      explain={linkProblem}
    >
      <OwnEmail email={link.value.email} />
      <NewPasswordField />
    </Door>
  );
}
