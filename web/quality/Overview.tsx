import { Printer } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import { filledAddress } from '../../shared/explain/address.ts';
import styles from '../desk/Desk.module.css';
import { useAnswer, useDesk } from '../desk/desk.ts';
import { Explain } from '../desk/Explain.tsx';
import states from '../desk/Message.module.css';
import { Message } from '../desk/Message.tsx';
import { Page, type Place } from '../desk/Page.tsx';
import { Problems } from '../desk/Problems.tsx';
import type { Days } from '../desk/presets.ts';
import { RangeControl } from '../desk/RangeControl.tsx';
import { Skeleton } from '../desk/Skeleton.tsx';
import { useKnown, useToday } from '../desk/useView.ts';
import { daysIn, type Problem, type View, withKnown } from '../desk/view.ts';
import { AddressContext } from '../desk/where.ts';
import { NOTHING } from './nothing.ts';
import { QualityFilters } from './QualityFilters.tsx';
import { QualityHeadlines } from './QualityHeadlines.tsx';
import { QualityTabs } from './QualityTabs.tsx';
import { QualityTrend } from './QualityTrend.tsx';
import {
  otherViews,
  partParametersOf,
  type QualityView,
  qualityAddressOf,
  qualityParametersOf,
  qualityViewOf,
  withComparison,
} from './qualityView.ts';

/** What the reviews of some days' calls come to; every choice an address. */
export function Overview({ query, ...place }: Place & { query: string }) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const { known, error, again } = useKnown();
  const today = useToday();
  const { view, problems } = useMemo(() => withWhatIsKnown(query, known), [query, known]);
  const days = daysIn(view.desk, today, calendar.weekStart);
  const at = useMemo(() => (desk: View) => qualityAddressOf({ ...view, desk }), [view]);
  return (
    <AddressContext value={at}>
      <Page title={t('quality.title')} back={{ href: '#/', name: t('desk.toWall') }} {...place}>
        {known ? (
          <Figures view={view} days={days} today={today} known={known} problems={problems} />
        ) : (
          <>
            <RangeControl view={view.desk} days={days} today={today} />
            {error === null ? <Skeleton /> : <Message error={error} again={again} />}
          </>
        )}
      </Page>
    </AddressContext>
  );
}

function withWhatIsKnown(
  query: string,
  known: LiveMetrics | undefined,
): { view: QualityView; problems: readonly Problem[] } {
  const { view, problems } = qualityViewOf(query);
  if (known === undefined) return { view, problems };
  const checked = withKnown(view.desk, {
    queues: new Set(known.queues.map(({ queueId }) => queueId)),
    sectors: new Set(known.sectors.map(({ sectorId }) => sectorId)),
  });
  return { view: { ...view, desk: checked.view }, problems: [...problems, ...checked.problems] };
}

interface FiguresProps {
  view: QualityView;
  days: Days;
  today: string;
  known: LiveMetrics;
  problems: readonly Problem[];
}

function Figures({ view, days, today, known, problems }: FiguresProps) {
  const { t } = useTranslation();
  const { calendar, may } = useDesk();
  const isMoving = days.endDate >= today;
  const ofReviews = withComparison(qualityParametersOf(view, days), view.desk, days);
  const summary = useAnswer('analytics/quality/summary', ofReviews, { isMoving });
  const comparedTo = summary.data?.meta.comparedTo;
  const completion = useCompletion(view.desk, days, isMoving);
  const completionBefore = useCompletion(view.desk, comparedTo ?? null, isMoving);
  const figures = summary.data?.data;
  const isEmpty = figures?.reviews === 0 && figures.answered === 0 && !summary.isPlaceholderData;
  return (
    <>
      <div className={styles.bar}>
        <RangeControl view={view.desk} days={days} today={today} />
        <QualityFilters view={view} days={days} known={known} comparedTo={comparedTo} />
      </div>
      {problems.length > 0 && (
        <div className={styles.notes} role="status">
          <Problems problems={problems} />
        </div>
      )}
      {summary.error !== null && <Message error={summary.error} again={() => void summary.refetch()} />}
      {summary.error === null && figures === undefined && <Skeleton />}
      {summary.error === null && figures !== undefined && (
        <div
          className={summary.isPlaceholderData ? styles.waiting : styles.figures}
          aria-busy={summary.isPlaceholderData}
        >
          {isEmpty && known.queues.length === 0 ? (
            <section className={states.message} aria-label={t('quality.empty.first.title')}>
              <h2>{t('quality.empty.first.title')}</h2>
              <p>{t('quality.empty.first.why')}</p>
              {may('quality:manage') && <a href="#/quality/forms/new">{t('quality.empty.first.form')}</a>}
              <a href="#/overview">{t('quality.empty.first.calls')}</a>
            </section>
          ) : isEmpty ? (
            <section className={states.message} aria-label={t('quality.empty.title')}>
              <h2>{t('quality.empty.title')}</h2>
              <p>{t('quality.empty.why')}</p>
              {otherViews(view).map(({ range, address }) => (
                <a key={range} href={address}>
                  {t('quality.empty.other', { days: t(`desk.range.${range}`) })}
                </a>
              ))}
            </section>
          ) : (
            <>
              <QualityHeadlines
                view={view}
                figures={figures}
                completion={completion}
                completionBefore={comparedTo && completionBefore}
                comparedTo={comparedTo}
                isMoving={isMoving}
              />
              {view.desk.explain !== null && view.desk.explain.row === null && (
                <Explain
                  key={view.desk.explain.metric}
                  metric={view.desk.explain.metric}
                  address={filledAddress(summary.data?.meta.explain ?? '', view.desk.explain.metric)}
                  close={qualityAddressOf({ ...view, desk: { ...view.desk, explain: null } })}
                  isMoving={isMoving}
                />
              )}
              <QualityTrend
                view={view}
                days={days}
                isMoving={isMoving}
                criteria={figures.criteria}
                target={completion?.meta.target ?? null}
              />
            </>
          )}
          {known.queues.length > 0 && (
            <QualityTabs
              view={view}
              days={days}
              figures={figures}
              isMoving={isMoving}
              known={known}
              comparedTo={comparedTo}
              target={completion?.meta.target ?? null}
            />
          )}
          <p className={styles.quiet}>
            {t('quality.days', { timeZone: calendar.timeZone })}{' '}
            <button type="button" className={styles.button} onClick={() => print()}>
              <Printer aria-hidden="true" /> {t('desk.print')}
            </button>
          </p>
        </div>
      )}
    </>
  );
}

/** [V5] of some days; undefined until it is here, and where it is not told. */
function useCompletion(desk: View, days: Days | null, isMoving: boolean) {
  const { agent, queues } = desk;
  const parameters = days === null ? NOTHING : partParametersOf(desk, days);
  const asked = new URLSearchParams(parameters);
  asked.set('groupBy', 'month');
  if (agent !== null) asked.set('by', 'agent');
  // Of one agent it is told for one queue, or for all.
  const isWanted = days !== null && (agent === null || queues.length < 2);
  const { data } = useAnswer('analytics/quality/completion', asked, { isMoving, isWanted });
  // What is not asked for would be what was told of another choice.
  return isWanted ? data : undefined;
}
