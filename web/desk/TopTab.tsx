import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../ui/format.ts';
import desk from './Desk.module.css';
import { useAnswer } from './desk.ts';
import { ExplainRow } from './Explain.tsx';
import { Pending } from './Message.tsx';
import { kindOfMetric } from './measures.ts';
import { Segments } from './Segments.tsx';
import { Stated } from './Stated.tsx';
import type { TabProps } from './Tabs.tsx';
import styles from './TopTab.module.css';
import { parametersOf } from './useView.ts';
import { addressOf, explaining, withoutRow } from './view.ts';

/** By what agents are ranked here; the API ranks by more. */
const RANKED = [
  'answered',
  'handled',
  'ahtMs',
  'averageTalkMs',
  'averageWrapUpMs',
  'asaMs',
  'missedRings',
  'transferRate',
  'occupancy',
  'utilisation',
  'signedInMs',
  'pausedMs',
] as const;

const SHOWN = 15;

/** Agents by one metric: those at the top, or those who need help. What is better is the metric's own. */
export function TopTab({ view, days, isMoving }: TabProps) {
  const { t } = useTranslation();
  const id = useId();
  const metric = RANKED.find((one) => one === view.sort?.column) ?? 'answered';
  // In the address the order is the sign of what is sorted by.
  const isWorst = view.sort?.isDescending ?? false;
  const parameters = parametersOf(view, days, { zone: true });
  parameters.set('metric', metric);
  parameters.set('order', isWorst ? 'worst' : 'best');
  parameters.set('limit', String(SHOWN));
  const { data, error, refetch } = useAnswer('analytics/performance/top', parameters, { isMoving });
  const rows = data?.data ?? [];
  const most = Math.max(0, ...rows.map((row) => row[metric] ?? 0));
  const explained = explaining(view);
  const left = data?.meta.belowMinimum ?? 0;
  return (
    <>
      <div className={styles.head}>
        <label htmlFor={id}>{t('desk.top.by')}</label>
        <select
          id={id}
          value={metric}
          onChange={({ target }) => {
            location.hash = addressOf({
              ...withoutRow(view),
              sort: { column: target.value, isDescending: isWorst },
            });
          }}
        >
          {RANKED.map((one) => (
            <option key={one} value={one}>
              {t(`desk.metric.${one}`)}
            </option>
          ))}
        </select>
        <Segments
          name={t('desk.top.order')}
          choices={[false, true]}
          chosen={isWorst}
          hrefOf={(worst) => addressOf({ ...view, sort: { column: metric, isDescending: worst } })}
          textOf={(worst) => t(worst ? 'desk.top.worst' : 'desk.top.best')}
        />
      </div>
      {!data && <Pending error={error} again={() => void refetch()} />}
      {data && rows.length === 0 && <p className={desk.quiet}>{t('desk.top.nobody')}</p>}
      {data && (
        <ExplainRow
          view={view}
          template={data.meta.explain}
          rows={rows}
          idOf={({ agentId }) => agentId}
          nameOf={({ name }) => name}
          isMoving={isMoving}
        />
      )}
      <ol className={styles.list} data-kind={kindOfMetric(metric)}>
        {rows.map((row) => (
          <li key={row.agentId}>
            <span className={styles.rank}>{row.rank}</span>
            <a
              href={addressOf({ ...withoutRow(view), tab: 'agents', agent: row.agentId, sort: null })}
              dir="auto"
            >
              {row.name}
            </a>
            <span className={styles.track} aria-hidden="true">
              <span style={{ '--share': most > 0 ? (row[metric] ?? 0) / most : 0 }} />
            </span>
            <Stated
              metric={metric}
              value={row[metric]}
              isLowSample={row.lowSample.includes(metric)}
              explained={explained(metric, row.agentId)}
            />
          </li>
        ))}
      </ol>
      {left > 0 && (
        <p className={desk.quiet}>
          {t('desk.top.left', {
            count: left,
            figure: formatCount(left),
            minimum: data?.meta.minimumSample ?? 0,
          })}
        </p>
      )}
    </>
  );
}
