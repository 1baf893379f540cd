import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalibrationRow } from '../../shared/contract/quality.ts';
import styles from '../desk/Desk.module.css';
import { useDesk } from '../desk/desk.ts';
import { Pending } from '../desk/Message.tsx';
import { More } from '../desk/More.tsx';
import { written } from '../desk/measures.ts';
import { SaveList } from '../desk/SaveList.tsx';
import { Scroll } from '../desk/Scroll.tsx';
import { Stated } from '../desk/Stated.tsx';
import { usePages } from '../desk/usePages.ts';
import { formatCount, formatDateTime } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import list from './List.module.css';
import type { QualityTabProps } from './QualityTabs.tsx';
import { qualityParametersOf } from './qualityView.ts';

const PAGE = 20;
/** Reviewers so far apart about a criterion mean different things by it, as a share of its points. */
const APART = 0.5;

/** Calls that several have scored on one form, and about what they disagree. */
export function CalibrationTab({ view, days }: QualityTabProps) {
  const { t } = useTranslation();
  const parameters = qualityParametersOf(view, days);
  const cards = useRef<HTMLDivElement>(null);
  const { rows, meta, error, again, more, isBusy } = usePages(
    'analytics/quality/calibration',
    parameters,
    PAGE,
  );
  if (!rows || !meta) return <Pending error={error} again={again} />;
  if (rows.length === 0) return <p className={styles.quiet}>{t('quality.calibration.none')}</p>;
  return (
    <div className={list.stack}>
      <div className={list.line}>
        <p className={styles.quiet}>
          {t('quality.calibration.note', {
            difference: written(meta.calibration, 'decimal'),
            count: meta.pairs,
          })}
        </p>
        <SaveList path="analytics/quality/calibration" parameters={parameters} />
      </div>
      <div ref={cards} className={list.cards} tabIndex={-1}>
        {rows.map((row) => (
          <OneCall key={`${row.callId} ${row.agentId} ${row.formId}`} row={row} />
        ))}
      </div>
      <More more={more} isBusy={isBusy} list={cards} />
    </div>
  );
}

function OneCall({ row }: { row: CalibrationRow }) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const when = formatDateTime(Date.parse(row.calledAt), calendar.timeZone);
  const name = t('quality.calibration.call', { agent: row.agentName, when });
  return (
    <section className={list.card} aria-label={name}>
      <h3>
        <a href={`#/calls/${encodeURIComponent(row.callId)}`} dir="auto">
          {name}
        </a>
      </h3>
      <p className={styles.quiet}>
        {t('quality.calibration.apart', {
          form: row.formName,
          difference: written(row.difference, 'decimal'),
          spread: written(row.spread, 'decimal'),
          count: row.scores.length - 1,
        })}
      </p>
      <Scroll className={list.scroll} name={name}>
        <table className={list.table}>
          <thead>
            <tr>
              <th scope="col">{t('quality.first.criterion')}</th>
              {row.scores.map(({ scoreId, reviewer }) => (
                <th key={scoreId} scope="col" data-column="score">
                  <a href={`#/quality/scores/${scoreId}`} dir="auto">
                    {reviewer}
                  </a>
                </th>
              ))}
              <th scope="col" data-column="score">
                {t('quality.column.apart')}
              </th>
            </tr>
          </thead>
          <tbody>
            {row.criteria.map((criterion) => (
              <tr key={criterion.criterionId} data-apart={(criterion.difference ?? 0) >= APART}>
                <th scope="row" dir="auto">
                  {criterion.name}
                </th>
                {criterion.points.map((points, place) => (
                  <td key={row.scores[place]?.scoreId ?? place} data-column="score">
                    {points === null ? t('quality.notApplicableShort') : formatCount(points)}
                  </td>
                ))}
                <td data-column="score">
                  {(criterion.difference ?? 0) >= APART && (
                    <>
                      <Mark shape="triangle" />
                      <span className="visually-hidden">{t('quality.calibration.far')}</span>{' '}
                    </>
                  )}
                  {written(criterion.difference, 'percent')}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('desk.metric.qualityScore')}</th>
              {row.scores.map(({ scoreId, score }) => (
                <td key={scoreId} data-column="score">
                  <Stated metric="qualityScore" value={score} />
                </td>
              ))}
              <td data-column="score">{written(row.spread, 'decimal')}</td>
            </tr>
          </tfoot>
        </table>
      </Scroll>
    </section>
  );
}
