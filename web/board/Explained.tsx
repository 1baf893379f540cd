import { createContext, type ReactNode, use } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Explained.module.css';

/** Whether whoever looks may see how figures came about: a screen on a wall has nobody in front of it to ask. */
export const ExplainedContext = createContext(false);

interface ExplainedProps {
  /** A figure of today by its name in history, where today is counted the same [R1]. */
  metric: string;
  /** Of a queue alone; left out: of all in sight. */
  queueId?: string;
  children: ReactNode;
}

/** A figure of today that leads to how it came about, for those who may know. */
export function Explained({ metric, queueId, children }: ExplainedProps) {
  const { t } = useTranslation();
  if (!use(ExplainedContext)) return children;
  const parameters = new URLSearchParams({ range: 'today', explain: metric });
  if (queueId !== undefined) parameters.set('queue', queueId);
  return (
    <a className={styles.explained} href={`#/performance?${parameters}`} title={t('tile.explain')}>
      {children}
    </a>
  );
}
