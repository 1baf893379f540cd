import { COLUMNS, type Column, type Figures, type Sheet } from './sheet.ts';

/** What is counted several ways, side by side [R1]. Pure. */
export interface Row {
  of: 'total' | 'sector' | 'queue' | 'agent';
  /** Of a sector or a queue, or an agent's identity; '' of the total. */
  id: string;
  metric: string;
  /** Null where there is nothing to divide by; left out where that way of counting does not cover it. */
  values: Partial<Record<Column, number | null>>;
  /** How far they are apart; null where one has a value and another has none. 0: they agree. */
  difference: number | null;
}

/** Quotients of the same whole numbers, worked out in another order, are apart by this much at most. */
const SAME_WITHIN = 1e-9;

/** Every figure that two ways of counting have, or more. */
export function* compareSheets(sheets: Readonly<Record<Column, Sheet>>): Iterable<Row> {
  yield* compareFigures('total', '', (column) => sheets[column].total);
  for (const of of ['sector', 'queue', 'agent'] as const) {
    for (const id of idsOf(sheets, `${of}s`))
      yield* compareFigures(of, id, (column) => sheets[column][`${of}s`].get(id) ?? sheets[column].blank[of]);
  }
}

function idsOf(sheets: Readonly<Record<Column, Sheet>>, of: 'sectors' | 'queues' | 'agents'): string[] {
  return [...new Set(COLUMNS.flatMap((column) => [...sheets[column][of].keys()]))].sort();
}

function* compareFigures(of: Row['of'], id: string, figuresOf: (column: Column) => Figures): Iterable<Row> {
  const all = COLUMNS.map((column) => ({ column, figures: figuresOf(column) }));
  const metrics = new Set(all.flatMap(({ figures }) => Object.keys(figures)));
  for (const metric of metrics) {
    const values: Row['values'] = {};
    for (const { column, figures } of all) {
      const value = figures[metric];
      if (value !== undefined) values[column] = value;
    }
    const told = Object.values(values);
    if (told.length > 1) yield { of, id, metric, values, difference: differenceOf(told) };
  }
}

function differenceOf(values: readonly (number | null)[]): number | null {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0) return 0;
  if (numbers.length < values.length) return null;
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return high - low <= Math.max(Math.abs(low), Math.abs(high)) * SAME_WITHIN ? 0 : high - low;
}

export function agrees({ difference }: Row): boolean {
  return difference === 0;
}
