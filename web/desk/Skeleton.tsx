import { useTranslation } from 'react-i18next';
import styles from './Desk.module.css';
import states from './Message.module.css';

/** In the place and size of figures that are on their way. */
export function Skeleton() {
  const { t } = useTranslation();
  return (
    <div className={styles.figures} aria-busy="true" role="status">
      <span className="visually-hidden">{t('desk.loading')}</span>
      {(['headlines', 'chart', 'table'] as const).map((part) => (
        <div key={part} className={states.skeleton} data-part={part} />
      ))}
    </div>
  );
}
