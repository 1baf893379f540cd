import { useTranslation } from 'react-i18next';
import { Refused } from '../app/ask.ts';
import styles from './Desk.module.css';
import states from './Message.module.css';
import { SkeletonPart } from './Skeleton.tsx';

/** In place of figures that could not be had: why, and what helps. */
export function Message({ error, again }: { error: Error; again(): void }) {
  const { t } = useTranslation();
  const issue = error instanceof Refused ? error.issues[0] : undefined;
  const kind = !(error instanceof Refused)
    ? 'away'
    : error.code === 'database_unavailable'
      ? 'database'
      : error.code === 'forbidden'
        ? 'forbidden'
        : issue
          ? 'refused'
          : 'failed';
  return (
    <div className={states.message} role="alert">
      <h2>{t(`desk.error.${kind}`)}</h2>
      <p>
        {issue
          ? t('desk.error.because', { path: issue.path, message: issue.message })
          : t(`desk.error.${kind}Remedy`)}
      </p>
      {kind === 'refused' ? (
        <a href="#/performance">{t('desk.error.usual')}</a>
      ) : (
        <button type="button" className={styles.button} onClick={again}>
          {t('desk.error.again')}
        </button>
      )}
    </div>
  );
}

/** In place of rows that are not here yet, or could not be had. */
export function Pending({ error, again }: { error: Error | null; again(): void }) {
  const { t } = useTranslation();
  if (error !== null) return <Message error={error} again={again} />;
  return (
    <div role="status" aria-busy="true">
      <span className="visually-hidden">{t('desk.loading')}</span>
      <SkeletonPart part="table" />
    </div>
  );
}
