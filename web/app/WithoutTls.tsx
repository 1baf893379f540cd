import { useTranslation } from 'react-i18next';
import styles from './SignIn.module.css';

/** A password typed here can be read by whoever is on the way, unless the way does not leave this machine. */
export function WithoutTls() {
  const { t } = useTranslation();
  const isLocal = /^(?:localhost|127\.|\[::1\]|.*\.localhost$)/.test(location.hostname);
  if (location.protocol !== 'http:' || isLocal) return null;
  return <p className={styles.warning}>{t('signIn.withoutTls')}</p>;
}
