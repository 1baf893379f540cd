import { Download } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../settings/saveFile.ts';
import { compareNames } from '../ui/format.ts';
import type { Column } from './columns.ts';
import { csvOf } from './csv.ts';
import desk from './Desk.module.css';
import { ExplainRow } from './Explain.tsx';
import { Grid, type GridOf } from './Grid.tsx';
import { Menu } from './Menu.tsx';
import { calculable, kindOfMetric } from './measures.ts';
import styles from './Table.module.css';
import { useColumns } from './useColumns.ts';
import { explaining, type View } from './view.ts';
import { useAddressOf } from './where.ts';

interface TableProps<Base extends object, Row extends Base> extends GridOf<Base, Row> {
  /** By which its columns are remembered, and its file named. */
  kind: string;
  columns: readonly Column<Base>[];
  usual: readonly string[];
  /** `meta.explain` of the answer that has the rows, where any of their figures may be pressed. */
  explain?: string;
  isMoving?: boolean;
  /** Other rows have been asked for: these are named as they were, and on their way out. */
  isOld?: boolean;
  /** Of which days, for the name of a file. */
  days: string;
  note?: ReactNode;
  /** There are more rows than these, which is said in place of the note. */
  isCut?: boolean;
}

/** Figures by rows: sorted by the address, with the columns somebody chose, saved as they are shown. */
export function Table<Base extends object, Row extends Base>(props: TableProps<Base, Row>) {
  const { kind, title, first, view, rows, columns, usual, idOf, nameOf, total, note } = props;
  const { t } = useTranslation();
  const keys = useId();
  const addressOf = useAddressOf();
  const known = columns.map(({ metric }) => metric);
  const [chosen, choose] = useColumns(kind, known, usual);
  const shown = columns.filter(({ metric }) => chosen.includes(metric));
  const sorted = sortedBy(rows, columns, view.sort, nameOf);
  const save = (): void => {
    const head = [
      first,
      ...shown.map(({ metric }) =>
        t('desk.csv.heading', {
          name: t(`desk.metric.${metric}`),
          context: metric === 'signedIn' ? 'agents' : kindOfMetric(metric),
        }),
      ),
    ];
    const line = (row: Base, name: string) => [
      name,
      ...shown.map(({ metric, value }) => calculable(value(row), kindOfMetric(metric))),
    ];
    const lines = sorted.map((row) => line(row, nameOf(row)));
    const sums = total ? [line(total, t('desk.total'))] : [];
    const content = new Blob([csvOf([head, ...lines, ...sums])], { type: 'text/csv;charset=utf-8' });
    saveFile({ name: `${kind}-${props.days}.csv`, content });
  };
  return (
    <section className={styles.section} aria-label={title} aria-busy={props.isOld}>
      <div className={styles.tools}>
        <p className={desk.quiet}>
          {props.isCut ? t('desk.note.cut') : note}{' '}
          {props.explain !== undefined && <span id={keys}>{t('desk.explain.any')}</span>}
        </p>
        <Menu name={t('desk.columns.name')} label={t('desk.columns.name')}>
          {() => (
            <div className={styles.columns}>
              {known.map((metric) => (
                <label key={metric}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(metric)}
                    disabled={chosen.length === 1 && chosen.includes(metric)}
                    onChange={({ target }) =>
                      choose(known.filter((one) => (one === metric ? target.checked : chosen.includes(one))))
                    }
                  />
                  {t(`desk.metric.${metric}`)}
                </label>
              ))}
              <button type="button" onClick={() => choose(null)}>
                {t('desk.columns.usual')}
              </button>
            </div>
          )}
        </Menu>
        <button type="button" className={desk.button} onClick={save}>
          <Download aria-hidden="true" /> {t('desk.csv.save')}
        </button>
      </div>
      {props.explain !== undefined && (
        <ExplainRow
          view={view}
          template={props.explain}
          rows={rows}
          idOf={idOf}
          nameOf={nameOf}
          isMoving={props.isMoving ?? false}
        />
      )}
      <Grid
        {...props}
        rows={sorted}
        shown={shown}
        largest={largestOf(rows, shown)}
        explained={props.explain === undefined ? undefined : explaining(view, addressOf)}
        describedBy={keys}
      />
    </section>
  );
}

function largestOf<Base extends object>(
  rows: readonly Base[],
  columns: readonly Column<Base>[],
): ReadonlyMap<string, number> {
  const barred = columns.filter(({ hasBar }) => hasBar);
  return new Map(
    barred.map(({ metric, value }) => [
      metric,
      rows.reduce((most, row) => Math.max(most, value(row) ?? 0), 0),
    ]),
  );
}

/** Rows without a value come last, whichever way; a column that is not known sorts nothing. */
function sortedBy<Base extends object, Row extends Base>(
  rows: readonly Row[],
  columns: readonly Column<Base>[],
  sort: View['sort'],
  nameOf: (row: Row) => string,
): readonly Row[] {
  if (sort === null) return rows;
  const sign = sort.isDescending ? -1 : 1;
  if (sort.column === 'order') return sort.isDescending ? rows.toReversed() : rows;
  if (sort.column === 'name') return rows.toSorted((a, b) => sign * compareNames(nameOf(a), nameOf(b)));
  const column = columns.find(({ metric }) => metric === sort.column);
  if (column === undefined) return rows;
  return rows.toSorted((a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}
