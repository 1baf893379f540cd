import { useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import { formatCount } from '../ui/format.ts';
import styles from './CallsPage.module.css';
import { CallsTable } from './CallsTable.tsx';
import { type CallsView, callsAddressOf, callsQueryOf, hasDays, OUTCOMES } from './callsView.ts';
import desk from './Desk.module.css';
import { useAnswer } from './desk.ts';
import { ListPage } from './ListPage.tsx';
import { Message, Pending } from './Message.tsx';
import { More } from './More.tsx';
import { levelOf, targetOf, written, writtenTarget } from './measures.ts';
import type { Place } from './Page.tsx';
import { SaveList } from './SaveList.tsx';
import { Stated } from './Stated.tsx';
import { targetsOf } from './targets.ts';
import { usePages } from './usePages.ts';
import { parametersOf } from './useView.ts';

const PAGE = 100;

/** The calls behind some figures: of a quarter of an hour, or of days, or those a figure counted. */
export function CallsPage({ query, ...place }: Place & { query: string }) {
  const { t } = useTranslation();
  return (
    <ListPage title={t('desk.calls.title')} query={query} {...place}>
      {(asked, known) => (
        <>
          {'from' in asked.period && <StepFigures asked={asked} known={known} />}
          <Calls key={query} asked={asked} known={known} />
        </>
      )}
    </ListPage>
  );
}

const SHOWN = ['serviceLevel', 'offered', 'answered', 'abandoned', 'asaMs', 'ahtMs', 'occupancy'] as const;
const HOUR_MS = 3_600_000;

/** The figures of the one interval or hour these calls are of; nothing where they are of several. */
function StepFigures({ asked, known }: { asked: CallsView; known: LiveMetrics }) {
  const { t } = useTranslation();
  const { period, view } = asked;
  const days = view.range;
  const lengthMs = 'from' in period ? Date.parse(period.to) - Date.parse(period.from) : 0;
  const parameters = parametersOf(view, days, { rules: true, zone: true });
  parameters.set('groupBy', lengthMs === HOUR_MS ? 'hour' : 'interval');
  const { data } = useAnswer('analytics/performance/trends', parameters, {
    isWanted: lengthMs <= HOUR_MS && days.startDate === days.endDate,
  });
  const row = data?.data.find(
    ({ start, end }) => 'from' in period && start === period.from && end === period.to,
  );
  if (!row) return null;
  const targets = targetsOf(view, known);
  return (
    <dl className={styles.figures} aria-label={t('desk.headlines')}>
      {SHOWN.map((metric) => {
        const target = targetOf(metric, targets);
        return (
          <div key={metric}>
            <dt>{t(`desk.metric.${metric}`)}</dt>
            <dd>
              <Stated
                metric={metric}
                value={row[metric]}
                level={levelOf(metric, row, targets)}
                isLowSample={row.lowSample.includes(metric)}
              />
            </dd>
            <dd className={styles.wanted}>
              {target !== null && metric === 'serviceLevel'
                ? t('desk.wanted', { target: writtenTarget(metric, target) })
                : t(`desk.unit.${metric}`)}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Calls({ asked, known }: { asked: CallsView; known: LiveMetrics }) {
  const { t } = useTranslation();
  const id = useId();
  const table = useRef<HTMLDivElement>(null);
  const parameters = callsQueryOf(asked);
  const { rows: visits, error, again, more, isBusy } = usePages('calls', parameters, PAGE);
  const { agent } = asked.view;
  const waited = asked.minWaitMs !== null || asked.maxWaitMs !== null;
  const went = asked.transferredTo.map(
    (id) => known.queues.find(({ queueId }) => queueId === id)?.name ?? id,
  );
  const isPart =
    asked.counted.length + asked.notCounted.length > 0 || agent !== null || waited || went.length > 0;
  return (
    <section className={desk.panel} aria-label={t('desk.calls.title')}>
      <div className={desk.panelHead}>
        <h2>
          {asked.counted.length === 0
            ? t('desk.calls.all')
            : t('desk.calls.counted', {
                name: asked.counted
                  .map((name) => t(`desk.metric.${name}`, { defaultValue: name }))
                  .join(', '),
              })}
        </h2>
        <p className={desk.readout} data-idle="true">
          {agent !== null && `${t('desk.calls.answeredBy', { agent: visits?.[0]?.agentName ?? agent })} `}
          {went.length > 0 && `${t('desk.calls.went', { queue: went.join(', ') })} `}
          {waited &&
            `${t(asked.maxWaitMs === null ? 'desk.calls.waitedLonger' : 'desk.calls.waited', {
              from: written(asked.minWaitMs === null ? 0 : asked.minWaitMs - 1, 'duration'),
              to: written(asked.maxWaitMs, 'duration'),
            })} `}
          {visits &&
            visits.length > 0 &&
            t(more ? 'desk.calls.first' : 'desk.calls.count', {
              count: visits.length,
              figure: formatCount(visits.length),
            })}
        </p>
        {isPart && (
          <a
            className={desk.button}
            href={callsAddressOf({
              ...{
                ...asked,
                counted: [],
                notCounted: [],
                transferredTo: [],
                minWaitMs: null,
                maxWaitMs: null,
              },
              view: { ...asked.view, agent: null },
            })}
          >
            {t('desk.calls.showAll')}
          </a>
        )}
        <div className={styles.filter}>
          <label htmlFor={id}>{t('desk.calls.outcome')}</label>
          <select
            id={id}
            className={styles.select}
            value={asked.outcome ?? ''}
            onChange={({ target }) => {
              const outcome = OUTCOMES.find((one) => one === target.value) ?? null;
              location.hash = callsAddressOf({ ...asked, outcome });
            }}
          >
            <option value="">{t('desk.calls.any')}</option>
            {OUTCOMES.map((outcome) => (
              <option key={outcome} value={outcome}>
                {t(`desk.ended.${outcome}`)}
              </option>
            ))}
          </select>
        </div>
        {visits && visits.length > 0 && <SaveList path="calls" parameters={parameters} />}
      </div>
      {error !== null && <Message error={error} again={again} />}
      {error === null && !visits && <Pending error={null} again={again} />}
      {visits?.length === 0 && <p className={desk.quiet}>{t('desk.calls.none')}</p>}
      {visits && visits.length > 0 && (
        <CallsTable
          visits={visits}
          hasDays={hasDays(asked.view)}
          timeZone={asked.view.timeZone}
          table={table}
        />
      )}
      <More more={more} isBusy={isBusy} list={table} />
    </section>
  );
}
