import { Printer } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { DashboardAnswer } from '../../../shared/contract/dashboard.ts';
import { i18n } from '../../app/i18n.ts';
import { formatDateTime, formatLocalDate, formatTime } from '../../ui/format.ts';
import { Mark } from '../../ui/Mark.tsx';
import desk from '../Desk.module.css';
import { useAnswer, useDesk } from '../desk.ts';
import { FirstCalls } from '../FirstCalls.tsx';
import { Message } from '../Message.tsx';
import { Page, type Place } from '../Page.tsx';
import { Skeleton } from '../Skeleton.tsx';
import { AgentsWorthALook } from './AgentsWorthALook.tsx';
import en from './en.json' with { type: 'json' };
import styles from './Overview.module.css';
import { PeriodCard } from './PeriodCard.tsx';
import { PERIODS } from './periods.ts';
import { Queues } from './Queues.tsx';
import { Sectors } from './Sectors.tsx';
import { Verdict } from './Verdict.tsx';
import { Warnings } from './Warnings.tsx';

i18n.addResourceBundle('en', 'translation', en, true);

const NOTHING = new URLSearchParams();
/** A page that is left open is never older than this. */
const FRESH_MS = 60_000;
/** Behind the log for so long, figures say so. */
const LAG_MS = 60_000;

/** What a manager looks at first: how it goes, how it went, and where to look closer. Every figure leads to its page. */
export function Overview(place: Place) {
  const { t } = useTranslation();
  const { data, error, refetch } = useAnswer('analytics/dashboard', NOTHING, { everyMs: FRESH_MS });
  return (
    <Page title={t('desk.places.overview')} back={{ href: '#/', name: t('desk.toWall') }} {...place}>
      {error !== null && <Message error={error} again={() => void refetch()} />}
      {data ? <Front answer={data} isOld={error !== null} /> : error === null && <Skeleton />}
    </Page>
  );
}

function Front({ answer, isOld }: { answer: DashboardAnswer; isOld: boolean }) {
  const { t } = useTranslation();
  const { calendar, now } = useDesk();
  const { data, meta } = answer;
  const { periods } = data;
  const hasAny = PERIODS.some((name) => periods[name].received > 0 || periods[name].signedInMs > 0);
  return (
    <div className={isOld ? desk.waiting : desk.figures}>
      <div className={styles.head}>
        <h1 className={styles.title}>{formatLocalDate(meta.today, 'full')}</h1>
        {hasAny && <Verdict period={periods.today} seconds={data.thresholds.thresholdSeconds} />}
        {meta.recounting && <p className={desk.quiet}>{t('desk.recounting')}</p>}
        {meta.freshness.lagMs > LAG_MS && (
          <p className={desk.note} role="status">
            <Mark shape="half" />{' '}
            {t('desk.lag', { time: formatTime(now() - meta.freshness.lagMs, calendar.timeZone) })}
          </p>
        )}
      </div>
      {hasAny ? (
        <>
          <div className={styles.periods}>
            {PERIODS.map((name) => (
              <PeriodCard
                key={name}
                name={name}
                period={periods[name]}
                seconds={data.thresholds.thresholdSeconds}
              />
            ))}
          </div>
          <div className={styles.pair}>
            <div className={styles.column}>
              <Sectors
                sectors={data.sectors}
                days={periods.last30Days}
                target={data.targets.serviceLevel}
                isCounted={meta.scorecards !== null}
              />
              <AgentsWorthALook
                agents={data.agents}
                days={periods.last30Days}
                isCounted={meta.scorecards !== null}
              />
            </div>
            <div className={styles.column}>
              <Queues queues={data.queues} days={periods.last7Days} />
              <Warnings warnings={data.warnings} days={periods.last30Days} today={meta.today} />
            </div>
          </div>
        </>
      ) : (
        <FirstCalls />
      )}
      <p className={desk.quiet}>
        {meta.freshness.at === null
          ? t('desk.overview.unheard')
          : t('desk.overview.fresh', {
              time: formatDateTime(Date.parse(meta.freshness.at), calendar.timeZone),
            })}{' '}
        {t('desk.zone', { timeZone: meta.timeZone })}{' '}
        <button type="button" className={desk.button} onClick={() => print()}>
          <Printer aria-hidden="true" /> {t('desk.print')}
        </button>
      </p>
    </div>
  );
}
