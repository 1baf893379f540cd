import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthKind } from '../../../shared/contract/importerHealth.ts';
import { formatCount, formatLocalDate, NONE } from '../../ui/format.ts';
import { Mark } from '../../ui/Mark.tsx';
import desk from '../Desk.module.css';
import { weekdayOf } from '../days.ts';
import { Scroll } from '../Scroll.tsx';
import { KINDS } from './kinds.ts';
import styles from './SourceGrid.module.css';
import { addressOfSources, daysIn, type SourcesView, type SourceTold, strengthOf } from './sourcesView.ts';

interface SourceGridProps {
  told: SourceTold;
  view: SourcesView;
}

/** One source: days across, kinds down; colour only where something was odd, as much as there was of it. */
export function SourceGrid({ told, view }: SourceGridProps) {
  const { t } = useTranslation();
  const scroll = useRef<HTMLDivElement>(null);
  const days = daysIn(view.days);
  const { source } = told;
  // Where not all days have room, the latest are what somebody came for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: other days have another end.
  useLayoutEffect(() => {
    scroll.current?.scrollTo({ left: scroll.current.scrollWidth });
  }, [days.length, view.days.endDate]);
  return (
    <section className={desk.panel} aria-label={source}>
      <div className={desk.panelHead}>
        <h2 dir="auto">{source}</h2>
        <p className={desk.readout} data-idle="true">
          {t('desk.sources.summary', {
            events: formatCount(told.total('events')),
            visits: formatCount(told.total('visits')),
          })}
        </p>
      </div>
      <Scroll className={styles.scroll} name={source} at={scroll}>
        <table className={styles.grid}>
          <thead>
            <tr>
              <td />
              {days.map((day) => (
                <th key={day} scope="col" data-weekend={weekdayOf(day) > 5}>
                  <span className="visually-hidden">{formatLocalDate(day, 'day')}</span>
                  <span aria-hidden="true">{headOf(day, days[0])}</span>
                </th>
              ))}
              <th scope="col">{t('desk.sources.total')}</th>
            </tr>
          </thead>
          <tbody>
            {told.kinds.map((kind) => (
              <Row key={kind} told={told} kind={kind} days={days} view={view} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

/** A day in as few letters as tell: its number, and the month where one begins. */
function headOf(day: string, first: string | undefined): string {
  return day === first || day.endsWith('-01') ? formatLocalDate(day, 'short') : String(Number(day.slice(8)));
}

function Row({ told, kind, days, view }: SourceGridProps & { kind: HealthKind; days: readonly string[] }) {
  const { t } = useTranslation();
  const { source } = told;
  const { weight } = KINDS[kind];
  const most = Math.max(0, ...days.map((day) => told.at(kind, day)?.count ?? 0));
  const isOpen = (day: string | null): boolean =>
    view.source === source && view.kind === kind && view.day === day;
  const name = t(`desk.sources.kind.${kind}`);
  return (
    <tr data-weight={weight}>
      <th scope="row">
        <a
          href={addressOfSources(view.days, { source, kind })}
          aria-current={isOpen(null) ? 'true' : undefined}
          title={t(`desk.sources.about.${kind}`)}
        >
          {weight === 'grave' && <Mark shape="square" />}
          {weight === 'odd' && <Mark shape="triangle" />}
          {name}
        </a>
      </th>
      {days.map((day) => {
        const count = told.at(kind, day)?.count ?? 0;
        return (
          <td
            key={day}
            data-weight={count > 0 ? weight : undefined}
            style={{ '--strength': strengthOf(told, kind, day, most) } as CSSProperties}
          >
            {count > 0 && (
              <a
                href={addressOfSources(view.days, { source, kind, day })}
                aria-current={isOpen(day) ? 'true' : undefined}
              >
                <span className="visually-hidden">
                  {t('desk.sources.cell', { name, day: formatLocalDate(day, 'day') })}{' '}
                </span>
                {short(count)}
              </a>
            )}
          </td>
        );
      })}
      <td className={styles.sum}>{told.total(kind) === 0 ? NONE : formatCount(told.total(kind))}</td>
    </tr>
  );
}

/** As much as a small cell has room for; pressing it tells the whole. */
function short(count: number): string {
  if (count < 1_000) return String(count);
  return count < 9_950 ? `${(count / 1_000).toFixed(1)}k` : `${Math.round(count / 1_000)}k`;
}
