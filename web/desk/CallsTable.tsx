import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallVisit } from '../../shared/contract/calls.ts';
import { formatDateTime, formatDuration, formatTime, NONE } from '../ui/format.ts';
import { callAddress } from './behind.ts';
import styles from './CallsPage.module.css';
import { useDesk } from './desk.ts';
import { Scroll } from './Scroll.tsx';

/** As the log has it. */
const WITHHELD = 'anonymous';

interface CallsTableProps {
  visits: readonly CallVisit[];
  /** They are of several days, so that a time alone would not tell. */
  hasDays: boolean;
  /** By whose clock they are told, where that is another zone's. */
  timeZone: string | null;
  /** Its place on the page. */
  table: RefObject<HTMLDivElement | null>;
}

/** A line for each visit, the newest first; press one for its call. */
export function CallsTable({ visits, hasDays, timeZone, table }: CallsTableProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const at = (instant: string): string =>
    hasDays
      ? formatDateTime(Date.parse(instant), calendar.timeZone)
      : formatTime(Date.parse(instant), calendar.timeZone, true);
  return (
    <Scroll at={table} className={styles.scroll} name={t('desk.calls.title')}>
      <table className={styles.table}>
        <thead>
          <tr>
            {(['entered', 'queue', 'caller', 'outcome', 'wait', 'talk', 'wrapUp', 'agent'] as const).map(
              (column) => (
                <th key={column} scope="col" data-column={column}>
                  {t(`desk.calls.${column}`)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {visits.map((visit) => (
            <tr key={`${visit.callId} ${visit.nth}`}>
              <th scope="row">
                <a href={callAddress(visit.callId, timeZone)}>{at(visit.enteredAt)}</a>
              </th>
              <td dir="auto">{visit.queueName}</td>
              <td data-column="caller">{callerOf(visit.caller) ?? t('desk.calls.withheld')}</td>
              <td>
                {t(`desk.ended.${visit.outcome}`)}
                {visit.isTransferred && ` · ${t('desk.calls.transferred')}`}
                {visit.isInferred && ` · ${t('desk.calls.inferred')}`}
              </td>
              <td data-column="wait">{formatDuration(visit.waitMs)}</td>
              <td data-column="talk">{formatDuration(visit.talkMs)}</td>
              <td data-column="wrapUp">{formatDuration(visit.wrapUpMs)}</td>
              <td dir="auto">{visit.agentName ?? NONE}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Of a token and its last four digits what tells somebody something: the digits. Null where the number was withheld. */
export function callerOf(caller: string | null): string | null {
  if (caller === null || caller === WITHHELD) return null;
  const [, digits] = /^[0-9a-f]{8,}…(\d+)$/.exec(caller) ?? [];
  return digits === undefined ? caller : `… ${digits}`;
}
