import { useTranslation } from 'react-i18next';
import styles from './Settings.module.css';

/** In place of what is not there yet, or could not be had. */
export function Notice({ hasFailed, again }: { hasFailed: boolean; again(): void }) {
  const { t } = useTranslation();
  if (!hasFailed) return <p className={styles.notice}>{t('settings.loading')}</p>;
  return (
    <div className={styles.notice} role="alert">
      <p>{t('settings.away')}</p>
      <button type="button" className={styles.button} onClick={again}>
        {t('settings.again')}
      </button>
    </div>
  );
}
