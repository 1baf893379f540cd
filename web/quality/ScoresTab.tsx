import { type RefObject, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScoreRow } from '../../shared/contract/qualityScores.ts';
import styles from '../desk/Desk.module.css';
import { useDesk } from '../desk/desk.ts';
import { Pending } from '../desk/Message.tsx';
import { More } from '../desk/More.tsx';
import { SaveList } from '../desk/SaveList.tsx';
import { Stated } from '../desk/Stated.tsx';
import { usePages } from '../desk/usePages.ts';
import { formatCount, formatDateTime } from '../ui/format.ts';
import list from './List.module.css';
import { ListTable } from './ListTable.tsx';
import { SCORE_STATE_NAMES } from './names.ts';
import type { QualityTabProps } from './QualityTabs.tsx';
import { type QualityView, qualityAddressOf, qualityParametersOf } from './qualityView.ts';

const PAGE = 100;

/** Single scores, those of the newest calls first; drafts are one's own. */
export function ScoresTab({ view, days, figures }: QualityTabProps) {
  const { t } = useTranslation();
  const parameters = qualityParametersOf(view, days);
  if (view.state !== null) parameters.set('state', view.state);
  if (view.critical) parameters.set('critical', 'true');
  for (const name of ['counted', 'notCounted'] as const)
    for (const count of view[name]) parameters.append(name, count);
  const isPart = view.counted.length + view.notCounted.length > 0;
  const named = (counts: QualityView['counted']): string =>
    counts.map((count) => t(`quality.counts.${count}`)).join(', ');
  const table = useRef<HTMLDivElement>(null);
  const { rows, error, again, more, isBusy } = usePages('analytics/quality/scores', parameters, PAGE);
  const at = (change: Partial<typeof view>): string =>
    qualityAddressOf({ ...view, state: null, critical: false, counted: [], notCounted: [], ...change });
  return (
    <>
      <div className={`${list.line} ${list.choices}`}>
        <nav className={`${styles.segments} ${list.states}`} aria-label={t('quality.state.name')}>
          <a
            href={at({})}
            aria-current={view.state === null && !view.critical && !isPart ? 'true' : undefined}
          >
            {t('desk.all')} {formatCount(figures.reviews)}
          </a>
          {SCORE_STATE_NAMES.map((state) => (
            <a key={state} href={at({ state })} aria-current={view.state === state ? 'true' : undefined}>
              {state === 'draft'
                ? t('quality.state.ownDrafts')
                : `${t(`quality.state.${state}`)} ${formatCount(figures.states[state])}`}
            </a>
          ))}
          <a href={at({ critical: true })} aria-current={view.critical ? 'true' : undefined}>
            {t('quality.failedCritical')}
          </a>
        </nav>
        {rows && rows.length > 0 && <SaveList path="analytics/quality/scores" parameters={parameters} />}
      </div>
      {isPart && (
        <p className={styles.quiet}>
          {t(view.notCounted.length === 0 ? 'quality.scores.counted' : 'quality.scores.countedBut', {
            counted: named(view.counted),
            but: named(view.notCounted),
          })}{' '}
          <a href={at({})}>{t('desk.all')}</a>
        </p>
      )}
      {!rows && <Pending error={error} again={again} />}
      {rows?.length === 0 && (
        <p className={styles.quiet}>
          {t(view.state === 'draft' ? 'quality.scores.noDraft' : 'quality.scores.none')}
        </p>
      )}
      {rows && rows.length > 0 && <ScoresTable rows={rows} table={table} />}
      <More more={more} isBusy={isBusy} list={table} />
    </>
  );
}

const COLUMNS = ['called', 'agent', 'score', 'state', 'form', 'reviewer', 'queue'] as const;

interface ScoresTableProps {
  rows: readonly ScoreRow[];
  /** Its place on the page. */
  table: RefObject<HTMLDivElement | null>;
}

function ScoresTable({ rows, table }: ScoresTableProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  return (
    <ListTable at={table} name={t('quality.tab.scores')} columns={COLUMNS}>
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            <a href={`#/quality/scores/${row.id}`}>
              {formatDateTime(Date.parse(row.calledAt), calendar.timeZone)}
            </a>
          </th>
          <td dir="auto">{row.agentName ?? t('quality.nobody')}</td>
          <td data-column="score">
            <Stated
              metric="qualityScore"
              value={row.score}
              level={row.failedCritical.length > 0 ? 'critical' : row.isPassed === false ? 'warning' : 'calm'}
            />
          </td>
          <td>{t(`quality.state.${row.state}`)}</td>
          <td dir="auto">
            {row.formName}
            {row.formVersion !== null && (
              <span className={list.aside}>{t('quality.versionShort', { version: row.formVersion })}</span>
            )}
          </td>
          <td dir="auto">{row.reviewer}</td>
          <td dir="auto">{row.queueName ?? (row.isCallKnown ? '' : t('quality.unknownCall'))}</td>
        </tr>
      ))}
    </ListTable>
  );
}
