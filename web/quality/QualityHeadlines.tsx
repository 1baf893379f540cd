import { useTranslation } from 'react-i18next';
import type { QualitySummary } from '../../shared/contract/quality.ts';
import type { Level } from '../board/TileFrame.tsx';
import { useDesk } from '../desk/desk.ts';
import { HeadlineFigure } from '../desk/HeadlineFigure.tsx';
import styles from '../desk/Headlines.module.css';
import { changeOf, kindOfMetric, written } from '../desk/measures.ts';
import type { Days } from '../desk/presets.ts';
import { titleOf } from '../desk/RangeControl.tsx';
import { explaining } from '../desk/view.ts';
import { useAddressOf } from '../desk/where.ts';
import { levelOfTarget } from '../tiles/levels.ts';
import { formatCount } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import type { QualityAnswers } from './answers.ts';
import { QUALITY_METRICS, type QualityView, qualityAddressOf } from './qualityView.ts';

interface QualityHeadlinesProps {
  view: QualityView;
  figures: QualitySummary;
  /** [V5]; undefined until it is here. */
  completion: QualityAnswers['analytics/quality/completion'] | undefined;
  completionBefore: QualityAnswers['analytics/quality/completion'] | undefined;
  comparedTo: Days | undefined;
  /** The days are not over, and those they are compared with are. */
  isMoving: boolean;
}

const SHOWN = [...QUALITY_METRICS, 'calibration'] as const;

/** What the reviews come to in a sentence, and the figures behind it; the one that is pressed is drawn below. */
export function QualityHeadlines({
  view,
  figures,
  completion,
  completionBefore,
  comparedTo,
  isMoving,
}: QualityHeadlinesProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const addressOf = useAddressOf();
  const { reviews, scored, reviewed, answered, criticalFailures, states } = figures;
  const target = completion?.meta.target ?? null;
  const values = { ...figures, completionRate: completion && rateOf(completion.data) };
  const before = {
    ...figures.previous,
    completionRate: completionBefore && rateOf(completionBefore.data),
  };
  // Said once, and not below every figure.
  const hasBefore = SHOWN.some((metric) => changeOf(metric, values[metric], before[metric]));
  const explained = explaining(view.desk, addressOf);
  const at = (change: Partial<QualityView>): string => qualityAddressOf({ ...view, ...change });
  const levelOf = (metric: (typeof SHOWN)[number]): Level =>
    metric === 'completionRate' && target !== null
      ? levelOfTarget(values.completionRate ?? null, target, 0, false)
      : 'calm';
  const meaning: Partial<Record<(typeof SHOWN)[number], string>> = {
    qualityScore: t('quality.meaning.qualityScore', { median: written(figures.medianScore, 'decimal') }),
    coverage: t('quality.meaning.coverage', {
      reviewed: formatCount(reviewed),
      answered: formatCount(answered),
    }),
    reviews: t('quality.meaning.reviews', { scored: formatCount(scored) }),
    calibration: t('quality.meaning.calibration', { count: figures.calibrationPairs }),
    completionRate:
      target === null
        ? t('quality.meaning.completionRate')
        : t('desk.wanted', { target: written(target, 'target') }),
  };
  return (
    <section className={styles.headlines} aria-label={t('desk.headlines')}>
      <p className={styles.verdict}>
        {reviews === 0 ? (
          <>
            <strong>{t('quality.verdict.none')}</strong>{' '}
            {t('quality.verdict.noneOf', { answered: formatCount(answered) })}{' '}
            <a href={at({ tab: 'sample' })}>{t('quality.verdict.begin')}</a>
          </>
        ) : (
          <>
            <strong>{t('quality.verdict.mean', { score: written(figures.qualityScore, 'decimal') })}</strong>{' '}
            {figures.passRate !== null &&
              t('quality.verdict.passed', {
                rate: written(figures.passRate, 'percent'),
                count: reviews,
              })}{' '}
            {figures.lowSample.includes('qualityScore') && t('quality.verdict.low')}
          </>
        )}
        {criticalFailures > 0 && (
          <span className={styles.worry} data-level="critical">
            <Mark shape="square" />{' '}
            <a href={at({ tab: 'scores', critical: true, state: null })}>
              {t('quality.verdict.critical', { count: criticalFailures })}
            </a>
          </span>
        )}
        {states.disputed > 0 && (
          <span className={styles.worry} data-level="warning">
            <Mark shape="triangle" />{' '}
            <a href={at({ tab: 'scores', state: 'disputed', critical: false })}>
              {t('quality.verdict.disputed', { count: states.disputed })}
            </a>
          </span>
        )}
      </p>
      <ul className={styles.figures}>
        {SHOWN.map((metric) => (
          <HeadlineFigure
            key={metric}
            metric={metric}
            value={values[metric]}
            before={hasBefore ? { value: before[metric] } : null}
            level={levelOf(metric)}
            isLowSample={figures.lowSample.includes(metric)}
            meaning={meaning[metric] ?? t(`quality.meaning.${metric}`, { kind: kindOfMetric(metric) })}
            href={metric === 'calibration' ? at({ tab: 'calibration' }) : at({ metric, criterion: null })}
            isCurrent={metric === view.metric && view.criterion === null}
            explained={explained(metric)}
          />
        ))}
      </ul>
      {comparedTo && (
        <p className={styles.against}>
          {t(hasBefore ? (isMoving ? 'desk.againstWhole' : 'desk.against') : 'desk.againstNothing', {
            days: titleOf(comparedTo, calendar.weekStart),
          })}
        </p>
      )}
    </section>
  );
}

/** Of all steps together. */
function rateOf(rows: readonly { completed: number; of: number }[]): number | null {
  const of = rows.reduce((sum, row) => sum + row.of, 0);
  return of === 0 ? null : rows.reduce((sum, row) => sum + row.completed, 0) / of;
}
