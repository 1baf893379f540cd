import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import styles from './CallsPage.module.css';
import { Crumbs } from './Crumbs.tsx';
import { type CallsView, callsViewOf, periodName } from './callsView.ts';
import desk from './Desk.module.css';
import { DeskContext, useZoned } from './desk.ts';
import { around, into } from './drill.ts';
import { Pending } from './Message.tsx';
import { Page, type Place } from './Page.tsx';
import { Problems } from './Problems.tsx';
import { titleOf } from './RangeControl.tsx';
import { useKnown, useToday } from './useView.ts';
import { addressOf, type Problem, viewOf, withKnown } from './view.ts';

interface ListPageProps extends Place {
  title: string;
  query: string;
  /** What the list itself cannot take of the address. */
  problems?: readonly Problem[];
  /** The list, of queues and sectors there are. */
  children(asked: CallsView, known: LiveMetrics): ReactNode;
}

/** The page of a list behind some figures: of which time it is, what of its address was left out, and the way back to them. */
export function ListPage({ title, query, problems = [], children, ...place }: ListPageProps) {
  const { t } = useTranslation();
  // Days of another zone are told by its clock, all over the page.
  const { timeZone } = viewOf(query).view;
  const zoned = useZoned(timeZone);
  const { calendar } = zoned;
  const { known, error, again } = useKnown();
  const today = useToday();
  const { asked, problems: strange } = callsViewOf(query, today, calendar);
  const checked =
    known &&
    withKnown(asked.view, {
      queues: new Set(known.queues.map(({ queueId }) => queueId)),
      sectors: new Set(known.sectors.map(({ sectorId }) => sectorId)),
    });
  const view = checked?.view ?? asked.view;
  const days = view.range;
  const told = [...problems, ...strange, ...(checked?.problems ?? [])];
  return (
    <DeskContext value={zoned}>
      <Page
        title={title}
        back={{
          href: addressOf(into(view, days)),
          name: t('desk.calls.back', { days: titleOf(days, calendar.weekStart) }),
        }}
        {...place}
      >
        <Crumbs view={view} wider={[...around(days, calendar.weekStart), days]} />
        <h1 className={styles.title}>{periodName(asked, calendar)}</h1>
        {told.length > 0 && (
          <div className={desk.notes} role="status">
            <Problems problems={told} />
          </div>
        )}
        {timeZone !== null && <p className={desk.quiet}>{t('desk.listInZone', { timeZone })}</p>}
        {known ? children({ ...asked, view }, known) : <Pending error={error} again={again} />}
      </Page>
    </DeskContext>
  );
}
