import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from './columns.ts';
import { moveAmongFigures } from './figureKeys.ts';
import { Scroll } from './Scroll.tsx';
import { Stated } from './Stated.tsx';
import styles from './Table.module.css';
import { useWindow } from './useWindow.ts';
import type { ExplainedAt, View } from './view.ts';
import { useAddressOf } from './where.ts';

/** What figures by rows are of, wherever they are shown. */
export interface GridOf<Base extends object, Row extends Base> {
  /** What it is a table of, and what its first column is called. */
  title: string;
  first: string;
  view: View;
  rows: readonly Row[];
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
  /** The total is not that of the days shown, which is what would be explained. */
  isTotalOfPart?: boolean;
}

interface GridProps<Base extends object, Row extends Base> extends GridOf<Base, Row> {
  shown: readonly Column<Base>[];
  /** Of the columns that have bars, by metric: the value of the longest. */
  largest: ReadonlyMap<string, number>;
  /** Left out: nothing can be pressed. */
  explained: ExplainedAt | undefined;
  /** What says that figures can be pressed. */
  describedBy: string;
}

/** So many columns do not fit beside each other. */
const WIDE = 12;

/**
 * The rows of a table that are in sight. While somebody scrolls, this alone is drawn again, with the props it had: rows that stay
 * are left as they are.
 */
export function Grid<Base extends object, Row extends Base>(props: GridProps<Base, Row>) {
  const { title, first, rows, shown, idOf, line, total, explained } = props;
  const { t } = useTranslation();
  const { from, to, above, below, isCut, ref, onScroll } = useWindow(rows.length);
  const span = shown.length + (line ? 2 : 1);
  return (
    <Scroll
      className={styles.scroll}
      isLarge={isCut || shown.length > WIDE}
      at={ref}
      onScroll={onScroll}
      name={title}
    >
      <table
        className={styles.table}
        aria-rowcount={rows.length + 1}
        aria-describedby={explained && props.describedBy}
        onKeyDown={moveAmongFigures}
      >
        <thead>
          <tr>
            <Heading {...props} column={props.isInOrder ? 'order' : 'name'} text={first} isFirst />
            {line && (
              <th scope="col" data-kind="line">
                {line.name}
              </th>
            )}
            {shown.map(({ metric, hasBar = false }) => (
              <Heading
                key={metric}
                {...props}
                column={metric}
                text={t(`desk.metric.${metric}`)}
                hasBar={hasBar}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Gap px={above} span={span} />}
          {rows.slice(from, to).map((row, place) => (
            <Line key={idOf(row)} row={row} place={from + place} of={props} />
          ))}
          {below > 0 && <Gap px={below} span={span} />}
        </tbody>
        {total && (
          <tfoot>
            <tr>
              <th scope="row">{t('desk.total')}</th>
              {line && <td />}
              <Cells row={total} id={null} of={props} />
            </tr>
          </tfoot>
        )}
      </table>
    </Scroll>
  );
}

interface HeadingProps {
  view: View;
  column: string;
  text: string;
  isFirst?: boolean;
  hasBar?: boolean;
}

function Heading({ view, column, text, isFirst = false, hasBar = false }: HeadingProps) {
  const { t } = useTranslation();
  const addressOf = useAddressOf();
  const { sort } = view;
  const isCurrent = sort?.column === column;
  // Figures begin with the largest, names with A.
  const isDescending = isCurrent ? !sort.isDescending : !isFirst;
  return (
    <th
      scope="col"
      data-kind={hasBar ? 'bar' : undefined}
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
}

interface LineProps<Base extends object, Row extends Base> {
  row: Row;
  /** Among all rows. */
  place: number;
  of: GridProps<Base, Row>;
}

// `memo` forgets by what a component is generic.
const Line = memo(LineOf) as typeof LineOf;

function LineOf<Base extends object, Row extends Base>({ row, place, of }: LineProps<Base, Row>) {
  const { idOf, nameOf, hrefOf, markOf, line } = of;
  const href = hrefOf?.(row) ?? null;
  const mark = markOf?.(row);
  return (
    <tr data-row aria-rowindex={place + 2}>
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
      {line && <td data-kind="line">{line.of(row)}</td>}
      <Cells row={row} id={idOf(row)} of={of} />
    </tr>
  );
}

interface CellsProps<Base extends object, Row extends Base> {
  row: Base;
  /** Null: of all together. */
  id: string | null;
  of: GridProps<Base, Row>;
}

function Cells<Base extends object, Row extends Base>({ row, id, of }: CellsProps<Base, Row>) {
  const { shown, largest, explained, isTotalOfPart } = of;
  return shown.map(({ metric, value, level, isLow, explainedBy = metric }) => {
    const most = largest.get(metric) ?? 0;
    const share = id !== null && most > 0 ? (value(row) ?? 0) / most : 0;
    return (
      <td key={metric} data-bar={share > 0} style={share > 0 ? { '--share': share } : undefined}>
        <Stated
          metric={metric}
          value={value(row)}
          level={level?.(row) ?? 'calm'}
          isLowSample={isLow?.(row) ?? false}
          explained={id === null && isTotalOfPart ? undefined : explained?.(explainedBy, id)}
          isOneOfMany
        />
      </td>
    );
  });
}

/** In place of the rows that are out of sight. */
export function Gap({ px, span }: { px: number; span: number }) {
  return (
    <tr>
      <td colSpan={span} style={{ height: px, padding: 0 }} />
    </tr>
  );
}
