import { Printer } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import styles from '../desk/Desk.module.css';
import { useAnswer, useDesk } from '../desk/desk.ts';
import states from '../desk/Message.module.css';
import { Message } from '../desk/Message.tsx';
import { Page, type Place } from '../desk/Page.tsx';
import type { Days } from '../desk/presets.ts';
import { RangeControl } from '../desk/RangeControl.tsx';
import { Skeleton } from '../desk/Skeleton.tsx';
import { useKnown, useToday } from '../desk/useView.ts';
import { daysIn, type Problem, type View, withKnown } from '../desk/view.ts';
import { AddressContext } from '../desk/where.ts';
import { Mark } from '../ui/Mark.tsx';
import { QualityFilters } from './QualityFilters.tsx';
import { QualityHeadlines } from './QualityHeadlines.tsx';
import { QualityTabs } from './QualityTabs.tsx';
import { QualityTrend } from './QualityTrend.tsx';
import {
  DEFAULT_QUALITY_VIEW,
  partParametersOf,
  type QualityView,
  qualityAddressOf,
  qualityParametersOf,
  qualityViewOf,
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
        <div className={styles.bar}>
          <RangeControl view={view.desk} days={days} today={today} />
          {known && <QualityFilters view={view} known={known} />}
        </div>
        {problems.length > 0 && (
          <div className={styles.notes} role="status">
            {problems.map(({ kind, value }) => (
              <p key={`${kind} ${value}`} className={styles.note}>
                <Mark shape="triangle" /> {t(`desk.problem.${kind}`, { value })}
              </p>
            ))}
          </div>
        )}
        {known ? (
          <Figures view={view} days={days} today={today} known={known} />
        ) : error === null ? (
          <Skeleton />
        ) : (
          <Message error={error} again={again} />
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
}

function Figures({ view, days, today, known }: FiguresProps) {
  const { t } = useTranslation();
  const { calendar, may } = useDesk();
  const isMoving = days.endDate >= today;
  const summary = useAnswer('analytics/quality/summary', qualityParametersOf(view, days), { isMoving });
  const { agent, queues } = view.desk;
  const completionOf = partParametersOf(view.desk, days);
  completionOf.set('groupBy', 'month');
  if (agent !== null) completionOf.set('by', 'agent');
  const completion = useAnswer('analytics/quality/completion', completionOf, {
    isMoving,
    // Of one agent it is told for one queue, or for all.
    isWanted: agent === null || queues.length < 2,
  });
  if (summary.error !== null) return <Message error={summary.error} again={() => void summary.refetch()} />;
  const figures = summary.data?.data;
  if (figures === undefined) return <Skeleton />;
  const isEmpty = figures.reviews === 0 && figures.answered === 0;
  return (
    <div
      className={summary.isPlaceholderData ? styles.waiting : styles.figures}
      aria-busy={summary.isPlaceholderData}
    >
      {isEmpty && !summary.isPlaceholderData && known.queues.length === 0 ? (
        <section className={states.message} aria-label={t('quality.empty.first.title')}>
          <h2>{t('quality.empty.first.title')}</h2>
          <p>{t('quality.empty.first.why')}</p>
          {may('quality:manage') && <a href="#/quality/forms/new">{t('quality.empty.first.form')}</a>}
          <a href="#/overview">{t('quality.empty.first.calls')}</a>
        </section>
      ) : isEmpty && !summary.isPlaceholderData ? (
        <section className={states.message} aria-label={t('quality.empty.title')}>
          <h2>{t('quality.empty.title')}</h2>
          <p>{t('quality.empty.why')}</p>
          <a href={qualityAddressOf({ ...DEFAULT_QUALITY_VIEW, tab: view.tab })}>
            {t('quality.empty.other')}
          </a>
        </section>
      ) : (
        <>
          <QualityHeadlines
            view={view}
            figures={figures}
            completion={completion.data && completionIn(completion.data.data)}
            target={completion.data?.meta.target ?? null}
          />
          <QualityTrend
            view={view}
            days={days}
            isMoving={isMoving}
            criteria={figures.criteria}
            target={completion.data?.meta.target ?? null}
          />
        </>
      )}
      {known.queues.length > 0 && (
        <QualityTabs view={view} days={days} figures={figures} isMoving={isMoving} known={known} />
      )}
      <p className={styles.quiet}>
        {t('quality.days', { timeZone: calendar.timeZone })}{' '}
        <button type="button" className={styles.button} onClick={() => print()}>
          <Printer aria-hidden="true" /> {t('desk.print')}
        </button>
      </p>
    </div>
  );
}

/** Of all steps together. */
function completionIn(rows: readonly { completed: number; of: number }[]): number | null {
  const of = rows.reduce((sum, row) => sum + row.of, 0);
  return of === 0 ? null : rows.reduce((sum, row) => sum + row.completed, 0) / of;
}
