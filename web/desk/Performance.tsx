import { Printer } from 'lucide-react';
import { type ReactNode, useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import { filledAddress } from '../../shared/explain/address.ts';
import { formatTime } from '../ui/format.ts';
import { Crumbs } from './Crumbs.tsx';
import styles from './Desk.module.css';
import { Drawn } from './Drawn.tsx';
import { DeskContext, useAnswer, useDesk, useZoned } from './desk.ts';
import { around } from './drill.ts';
import { Explain } from './Explain.tsx';
import { Filters } from './Filters.tsx';
import { FirstCalls } from './FirstCalls.tsx';
import { Headlines } from './Headlines.tsx';
import states from './Message.module.css';
import { Message } from './Message.tsx';
import { stepsOnTarget } from './measures.ts';
import { Page, type Place } from './Page.tsx';
import { Problems } from './Problems.tsx';
import { busyPart } from './points.ts';
import type { Days } from './presets.ts';
import { RangeControl } from './RangeControl.tsx';
import { Skeleton, SkeletonPart } from './Skeleton.tsx';
import { TabContent, Tabs } from './Tabs.tsx';
import { TrendPanel } from './TrendPanel.tsx';
import { targetsOf } from './targets.ts';
import { useShown } from './useShown.ts';
import { parametersOf, useKnown, useView } from './useView.ts';
import { addressOf, comparisonOf, type Problem, stepsFor, type View } from './view.ts';

/** Behind the log for so long, figures say so. */
const LAG_MS = 60_000;

/** How the centre did in some days: whether to worry, since when, and where; every step of the way an address. */
export function Performance({ query, ...place }: Place & { query: string }) {
  const { t } = useTranslation();
  const { known, error, again } = useKnown();
  const { view, days, today, problems } = useView(query, known);
  // Days of another zone are told by its clock, all over the page.
  const zoned = useZoned(view.timeZone);
  return (
    <DeskContext value={zoned}>
      <Page title={t('desk.title')} back={{ href: '#/', name: t('desk.toWall') }} {...place}>
        {known !== undefined ? (
          <Figures view={view} days={days} today={today} problems={problems} known={known} />
        ) : (
          <>
            <RangeControl view={view} days={days} today={today} />
            {error === null ? <Skeleton /> : <Message error={error} again={again} />}
          </>
        )}
      </Page>
    </DeskContext>
  );
}

interface FiguresProps {
  view: View;
  days: Days;
  today: string;
  problems: readonly Problem[];
  known: LiveMetrics;
}

function Figures({ view, days, today, problems, known }: FiguresProps) {
  const { t } = useTranslation();
  const { calendar, now } = useDesk();
  const isMoving = days.endDate >= today;
  const parameters = parametersOf(view, days, { rules: true, compare: true, zone: true });
  const targets = targetsOf(view, known);
  const asked = useMemo(
    () => ({
      days,
      step: stepsFor(view, days).step,
      targets,
      comparedTo: comparisonOf(view, days),
    }),
    [view, days, targets],
  );
  const { possible } = useMemo(() => stepsFor(view, days), [view, days]);
  const steps = new URLSearchParams(parameters);
  steps.set('groupBy', asked.step);
  const summary = useAnswer('analytics/performance/summary', parameters, { isMoving });
  const trend = useAnswer('analytics/performance/trends', steps, { isMoving });
  const figures = summary.data?.data;
  const meta = summary.data?.meta;
  // Steps that are shown while others are on their way are called by what they were asked as, and not drawn again.
  const isOld = trend.isPlaceholderData;
  const shown = useShown(asked, isOld);
  const rows = useMemo(
    () => trend.data && busyPart(trend.data.data, shown.step, shown.days.startDate === shown.days.endDate),
    [trend.data, shown.step, shown.days],
  );
  const explain = trend.data?.meta.explain ?? '';
  const details = useMemo(
    () => figures && rows && { view, days, known, figures, rows, shown, possible, explain, isMoving },
    [view, days, known, figures, rows, shown, possible, explain, isMoving],
  );
  // Most there is to draw, and the last: what was chosen, and the figures above, are on the page before it.
  const drawn = useDeferredValue(details);
  // The same figures anew, as every half minute of a day that is not over, are nothing to wait for.
  const isBehind = drawn !== undefined && (drawn.view !== view || drawn.days !== days);
  const failure = summary.error ?? trend.error;
  const seconds = figures?.thresholds.thresholdSeconds ?? null;
  const hasOther = (figures?.received ?? 0) > 0 || (figures?.signedInMs ?? 0) > 0;
  const onTarget = rows && !isOld ? stepsOnTarget(rows, targets) : null;
  const explained = view.explain !== null && view.explain.row === null && meta && (
    <Explain
      key={view.explain.metric}
      metric={view.explain.metric}
      address={filledAddress(meta.explain, view.explain.metric)}
      close={addressOf({ ...view, explain: null })}
      isMoving={isMoving}
    />
  );
  return (
    <>
      <Crumbs view={view} wider={around(days, calendar.weekStart)} />
      <div className={styles.bar}>
        <RangeControl view={view} days={days} today={today} />
        <Filters view={view} days={days} known={known} comparedTo={meta?.comparedTo} seconds={seconds} />
      </div>
      <Notes view={view} problems={problems}>
        {meta?.recounting && <p className={styles.quiet}>{t('desk.recounting')}</p>}
        {meta && meta.freshness.lagMs > LAG_MS && (
          <p className={styles.quiet}>
            {t('desk.lag', { time: formatTime(now() - meta.freshness.lagMs, calendar.timeZone) })}
          </p>
        )}
      </Notes>
      {failure !== null && (
        <Message
          error={failure}
          again={() => {
            void summary.refetch();
            void trend.refetch();
          }}
        />
      )}
      {failure === null && (!figures || !rows) && <Skeleton />}
      {figures && !hasOther && !summary.isPlaceholderData && known.queues.length === 0 && <FirstCalls />}
      {figures && !hasOther && !summary.isPlaceholderData && known.queues.length > 0 && (
        <section className={states.message} aria-label={t('desk.empty.title')}>
          <h2>{t('desk.empty.title')}</h2>
          <p>{t('desk.empty.range')}</p>
          <a href={addressOf({ ...view, range: 'last30', queues: [], sectors: [] })}>
            {t('desk.empty.other')}
          </a>
        </section>
      )}
      {/* A 0 on the wall has been pressed for how it came about, too. */}
      {figures && !hasOther && failure === null && explained}
      {figures && hasOther && rows && failure === null && (
        <div
          className={summary.isPlaceholderData ? styles.waiting : styles.figures}
          aria-busy={summary.isPlaceholderData}
        >
          <Headlines
            view={view}
            figures={figures}
            targets={targets}
            seconds={seconds}
            comparedTo={meta?.comparedTo}
            isMoving={isMoving}
            steps={
              onTarget
                ? { ...onTarget, name: t(`desk.ofSteps.${shown.step}`, { count: onTarget.told }) }
                : null
            }
          />
          {explained}
          <div
            className={(isOld || isBehind) && !summary.isPlaceholderData ? styles.waiting : styles.figures}
            aria-busy={isOld || isBehind || !drawn}
          >
            <Drawn isBehind={isBehind}>
              {drawn ? (
                <TrendPanel {...drawn.shown} view={drawn.view} possible={drawn.possible} rows={drawn.rows} />
              ) : (
                <SkeletonPart part="chart" />
              )}
            </Drawn>
            <Tabs view={view} step={shown.step}>
              <Drawn isBehind={isBehind}>
                {drawn ? (
                  <TabContent
                    view={drawn.view}
                    days={drawn.view.tab === 'steps' ? drawn.shown.days : drawn.days}
                    known={drawn.known}
                    figures={drawn.figures}
                    rows={drawn.rows}
                    step={drawn.shown.step}
                    explain={drawn.explain}
                    isMoving={drawn.isMoving}
                  />
                ) : (
                  <SkeletonPart part="table" />
                )}
              </Drawn>
            </Tabs>
          </div>
          <p className={styles.quiet}>
            {t('desk.zone', { timeZone: calendar.timeZone })}{' '}
            <button type="button" className={styles.button} onClick={() => print()}>
              <Printer aria-hidden="true" /> {t('desk.print')}
            </button>
          </p>
        </div>
      )}
    </>
  );
}

/** What the address asked for that cannot be, and what figures lack. */
function Notes({
  view,
  problems,
  children,
}: {
  view: View;
  problems: readonly Problem[];
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className={styles.notes} role="status">
      <Problems problems={problems} />
      {view.timeZone !== null && (
        <p className={styles.quiet}>
          {t('desk.otherZone', { timeZone: view.timeZone })}{' '}
          <a href={addressOf({ ...view, timeZone: null })}>{t('desk.ownZone')}</a>
        </p>
      )}
      {children}
    </div>
  );
}
