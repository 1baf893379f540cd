import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { criteriaOf } from '../../shared/contract/qualityAnswers.ts';
import type { FormVersion } from '../../shared/contract/qualityForms.ts';
import type { ScoreDetail } from '../../shared/contract/qualityScores.ts';
import desk from '../desk/Desk.module.css';
import { useDesk } from '../desk/desk.ts';
import { written } from '../desk/measures.ts';
import { formatDateTime } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import { CallFacts } from './CallFacts.tsx';
import list from './List.module.css';
import styles from './Review.module.css';
import { ScoreActions } from './ScoreActions.tsx';
import own from './ScoreShown.module.css';

interface ScoreShownProps {
  score: ScoreDetail;
  /** Undefined where it was made on none of ours. */
  form: FormVersion | undefined;
  title: RefObject<HTMLHeadingElement | null>;
}

/** A score that is signed: what was given and why, what the agent said to it, and what can still be done. */
export function ScoreShown({ score, form, title }: ScoreShownProps) {
  const { t } = useTranslation();
  const { calendar, may } = useDesk();
  const at = (instant: string): string => formatDateTime(Date.parse(instant), calendar.timeZone);
  const isCritical = score.failedCritical.length > 0;
  return (
    <div className={styles.shown}>
      <header className={styles.head}>
        <h1 dir="auto" ref={title} tabIndex={-1}>
          {t('quality.score.of', { agent: score.agentName ?? t('quality.nobody') })}
        </h1>
        <CallFacts score={score} />
      </header>
      <section className={desk.panel} aria-label={t('desk.metric.qualityScore')}>
        <div className={styles.standing} data-failed={isCritical}>
          <p className={styles.score}>{written(score.score, 'decimal')}</p>
          <p>
            {isCritical ? (
              <>
                <Mark shape="square" /> {t('quality.draft.critical')}
              </>
            ) : score.isPassed === null ? (
              t('quality.score.noMark')
            ) : (
              <>
                <Mark shape={score.isPassed ? 'check' : 'triangle'} />{' '}
                {t(score.isPassed ? 'quality.draft.passes' : 'quality.draft.fails', { mark: score.passMark })}
              </>
            )}
          </p>
          <p className={styles.quiet}>{t(`quality.state.${score.state}`)}</p>
        </div>
        <ol className={own.history} aria-label={t('quality.score.history')}>
          {score.signedAt !== null && (
            <Step
              what={t('quality.score.signed', { who: score.reviewer, when: at(score.signedAt) })}
              comment={score.comment}
            />
          )}
          {(['acknowledged', 'disputed', 'resolved'] as const).map((step) => {
            const said = score[step];
            return (
              said && (
                <Step
                  key={step}
                  what={t(`quality.score.${step}`, { who: said.by, when: at(said.at) })}
                  comment={said.comment}
                />
              )
            );
          })}
        </ol>
        {score.original !== null && (
          <p className={`${styles.quiet} ${own.before}`}>
            {t('quality.score.before', { score: written(score.original.score, 'decimal') })}
          </p>
        )}
      </section>
      <ScoreActions score={score} form={form} />
      {form && score.answers.length > 0 && <Given score={score} form={form} />}
      {may('quality:score') && (
        <p className={styles.actions}>
          <a className={desk.button} href="#/quality?tab=sample">
            {t('quality.score.next')}
          </a>
        </p>
      )}
    </div>
  );
}

function Step({ what, comment }: { what: string; comment: string }) {
  return (
    <li>
      <p>{what}</p>
      {comment !== '' && (
        <blockquote className={own.said} dir="auto">
          {comment}
        </blockquote>
      )}
    </li>
  );
}

/** What was given, criterion by criterion, beside what had been given before a resolution. */
function Given({ score, form }: { score: ScoreDetail; form: FormVersion }) {
  const { t } = useTranslation();
  const given = new Map(score.answers.map((answer) => [answer.criterionId, answer]));
  const before = new Map(score.original?.answers.map((answer) => [answer.criterionId, answer]));
  const said = (points: number | null | undefined, possible: number): string =>
    points === undefined
      ? '–'
      : points === null
        ? t('quality.notApplicableShort')
        : t('quality.score.points', { points, possible });
  return (
    <section className={desk.panel} aria-label={t('quality.score.given')}>
      <div className={desk.panelHead}>
        <h2>{t('quality.score.given')}</h2>
      </div>
      <div className={list.scroll}>
        <table className={`${list.table} ${own.given}`}>
          <thead>
            <tr>
              <th scope="col">{t('quality.first.criterion')}</th>
              <th scope="col" data-column="score">
                {t('quality.column.points')}
              </th>
              {score.original && (
                <th scope="col" data-column="score">
                  {t('quality.column.before')}
                </th>
              )}
              <th scope="col">{t('quality.column.comment')}</th>
            </tr>
          </thead>
          <tbody>
            {criteriaOf(form).map(({ id, name, possible, critical }) => {
              const isFailed = score.failedCritical.includes(id);
              const isChanged = before.get(id)?.points !== given.get(id)?.points;
              return (
                <tr key={id} data-failed={isFailed}>
                  <th scope="row" dir="auto">
                    {name}
                    {critical && <span className={list.aside}>{t('quality.critical')}</span>}
                  </th>
                  <td data-column="score">
                    {isFailed && <Mark shape="square" />} {said(given.get(id)?.points, possible)}
                  </td>
                  {score.original && (
                    <td data-column="score">{isChanged && said(before.get(id)?.points, possible)}</td>
                  )}
                  <td className={own.comment} dir="auto">
                    {given.get(id)?.comment}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
