import { useTranslation } from 'react-i18next';
import styles from './Desk.module.css';
import states from './Message.module.css';

const PARTS = ['headlines', 'chart', 'table'] as const;

/** In the place and size of figures that are on their way. */
export function Skeleton() {
  const { t } = useTranslation();
  return (
    <div className={styles.figures} aria-busy="true" role="status">
      <span className="visually-hidden">{t('desk.loading')}</span>
      {PARTS.map((part) => (
        <SkeletonPart key={part} part={part} />
      ))}
    </div>
  );
}

export function SkeletonPart({ part }: { part: (typeof PARTS)[number] }) {
  return <div className={states.skeleton} data-part={part} />;
}
