import { Download } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../settings/saveFile.ts';
import { compareNames } from '../ui/format.ts';
import type { Column } from './columns.ts';
import { csvOf } from './csv.ts';
import desk from './Desk.module.css';
import { ExplainRow } from './Explain.tsx';
import { moveAmongFigures } from './figureKeys.ts';
import { Menu } from './Menu.tsx';
import { calculable, kindOfMetric } from './measures.ts';
import { Scroll } from './Scroll.tsx';
import { Stated } from './Stated.tsx';
import styles from './Table.module.css';
import { useColumns } from './useColumns.ts';
import { useWindow } from './useWindow.ts';
import { explaining, type View } from './view.ts';
import { useAddressOf } from './where.ts';

interface TableProps<Base extends object, Row extends Base> {
  /** By which its columns are remembered, and its file named. */
  kind: string;
  /** What it is a table of, and what its first column is called. */
  title: string;
  first: string;
  view: View;
  rows: readonly Row[];
  columns: readonly Column<Base>[];
  usual: readonly string[];
  idOf(row: Row): string;
  nameOf(row: Row): string;
  /** Null: it leads nowhere. */
  hrefOf?(row: Row): string | null;
  /** Beside a name: what is particular about its row. */
  markOf?(row: Row): string | null;
  /** The order rows come in is one of their own: by time, and not by name. */
  isInOrder?: boolean;
  /** A drawing in each row, before its figures: how they came about over the days. */
  line?: { name: string; of(row: Row): ReactNode } | undefined;
  /** All of it together, where that is known. */
  total?: Base | null;
  /** `meta.explain` of the answer that has the rows, where any of their figures may be pressed. */
  explain?: string;
  isMoving?: boolean;
  /** Other rows have been asked for: these are named as they were, and on their way out. */
  isOld?: boolean;
  /** The total is not that of the days shown, which is what would be explained. */
  isTotalOfPart?: boolean;
  /** Of which days, for the name of a file. */
  days: string;
  note?: ReactNode;
}

/** So many columns do not fit beside each other. */
const WIDE = 12;

/** Figures by rows: sorted by the address, with the columns somebody chose, saved as they are shown. */
export function Table<Base extends object, Row extends Base>(props: TableProps<Base, Row>) {
  const { kind, title, first, view, rows, columns, usual, idOf, nameOf, hrefOf, markOf, total, note } = props;
  const { t } = useTranslation();
  const keys = useId();
  const addressOf = useAddressOf();
  const known = columns.map(({ metric }) => metric);
  const [chosen, choose] = useColumns(kind, known, usual);
  const shown = columns.filter(({ metric }) => chosen.includes(metric));
  const { sort } = view;
  const sorted = sortedBy(rows, columns, sort, nameOf);
  const { from, to, above, below, isCut, ref, onScroll } = useWindow(sorted.length);
  const span = shown.length + (props.line ? 2 : 1);
  const heading = (column: string, text: string, isFirst: boolean) => {
    const isCurrent = sort?.column === column;
    // Figures begin with the largest, names with A.
    const isDescending = isCurrent ? !sort.isDescending : !isFirst;
    return (
      <th
        key={column}
        scope="col"
        data-kind={columns.some(({ metric, hasBar }) => metric === column && hasBar) ? 'bar' : undefined}
        aria-sort={isCurrent ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
      >
        <a
          href={addressOf({ ...view, sort: { column, isDescending } })}
          title={t(`desk.about.${column}`, { defaultValue: '' }) || undefined}
        >
          {text}
          {isCurrent && <span aria-hidden="true">{sort.isDescending ? ' ↓' : ' ↑'}</span>}
        </a>
      </th>
    );
  };
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
  const largest = new Map(
    shown.map((column) => [
      column.metric,
      column.hasBar ? Math.max(0, ...rows.map((row) => column.value(row) ?? 0)) : 0,
    ]),
  );
  /** `id` null: of all together. */
  const cells = (row: Base, id: string | null) =>
    shown.map(({ metric, value, level, isLow, explainedBy = metric }) => {
      const most = largest.get(metric) ?? 0;
      const share = id !== null && most > 0 ? (value(row) ?? 0) / most : 0;
      return (
        <td key={metric} data-bar={share > 0} style={share > 0 ? { '--share': share } : undefined}>
          <Stated
            metric={metric}
            value={value(row)}
            level={level?.(row) ?? 'calm'}
            isLowSample={isLow?.(row) ?? false}
            explained={
              props.explain === undefined || (id === null && props.isTotalOfPart)
                ? undefined
                : explaining(view, explainedBy, id, addressOf)
            }
            isOneOfMany
          />
        </td>
      );
    });
  return (
    <section className={styles.section} aria-label={title} aria-busy={props.isOld}>
      <div className={styles.tools}>
        <p className={desk.quiet}>
          {note} {props.explain !== undefined && <span id={keys}>{t('desk.explain.any')}</span>}
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
      <Scroll
        className={styles.scroll}
        isLarge={isCut || shown.length > WIDE}
        at={ref}
        onScroll={onScroll}
        name={title}
      >
        <table
          className={styles.table}
          aria-rowcount={sorted.length + 1}
          aria-describedby={props.explain === undefined ? undefined : keys}
          onKeyDown={moveAmongFigures}
        >
          <thead>
            <tr>
              {heading(props.isInOrder ? 'order' : 'name', first, true)}
              {props.line && (
                <th scope="col" data-kind="line">
                  {props.line.name}
                </th>
              )}
              {shown.map(({ metric }) => heading(metric, t(`desk.metric.${metric}`), false))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <Gap px={above} span={span} />}
            {sorted.slice(from, to).map((row, place) => {
              const mark = markOf?.(row);
              const href = hrefOf?.(row) ?? null;
              return (
                <tr key={idOf(row)} data-row aria-rowindex={from + place + 2}>
                  <th scope="row">
                    {href !== null ? (
                      <a href={href} dir="auto">
                        {nameOf(row)}
                      </a>
                    ) : (
                      <span dir="auto">{nameOf(row)}</span>
                    )}
                    {mark && <span className={styles.mark}>{mark}</span>}
                  </th>
                  {props.line && <td data-kind="line">{props.line.of(row)}</td>}
                  {cells(row, idOf(row))}
                </tr>
              );
            })}
            {below > 0 && <Gap px={below} span={span} />}
          </tbody>
          {total && (
            <tfoot>
              <tr>
                <th scope="row">{t('desk.total')}</th>
                {props.line && <td />}
                {cells(total, null)}
              </tr>
            </tfoot>
          )}
        </table>
      </Scroll>
    </section>
  );
}

/** In place of the rows that are out of sight. */
export function Gap({ px, span }: { px: number; span: number }) {
  return (
    <tr>
      <td colSpan={span} style={{ height: px, padding: 0 }} />
    </tr>
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
