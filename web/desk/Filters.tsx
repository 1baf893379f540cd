import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import { byName } from '../ui/format.ts';
import { CompareMenu } from './CompareMenu.tsx';
import styles from './Filters.module.css';
import { Menu } from './Menu.tsx';
import type { Days } from './presets.ts';
import { addressOf, DEFINITION_NAMES, type View } from './view.ts';

interface FiltersProps {
  view: View;
  days: Days;
  known: LiveMetrics;
  /** What is compared with, once that is known. */
  comparedTo: Days | undefined;
  /** The seconds by which it is measured; null where queues have several. */
  seconds: number | null;
}

/** What of it is looked at, beside what, and by which rules. Each choice is an address. */
export function Filters({ view, days, known, comparedTo, seconds }: FiltersProps) {
  const { t } = useTranslation();
  const nameOf = (id: string, among: readonly { id: string; name: string }[]): string =>
    among.find((one) => one.id === id)?.name ?? id;
  const queues = known.queues.map(({ queueId: id, name }) => ({ id, name }));
  const sectors = known.sectors.map(({ sectorId: id, name }) => ({ id, name }));
  const said = (ids: readonly string[], among: typeof queues, none: string, some: string): string =>
    ids.length === 0
      ? t(none)
      : ids.length === 1
        ? nameOf(ids[0] ?? '', among)
        : t(some, { count: ids.length });
  return (
    <div className={styles.filters}>
      <CompareMenu view={view} days={days} comparedTo={comparedTo} />
      <Menu
        name={t('desk.queues.name')}
        label={said(view.queues, queues, 'desk.queues.all', 'desk.queues.some')}
        isChosen={view.queues.length > 0}
      >
        {() => (
          <Several all={queues} chosen={view.queues} at={(ids) => addressOf({ ...view, queues: ids })} />
        )}
      </Menu>
      {sectors.length > 1 && (
        <Menu
          name={t('desk.sectors.name')}
          label={said(view.sectors, sectors, 'desk.sectors.all', 'desk.sectors.some')}
          isChosen={view.sectors.length > 0}
        >
          {() => (
            <Several all={sectors} chosen={view.sectors} at={(ids) => addressOf({ ...view, sectors: ids })} />
          )}
        </Menu>
      )}
      <Menu
        name={t('desk.rules.name')}
        label={
          seconds === null
            ? t(`desk.definition.${view.definition ?? known.totals.definition}`)
            : t('desk.rules.within', {
                definition: t(`desk.definition.${view.definition ?? known.totals.definition}`),
                seconds,
              })
        }
        isChosen={view.definition !== null || view.threshold !== null || view.shortAbandon !== null}
      >
        {() => <Rules view={view} usual={known.totals.definition} seconds={seconds} />}
      </Menu>
    </div>
  );
}

interface SeveralProps {
  all: readonly { id: string; name: string }[];
  chosen: readonly string[];
  at(ids: readonly string[]): string;
}

/** Any of a list; none of them is all. */
export function Several({ all, chosen, at }: SeveralProps) {
  const { t } = useTranslation();
  const sorted = all.toSorted(byName);
  const toggle = (id: string): void => {
    location.hash = at(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  };
  return (
    <div className={styles.several}>
      <a className={styles.clear} href={at([])} aria-current={chosen.length === 0 ? 'true' : undefined}>
        {t('desk.all')}
      </a>
      {sorted.map(({ id, name }) => (
        <label key={id}>
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
          <span dir="auto">{name}</span>
        </label>
      ))}
    </div>
  );
}

/** Another definition of service level, and other seconds, for this look alone. */
function Rules({ view, usual, seconds }: { view: View; usual: string; seconds: number | null }) {
  const { t } = useTranslation();
  const id = useId();
  const isOwn = view.definition !== null || view.threshold !== null || view.shortAbandon !== null;
  const field = (name: 'threshold' | 'shortAbandon', placeholder: number | null) => (
    <>
      <label htmlFor={`${id}${name}`}>{t(`desk.rules.${name}`)}</label>
      <input
        id={`${id}${name}`}
        type="number"
        min={0}
        max={600}
        defaultValue={view[name] ?? ''}
        key={view[name]}
        placeholder={placeholder === null ? t('desk.rules.theirs') : String(placeholder)}
        onBlur={({ target }) => {
          const value = target.value === '' ? null : Number(target.value);
          if (!target.validity.valid || value === view[name]) return;
          location.hash = addressOf({ ...view, [name]: value });
        }}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </>
  );
  return (
    <div className={styles.rules}>
      <label htmlFor={`${id}definition`}>{t('desk.rules.definition')}</label>
      <select
        id={`${id}definition`}
        value={view.definition ?? ''}
        onChange={({ target }) => {
          const definition = DEFINITION_NAMES.find((name) => name === target.value) ?? null;
          location.hash = addressOf({ ...view, definition });
        }}
      >
        <option value="">{t('desk.rules.usual', { definition: t(`desk.definition.${usual}`) })}</option>
        {DEFINITION_NAMES.map((name) => (
          <option key={name} value={name}>
            {t(`desk.definition.${name}`)}
          </option>
        ))}
      </select>
      {field('threshold', view.threshold === null ? seconds : null)}
      {field('shortAbandon', null)}
      <p className={styles.hint}>{t('desk.rules.hint')}</p>
      {isOwn && (
        <a
          className={styles.clear}
          href={addressOf({ ...view, definition: null, threshold: null, shortAbandon: null })}
        >
          {t('desk.rules.reset')}
        </a>
      )}
    </div>
  );
}
