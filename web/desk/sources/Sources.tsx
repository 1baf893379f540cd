import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { i18n } from '../../app/i18n.ts';
import { formatLocalDates } from '../../ui/format.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Arrows } from '../Arrows.tsx';
import desk from '../Desk.module.css';
import { lengthOf, plusDays } from '../days.ts';
import { useAnswer, useDesk } from '../desk.ts';
import states from '../Message.module.css';
import { Message } from '../Message.tsx';
import { Page, type Place } from '../Page.tsx';
import { Problems } from '../Problems.tsx';
import { Segments } from '../Segments.tsx';
import { useToday } from '../useView.ts';
import en from './en.json' with { type: 'json' };
import { Imports } from './Imports.tsx';
import { SourceGrid } from './SourceGrid.tsx';
import styles from './Sources.module.css';
import { addressOfSources, bySource, daysTold, type SourcesView, sourcesViewOf } from './sourcesView.ts';
import { Told } from './Told.tsx';

i18n.addResourceBundle('en', 'translation', en, true);

const LENGTHS = [14, 30, 92];

/** What arrived from where, and what was odd about it: a line for each kind, a column for each day. */
export function Sources({ query, ...place }: Place & { query: string }) {
  const { t } = useTranslation();
  const { may } = useDesk();
  const today = useToday();
  const { view, problems } = sourcesViewOf(query, today);
  const { days } = view;
  const { data, error, refetch } = useAnswer('importer-health', new URLSearchParams({ ...days }), {
    isMoving: days.endDate >= today,
  });
  const told = data && bySource(data.data);
  const kept = told ? daysTold(told) : { odd: 0, all: 0 };
  return (
    <Page title={t('desk.places.sources')} back={{ href: '#/', name: t('desk.toWall') }} {...place}>
      <div className={desk.bar}>
        <h1 className={styles.title}>{formatLocalDates(days.startDate, days.endDate, 'medium')}</h1>
        <Range view={view} today={today} />
      </div>
      {problems.length > 0 && (
        <div className={desk.notes} role="status">
          <Problems problems={problems} />
        </div>
      )}
      {told && told.length > 0 && (
        <p className={styles.lead} data-odd={kept.odd > 0}>
          <Mark shape={kept.odd > 0 ? 'triangle' : 'check'} />{' '}
          {kept.odd > 0
            ? t('desk.sources.odd', { count: kept.odd, all: kept.all })
            : t('desk.sources.fine', { count: kept.all })}
        </p>
      )}
      {error !== null && <Message error={error} again={() => void refetch()} />}
      {!told && error === null && (
        <div role="status" aria-busy="true">
          <span className="visually-hidden">{t('desk.loading')}</span>
          <div className={states.skeleton} data-part="chart" />
        </div>
      )}
      {told?.length === 0 && (
        <section className={states.message} aria-label={t('desk.sources.empty')}>
          <h2>{t('desk.sources.empty')}</h2>
          <p>{t('desk.sources.emptyRemedy')}</p>
          {may('keys:manage') && <a href="#/settings/keys">{t('desk.empty.first.key')}</a>}
        </section>
      )}
      {told && view.kind !== null && view.source === null && <Told told={told} view={view} />}
      {told?.map((one) => (
        <Fragment key={one.source}>
          <SourceGrid told={one} view={view} />
          {view.kind !== null && view.source === one.source && <Told told={told} view={view} />}
        </Fragment>
      ))}
      {may('events:write') && <Imports />}
    </Page>
  );
}

function Range({ view, today }: { view: SourcesView; today: string }) {
  const { t } = useTranslation();
  const { startDate, endDate } = view.days;
  const length = lengthOf(startDate, endDate);
  const { source, kind } = view;
  const at = (end: string, days: number): string =>
    addressOfSources({ startDate: plusDays(end, 1 - days), endDate: end }, { source, kind });
  const later = plusDays(endDate, length) > today ? today : plusDays(endDate, length);
  return (
    <div className={styles.range}>
      <Segments
        name={t('desk.sources.length')}
        choices={LENGTHS}
        chosen={length}
        hrefOf={(days) => at(endDate, days)}
        textOf={(days) => t('desk.sources.days', { count: days })}
      />
      <Arrows
        before={{ href: at(plusDays(startDate, -1), length), name: t('desk.sources.before') }}
        after={endDate < today ? { href: at(later, length), name: t('desk.sources.after') } : null}
      />
    </div>
  );
}
