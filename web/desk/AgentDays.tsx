import { useTranslation } from 'react-i18next';
import type { AgentDay, AgentRow } from '../../shared/contract/analytics.ts';
import { formatDuration, formatLocalDate, formatTime } from '../ui/format.ts';
import styles from './AgentsTab.module.css';
import desk from './Desk.module.css';
import { lengthOf } from './days.ts';
import { useAnswer, useDesk } from './desk.ts';
import { into } from './drill.ts';
import { ExplainRow } from './Explain.tsx';
import { Pending } from './Message.tsx';
import type { Days } from './presets.ts';
import { Scroll } from './Scroll.tsx';
import { Stated } from './Stated.tsx';
import { TimeStrip } from './TimeBar.tsx';
import { addressOf, explaining, type View } from './view.ts';

/** As the API has it (shared/contract/analyticsQuery.ts). */
const DAYS_LIMIT = 92;
const METRICS = [
  'signedInMs',
  'answered',
  'ahtMs',
  'missedRings',
  'outbound',
  'outboundMs',
  'occupancy',
] as const;

interface AgentDaysProps {
  view: View;
  agent: AgentRow;
  days: Days;
  isMoving: boolean;
}

/** When an agent came and went on each day of the centre's own, how the day passed, and why he paused. */
export function AgentDays({ view, agent, days, isMoving }: AgentDaysProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const isTooLong = lengthOf(days.startDate, days.endDate) > DAYS_LIMIT;
  const parameters = new URLSearchParams({ startDate: days.startDate, endDate: days.endDate });
  const { data, error, refetch } = useAnswer('analytics/performance/agents/:id/days', parameters, {
    id: agent.agentId,
    isMoving,
    isWanted: !isTooLong,
  });
  if (isTooLong) return <p className={desk.quiet}>{t('desk.agent.tooLong')}</p>;
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const rows = data.data;
  const nameOfDay = ({ date }: AgentDay): string => formatLocalDate(date, 'day');
  const at = (instant: string): string => formatTime(Date.parse(instant), calendar.timeZone);
  const reasonsOf = (pauses: AgentDay['pauses']): string =>
    pauses.map(({ reason, ms }) => `${reason ?? t('desk.agent.noReason')} ${formatDuration(ms)}`).join(' · ');
  const all = pausesOf(rows);
  const explained = explaining(view);
  return (
    <>
      {all.length > 0 && (
        <p className={styles.pauses}>
          {t('desk.agent.pauses')} <strong dir="auto">{reasonsOf(all)}</strong>
        </p>
      )}
      <ExplainRow
        view={view}
        template={data.meta.explain}
        rows={rows}
        idOf={rowOfDay}
        nameOf={(row) => `${agent.name}, ${nameOfDay(row)}`}
        isMoving={isMoving}
      />
      {rows.length > 0 && (
        <Scroll className={styles.days} name={t('desk.agent.days')}>
          <table className={styles.queues} aria-label={t('desk.agent.days')}>
            <thead>
              <tr>
                <th scope="col">{t('desk.first.day')}</th>
                <th scope="col">{t('desk.agent.there')}</th>
                <th scope="col">{t('desk.agent.time')}</th>
                {METRICS.map((metric) => (
                  <th key={metric} scope="col">
                    {t(`desk.metric.${metric}`)}
                  </th>
                ))}
                <th scope="col">{t('desk.metric.pausedMs')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.date}>
                  <th scope="row">
                    <a
                      href={addressOf({
                        ...into(view, { startDate: row.date, endDate: row.date }),
                        tab: 'agents',
                        timeZone: null,
                      })}
                    >
                      {nameOfDay(row)}
                    </a>
                  </th>
                  <td>
                    {row.firstSignedInAt !== null &&
                      row.lastSignedInAt !== null &&
                      `${at(row.firstSignedInAt)} – ${at(row.lastSignedInAt)}`}
                  </td>
                  <td>
                    <TimeStrip times={row} />
                  </td>
                  {METRICS.map((metric) => (
                    <td key={metric}>
                      <Stated
                        metric={metric}
                        value={row[metric]}
                        isLowSample={row.lowSample.includes(metric)}
                        explained={explained(metric, rowOfDay(row))}
                      />
                    </td>
                  ))}
                  <td dir="auto">{reasonsOf(row.pauses)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}

/** Beside rows of agents and queues, which go by their ids. */
function rowOfDay({ date }: AgentDay): string {
  return `on ${date}`;
}

/** Of all days, the longest first. */
function pausesOf(rows: readonly AgentDay[]): AgentDay['pauses'] {
  const sums = new Map<string | null, number>();
  for (const { reason, ms } of rows.flatMap(({ pauses }) => pauses))
    sums.set(reason, (sums.get(reason) ?? 0) + ms);
  return [...sums].map(([reason, ms]) => ({ reason, ms })).sort((a, b) => b.ms - a.ms);
}
