import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthKind, HealthRow } from '../../../shared/contract/importerHealth.ts';
import { formatCount, formatLocalDate, formatPercent, formatTime, NONE } from '../../ui/format.ts';
import desk from '../Desk.module.css';
import { useDesk } from '../desk.ts';
import { Scroll } from '../Scroll.tsx';
import { KINDS, OF_CALLS } from './kinds.ts';
import styles from './Sources.module.css';
import { addressOfSources, type SourcesView, type SourceTold } from './sourcesView.ts';

interface ToldProps {
  told: readonly SourceTold[];
  view: SourcesView;
}

/** One kind, of the source and the day that were pressed: what it means, how often and when it was, and its calls. */
export function Told({ told, view }: ToldProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const heading = useRef<HTMLHeadingElement>(null);
  const { kind, source, day, days } = view;
  // Whoever opened it by keyboard reads on here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each is another thing opened.
  useEffect(() => heading.current?.focus(), [kind, source, day]);
  if (kind === null) return null;
  const rows = told
    .filter((one) => source === null || one.source === source)
    .flatMap((one) => one.rows.filter((row) => row.kind === kind && (day === null || row.day === day)))
    .sort((a, b) => (a.day < b.day ? 1 : -1));
  const name = t(`desk.sources.kind.${kind}`);
  const where = [source, day === null ? null : formatLocalDate(day, 'full')].filter((part) => part !== null);
  const { of } = KINDS[kind];
  return (
    <section className={desk.panel} aria-label={name}>
      <div className={desk.panelHead}>
        <h2 ref={heading} tabIndex={-1}>
          {[name, ...where].join(' · ')}
        </h2>
        <p className={desk.readout} data-idle="true" />
        <a className={desk.button} href={addressOfSources(days)}>
          <X aria-hidden="true" /> {t('desk.explain.close')}
        </a>
      </div>
      <p className={styles.about}>{t(`desk.sources.about.${kind}`)}</p>
      {rows.length === 0 ? (
        <p className={desk.quiet}>{t('desk.sources.none')}</p>
      ) : (
        <Scroll className={styles.scroll} name={name}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('desk.first.day')}</th>
                <th scope="col">{t('desk.sources.source')}</th>
                <th scope="col" data-figure="true">
                  {t('desk.sources.count')}
                </th>
                {of && (
                  <th scope="col" data-figure="true">
                    {t(`desk.sources.share.${of}`)}
                  </th>
                )}
                <th scope="col">{t('desk.sources.when')}</th>
                <th scope="col">{t(kind === 'gap' ? 'desk.sources.longest' : 'desk.sources.example')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('desk.calls.title')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.source} ${row.day}`}>
                  <th scope="row">{formatLocalDate(row.day, 'day')}</th>
                  <td dir="auto">{row.source}</td>
                  <td data-figure="true">{formatCount(row.count)}</td>
                  {of && <td data-figure="true">{shareOf(told, row, of)}</td>}
                  <td>
                    {[row.firstAt, row.lastAt]
                      .map((instant) => formatTime(Date.parse(instant), calendar.timeZone, true))
                      .join(' – ')}
                  </td>
                  <td className={styles.example} dir="auto">
                    <Example kind={kind} example={row.example} />
                  </td>
                  <td>
                    <a href={callsOf(kind, row.day)}>{t(`desk.sources.calls.${outcomeOf(kind) ?? 'all'}`)}</a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

function Example({ kind, example }: { kind: HealthKind; example: string | null }) {
  if (example === null) return NONE;
  if (!OF_CALLS.includes(kind)) return example;
  return <a href={`#/calls/${encodeURIComponent(example)}`}>{example}</a>;
}

function shareOf(told: readonly SourceTold[], row: HealthRow, of: 'events' | 'visits'): string {
  const whole = told.find(({ source }) => source === row.source)?.at(of, row.day)?.count ?? 0;
  return whole === 0 ? NONE : formatPercent(row.count / whole, 2);
}

/** Those calls and no others can be listed where they all ended in one way. */
function outcomeOf(kind: HealthKind): 'lost' | null {
  return kind === 'lost' || kind === 'ghost' ? 'lost' : null;
}

function callsOf(kind: HealthKind, day: string): string {
  const outcome = outcomeOf(kind);
  return `#/calls?${new URLSearchParams({ start: day, end: day, ...(outcome && { outcome }) })}`;
}
