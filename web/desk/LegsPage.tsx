import { useTranslation } from 'react-i18next';
import { LEG_COUNTS, type LegRow } from '../../shared/contract/legs.ts';
import { formatDateTime, formatDuration, formatTime } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import styles from './CallsPage.module.css';
import { Crumbs } from './Crumbs.tsx';
import { type CallsView, callsQueryOf, callsViewOf, hasDays, periodName } from './callsView.ts';
import desk from './Desk.module.css';
import { useDesk } from './desk.ts';
import { around, into } from './drill.ts';
import { Message, Pending } from './Message.tsx';
import { Page, type Place } from './Page.tsx';
import { titleOf } from './RangeControl.tsx';
import { Scroll } from './Scroll.tsx';
import { usePages } from './usePages.ts';
import { useKnown, useToday } from './useView.ts';
import { addressOf } from './view.ts';

const PAGE = 100;
const KINDS = Object.values(LEG_COUNTS);
type Kind = (typeof KINDS)[number];

/** The rings nobody took, or outbound calls, behind some figures: of the same days, queues and agent. */
export function LegsPage({ query, ...place }: Place & { query: string }) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const today = useToday();
  const { asked, problems } = callsViewOf(query, today, calendar);
  const parameters = new URLSearchParams(query);
  const kind = KINDS.find((one) => one === parameters.get('kind')) ?? 'missed';
  const isOfQueues = parameters.get('ofQueues') === 'true';
  const days = asked.view.range;
  return (
    <Page
      title={t(`desk.legs.title.${kind}`)}
      back={{
        href: addressOf(into(asked.view, days)),
        name: t('desk.calls.back', { days: titleOf(days, calendar.weekStart) }),
      }}
      {...place}
    >
      <Crumbs view={asked.view} wider={[...around(days, calendar.weekStart), days]} />
      <h1 className={styles.title}>{periodName(asked, calendar)}</h1>
      {problems.map((problem) => (
        <p key={`${problem.kind} ${problem.value}`} className={desk.note} role="status">
          <Mark shape="triangle" /> {t(`desk.problem.${problem.kind}`, { value: problem.value })}
        </p>
      ))}
      <Legs key={query} asked={asked} kind={kind} isOfQueues={isOfQueues} />
    </Page>
  );
}

function Legs({ asked, kind, isOfQueues }: { asked: CallsView; kind: Kind; isOfQueues: boolean }) {
  const { t } = useTranslation();
  const parameters = legsQueryOf(asked, kind, isOfQueues);
  const { rows, error, again, more, isBusy } = usePages('legs', parameters, PAGE);
  const { agent } = asked.view;
  return (
    <section className={desk.panel} aria-label={t(`desk.legs.title.${kind}`)}>
      <div className={desk.panelHead}>
        <h2>{t(`desk.legs.title.${kind}`)}</h2>
        <p className={desk.readout} data-idle="true">
          {agent !== null && `${t('desk.legs.of', { agent })} `}
          {isOfQueues && `${t('desk.legs.ofQueues')} `}
          {rows && t(more ? 'desk.legs.first' : 'desk.legs.count', { count: rows.length })}
        </p>
      </div>
      {error !== null && <Message error={error} again={again} />}
      {error === null && !rows && <Pending error={null} again={again} />}
      {rows?.length === 0 && <p className={desk.quiet}>{t('desk.legs.none')}</p>}
      {rows && rows.length > 0 && <LegsTable rows={rows} kind={kind} hasDays={hasDays(asked.view)} />}
      {more && (
        <button type="button" className={desk.button} disabled={isBusy} onClick={more}>
          {t('desk.calls.more')}
        </button>
      )}
    </section>
  );
}

/** What the API is asked: of the parameters of calls those that it takes of legs. */
function legsQueryOf(asked: CallsView, kind: Kind, isOfQueues: boolean): URLSearchParams {
  const { period, view } = asked;
  const nothing = { counted: [], notCounted: [], transferredTo: [], outcome: null, callId: null };
  const parameters = callsQueryOf({ ...nothing, period, view, minWaitMs: null, maxWaitMs: null });
  parameters.set('kind', kind);
  if (isOfQueues) parameters.set('ofQueues', 'true');
  return parameters;
}

interface LegsTableProps {
  rows: readonly LegRow[];
  kind: Kind;
  /** They are of several days, so that a time alone would not tell. */
  hasDays: boolean;
}

/** A line for each, the latest first; press one for its call. */
function LegsTable({ rows, kind, hasDays }: LegsTableProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const { known } = useKnown();
  const nameOf = (id: string): string => known?.queues.find(({ queueId }) => queueId === id)?.name ?? id;
  const at = (instant: string): string =>
    hasDays
      ? formatDateTime(Date.parse(instant), calendar.timeZone)
      : formatTime(Date.parse(instant), calendar.timeZone, true);
  // How long a ring lasted is not kept.
  const hasTalk = kind === 'outbound';
  return (
    <Scroll className={styles.scroll} name={t(`desk.legs.title.${kind}`)}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('desk.legs.ended')}</th>
            <th scope="col">{t('desk.legs.agent')}</th>
            <th scope="col">{t('desk.legs.queue')}</th>
            {hasTalk && (
              <th scope="col" data-column="talk">
                {t('desk.legs.talk')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.callId} ${row.agentId} ${row.startedAt} ${row.queueId}`}>
              <th scope="row">
                <a href={`#/calls/${encodeURIComponent(row.callId)}`}>{at(row.countedAt)}</a>
              </th>
              <td dir="auto">{row.agentName}</td>
              <td dir="auto">{row.queueId === null ? t('desk.legs.noQueue') : nameOf(row.queueId)}</td>
              {hasTalk && <td data-column="talk">{formatDuration(row.talkMs)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
