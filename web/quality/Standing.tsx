import { useTranslation } from 'react-i18next';
import { criteriaOf } from '../../shared/contract/qualityAnswers.ts';
import type { FormContent } from '../../shared/contract/qualityForms.ts';
import { written } from '../desk/measures.ts';
import { Mark } from '../ui/Mark.tsx';
import type { standingOf } from './draft.ts';
import styles from './Review.module.css';

interface StandingProps {
  standing: ReturnType<typeof standingOf>;
  form: Pick<FormContent, 'sections' | 'passMark'>;
}

/** What the answers so far come to. */
export function Standing({ standing, form }: StandingProps) {
  const { t } = useTranslation();
  const { score, isPassed, failedCritical, missing } = standing;
  const count = criteriaOf(form).length;
  return (
    <div className={styles.standing} data-failed={failedCritical.length > 0}>
      <p className={styles.score}>{written(score, 'decimal')}</p>
      <p>
        {failedCritical.length > 0 ? (
          <>
            <Mark shape="square" /> {t('quality.draft.critical')}
          </>
        ) : isPassed === null ? (
          t('quality.draft.nothing')
        ) : (
          <>
            <Mark shape={isPassed ? 'check' : 'triangle'} />{' '}
            {t(isPassed ? 'quality.draft.passes' : 'quality.draft.fails', { mark: form.passMark })}
          </>
        )}
      </p>
      <p className={styles.quiet}>
        {t('quality.draft.answered', { answered: count - missing.length, count })}
      </p>
    </div>
  );
}
