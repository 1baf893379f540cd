import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Criterion } from '../../shared/contract/qualityForms.ts';
import styles from './Criterion.module.css';
import { choicesOf, isKeyed } from './draft.ts';
import review from './Review.module.css';

interface CriterionFieldProps {
  criterion: Criterion;
  points: number | null | undefined;
  comment: string;
  /** It has to be answered, and somebody has tried to go on without. */
  isMissing: boolean;
  onPoints(points: number | null | undefined): void;
  onComment(comment: string): void;
}

/** One criterion: what to listen for, what is given, and why. */
export function CriterionField(props: CriterionFieldProps) {
  const { criterion, points, comment, isMissing, onPoints, onComment } = props;
  const { t } = useTranslation();
  const id = useId();
  const { name, guidance, scale, possible, critical, allowNotApplicable } = criterion;
  return (
    <fieldset className={styles.criterion} data-criterion={criterion.id} data-missing={isMissing}>
      <legend>
        <span dir="auto">{name}</span>
        {critical && <span className={styles.critical}>{t('quality.critical')}</span>}
        {isMissing && <span className={styles.missing}>{t('quality.draft.missing')}</span>}
      </legend>
      {guidance !== '' && (
        <p className={review.guidance} dir="auto">
          {guidance}
        </p>
      )}
      <div className={styles.answer}>
        <div className={styles.choices}>
          {isKeyed(criterion) ? (
            choicesOf(criterion).map((choice) => (
              <label
                key={choice}
                data-choice={choice === null ? 'none' : choice === 0 && critical ? 'fail' : ''}
              >
                <input type="radio" name={id} checked={points === choice} onChange={() => onPoints(choice)} />
                <span>
                  {choice === null
                    ? t('quality.notApplicable')
                    : scale === 'yesNo'
                      ? t(choice === 0 ? 'quality.no' : 'quality.yes')
                      : choice}
                </span>
              </label>
            ))
          ) : (
            <>
              <label className={styles.typed}>
                <input
                  type="number"
                  min={0}
                  max={possible}
                  step={1}
                  disabled={points === null}
                  value={points ?? ''}
                  aria-label={t('quality.draft.pointsOf', { name, possible })}
                  onChange={({ target }) => {
                    const given = target.value === '' ? undefined : Number(target.value);
                    onPoints(given);
                  }}
                  aria-invalid={
                    typeof points === 'number' &&
                    (points < 0 || points > possible || !Number.isInteger(points))
                  }
                />
                <span>{t('quality.draft.of', { possible })}</span>
              </label>
              {allowNotApplicable && (
                <label data-choice="none">
                  <input
                    type="checkbox"
                    checked={points === null}
                    onChange={({ target }) => onPoints(target.checked ? null : undefined)}
                  />
                  <span>{t('quality.notApplicable')}</span>
                </label>
              )}
            </>
          )}
        </div>
        <textarea
          rows={1}
          maxLength={2_000}
          value={comment}
          dir="auto"
          aria-label={t('quality.draft.commentOf', { name })}
          placeholder={t('quality.draft.comment')}
          onChange={({ target }) => onComment(target.value)}
        />
      </div>
    </fieldset>
  );
}
