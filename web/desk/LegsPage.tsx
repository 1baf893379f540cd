import { type RefObject, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LegRow } from '../../shared/contract/legs.ts';
import { formatCount, formatDateTime, formatDuration, formatTime } from '../ui/format.ts';
import { callAddress } from './behind.ts';
import styles from './CallsPage.module.css';
import { type CallsView, hasDays } from './callsView.ts';
import desk from './Desk.module.css';
import { useDesk } from './desk.ts';
import { ListPage } from './ListPage.tsx';
import { type LegsChoice, legsChoiceOf, legsQueryOf } from './legsView.ts';
import { Message, Pending } from './Message.tsx';
import { More } from './More.tsx';
import type { Place } from './Page.tsx';
import { SaveList } from './SaveList.tsx';
import { Scroll } from './Scroll.tsx';
import { usePages } from './usePages.ts';

const PAGE = 100;

/** The rings nobody took, or outbound calls, behind some figures: of the same days, queues and agent. */
export function LegsPage({ query, ...place }: Place & { query: string }) {
  const { t } = useTranslation();
  const { problems, ...choice } = legsChoiceOf(query);
  return (
    <ListPage title={t(`desk.legs.title.${choice.kind}`)} query={query} problems={problems} {...place}>
      {(asked) => <Legs key={query} asked={asked} choice={choice} />}
    </ListPage>
  );
}

function Legs({ asked, choice }: { asked: CallsView; choice: LegsChoice }) {
  const { t } = useTranslation();
  const table = useRef<HTMLDivElement>(null);
  const parameters = legsQueryOf(asked, choice);
  const { rows, error, again, more, isBusy } = usePages('legs', parameters, PAGE);
  const { kind, isOfQueues } = choice;
  const { agent } = asked.view;
  return (
    <section className={desk.panel} aria-label={t(`desk.legs.title.${kind}`)}>
      <div className={desk.panelHead}>
        <h2>{t(`desk.legs.title.${kind}`)}</h2>
        <p className={desk.readout} data-idle="true">
          {agent !== null && `${t('desk.legs.of', { agent: rows?.[0]?.agentName ?? agent })} `}
          {isOfQueues && `${t('desk.legs.ofQueues')} `}
          {rows &&
            rows.length > 0 &&
            t(more ? 'desk.legs.first' : 'desk.legs.count', {
              count: rows.length,
              figure: formatCount(rows.length),
            })}
        </p>
        {rows && rows.length > 0 && <SaveList path="legs" parameters={parameters} />}
      </div>
      {error !== null && <Message error={error} again={again} />}
      {error === null && !rows && <Pending error={null} again={again} />}
      {rows?.length === 0 && <p className={desk.quiet}>{t('desk.legs.none')}</p>}
      {rows && rows.length > 0 && (
        <LegsTable
          rows={rows}
          kind={kind}
          hasDays={hasDays(asked.view)}
          timeZone={asked.view.timeZone}
          table={table}
        />
      )}
      <More more={more} isBusy={isBusy} list={table} />
    </section>
  );
}

interface LegsTableProps {
  rows: readonly LegRow[];
  kind: LegsChoice['kind'];
  /** They are of several days, so that a time alone would not tell. */
  hasDays: boolean;
  /** By whose clock they are told, where that is another zone's. */
  timeZone: string | null;
  /** Its place on the page. */
  table: RefObject<HTMLDivElement | null>;
}

/** A line for each, the latest first; press one for its call. */
function LegsTable({ rows, kind, hasDays, timeZone, table }: LegsTableProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const at = (instant: string): string =>
    hasDays
      ? formatDateTime(Date.parse(instant), calendar.timeZone)
      : formatTime(Date.parse(instant), calendar.timeZone, true);
  // How long a ring lasted is not kept.
  const hasTalk = kind === 'outbound';
  return (
    <Scroll at={table} className={styles.scroll} name={t(`desk.legs.title.${kind}`)}>
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
                <a href={callAddress(row.callId, timeZone)}>{at(row.countedAt)}</a>
              </th>
              <td dir="auto">{row.agentName}</td>
              <td dir="auto">{row.queueName ?? t('desk.legs.noQueue')}</td>
              {hasTalk && <td data-column="talk">{formatDuration(row.talkMs)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
