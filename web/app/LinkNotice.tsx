import { useTranslation } from 'react-i18next';
import { DoorNotice } from './Door.tsx';
import styles from './SignIn.module.css';

interface LinkNoticeProps {
  state: 'loading' | 'ended' | 'unreachable';
  again(): void;
}

/** In place of what a link leads to. */
export function LinkNotice({ state, again }: LinkNoticeProps) {
  const { t } = useTranslation();
  if (state === 'loading') {
    return (
      <DoorNotice title={t('app.title')}>
        <p role="status">{t('link.loading')}</p>
      </DoorNotice>
    );
  }
  return (
    <DoorNotice title={t(`link.${state}Title`)}>
      <p className={styles.lead} role="alert">
        {t(`link.${state}`)}
      </p>
      {state === 'unreachable' && (
        <button type="button" className={styles.submit} onClick={again}>
          {t('link.again')}
        </button>
      )}
      <a className={styles.other} href="#/">
        {t('link.toSignIn')}
      </a>
    </DoorNotice>
  );
}
