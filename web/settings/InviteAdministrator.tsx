import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FirstAdministrator } from '../../shared/contract/platform.ts';
import own from './Access.module.css';
import { AdministratorFields, administratorOf } from './AdministratorFields.tsx';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';

interface InviteAdministratorProps {
  /** Of the call centre. */
  name: string;
  /** Who was invited before: the same person once more, unless another is named. */
  former: FirstAdministrator | null;
  invite(administrator: FirstAdministrator): Promise<void>;
}

/** Another link for a call centre nobody has come into yet. */
export function InviteAdministrator({ name, former, invite }: InviteAdministratorProps) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const { problem, attempt } = useAttempt();

  if (!isAsked) {
    return (
      <button
        type="button"
        className={styles.button}
        aria-label={t('settings.centres.inviteNamed', { name })}
        onClick={() => setAsked(true)}
      >
        {t('settings.centres.invite')}
      </button>
    );
  }
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const administrator = administratorOf(new FormData(event.currentTarget));
    if (await attempt(() => invite(administrator))) setAsked(false);
  };
  return (
    <form className={`${styles.form} ${own.whole}`} onSubmit={(event) => void submit(event)}>
      <AdministratorFields former={former} />
      {former && <p className={own.hint}>{t('settings.centres.inviteHint')}</p>}
      <p className={styles.problem} role="alert">
        {problem}
      </p>
      <div className={styles.asked}>
        <button
          type="submit"
          className={styles.button}
          data-kind="main"
          aria-label={t('settings.centres.inviteNamed', { name })}
        >
          {t('settings.centres.invite')}
        </button>
        <button type="button" className={styles.button} onClick={() => setAsked(false)}>
          {t('settings.centres.cancel')}
        </button>
      </div>
    </form>
  );
}
