import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import desk from '../desk/Desk.module.css';
import { written } from '../desk/measures.ts';
import { Mark } from '../ui/Mark.tsx';
import styles from './Review.module.css';
import type { Saving } from './saver.ts';
import { useWriting } from './useWriting.ts';

interface SavingLineProps {
  saving: Saving;
  onKeep(): void;
  onTake(): void;
}

/** Whether the server has what is written; where it was changed elsewhere meanwhile, which of the two it is to be. */
export function SavingLine({ saving, onKeep, onTake }: SavingLineProps) {
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
      {name === 'failed' && <Mark shape="triangle" />} {t(`quality.saving.${name}`)}{' '}
      {name === 'failed' && (reason || t('quality.unreachable'))}
    </p>
  );
}

/** Throwing a draft away cannot be taken back: asks once more. */
export function Discard({ act }: { act(): Promise<void> }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const { problem, isBusy, attempt } = useWriting();
  if (!isAsked)
    return (
      <button type="button" className={styles.plain} onClick={() => setAsked(true)}>
        {t('quality.draft.discard')}
      </button>
    );
  return (
    <div className={styles.asked}>
      <p role="alert">{problem ?? t('quality.draft.discardAsk')}</p>
      <button type="button" className={styles.danger} disabled={isBusy} onClick={() => void attempt(act)}>
        {t('quality.draft.discard')}
      </button>
      <button type="button" className={desk.button} onClick={() => setAsked(false)}>
        {t('quality.draft.goOn')}
      </button>
    </div>
  );
}
