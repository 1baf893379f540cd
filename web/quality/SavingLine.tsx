import { useTranslation } from 'react-i18next';
import desk from '../desk/Desk.module.css';
import { written } from '../desk/measures.ts';
import { Mark } from '../ui/Mark.tsx';
import styles from './Review.module.css';
import type { Saving } from './saver.ts';

interface SavingLineProps {
  saving: Saving;
  /** A comment cannot be kept before what it is on is answered. */
  isWaiting: boolean;
  onKeep(): void;
  onTake(): void;
}

/** Whether the server has what is written; where it was changed elsewhere meanwhile, which of the two it is to be. */
export function SavingLine({ saving, isWaiting, onKeep, onTake }: SavingLineProps) {
  const { t } = useTranslation();
  const { name, reason, current } = saving;
  if (name === 'conflict' && current !== null) {
    return (
      <div className={styles.conflict} role="alert">
        <p>
          <Mark shape="triangle" />{' '}
          {t(current.state === 'draft' ? 'quality.saving.conflict' : 'quality.saving.signed', {
            score: written(current.score, 'decimal'),
            count: current.answers.length,
          })}
        </p>
        {current.state === 'draft' && (
          <button type="button" className={desk.button} onClick={onKeep}>
            {t('quality.saving.keep')}
          </button>
        )}
        <button type="button" className={desk.button} onClick={onTake}>
          {t('quality.saving.take')}
        </button>
      </div>
    );
  }
  return (
    <p className={styles.quiet} role={name === 'failed' ? 'alert' : 'status'} data-saving={name}>
      {name === 'failed' && <Mark shape="triangle" />}{' '}
      {t(`quality.saving.${name === 'saved' && isWaiting ? 'commentWaits' : name}`)}{' '}
      {name === 'failed' && (reason || t('quality.unreachable'))}
    </p>
  );
}
