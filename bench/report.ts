/** One measured figure beside the baseline taken in the same run; the ratio is what travels between machines. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  baseline?: { what: string; value: number };
  /** What is promised, as text, and whether this run kept it. */
  promise?: { text: string; kept: boolean };
}

/** Plain columns for a terminal or a log file. */
export function report(title: string, figures: Figure[]): void {
  console.log(`\n${title}`);
  const rows = figures.map(({ what, value, unit, baseline, promise }) => [
    what,
    `${format(value)} ${unit}`,
    baseline ? `${format(baseline.value)} ${unit} (${baseline.what})` : '–',
    baseline ? `${(value / baseline.value).toFixed(2)}×` : '–',
    promise ? `${promise.text}: ${promise.kept ? 'kept' : 'MISSED'}` : '–',
  ]);
  const all = [['figure', 'measured', 'baseline', 'ratio', 'promise'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function format(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-GB');
  return value.toPrecision(3);
}

/** The value below which the share `p` of the sorted-or-not values lies. */
export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}
