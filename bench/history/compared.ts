import type { Question } from './questions.ts';

type Row = Record<string, unknown>;

/** What both answered must be the same: counts exactly, means as far as a double says them. Throws naming what is not. */
export function expectSame(
  question: Question,
  round: number,
  answered: readonly Row[],
  scanned: readonly Row[],
): void {
  const rows = new Map<string, Row>();
  for (const { key, ...row } of scanned) {
    const id = String(key);
    rows.set(id, { ...rows.get(id), ...row });
  }
  const differs = (why: string) => new Error(`${question.what}, ${question.path(round)}: ${why}`);
  if (question.first) {
    const { by, limit } = question.first;
    const best = [...rows.values()].map((row) => Number(row[by] ?? 0)).sort((a, b) => b - a);
    if (best.slice(0, limit).join() !== answered.map((row) => row[by]).join())
      throw differs(`the first are ${best.slice(0, limit)}, and not ${answered.map((row) => row[by])}`);
  }
  let compared = 0;
  for (const row of answered) {
    const id = String(question.key(row));
    const other = rows.get(id) ?? {};
    rows.delete(id);
    for (const [name, value] of Object.entries(row)) {
      // Of what nothing was found there is no row. What was decided is no count.
      const isCount = typeof value === 'number' && name !== 'firstContactDays';
      const scan = other[name] ?? (isCount && Object.keys(other).length === 0 ? 0 : other[name]);
      if (scan === undefined) continue;
      compared++;
      if (!isSame(value, scan))
        throw differs(`${name} of ${id} is ${String(value)}, and ${String(scan)} scanned`);
    }
  }
  if (compared < answered.length * 3) throw differs('too little to compare');
  if (!question.first && rows.size > 0) throw differs(`there is no row of ${[...rows.keys()].slice(0, 5)}`);
}

function isSame(value: unknown, scan: unknown): boolean {
  const [one, other] = [Number(value ?? 0), Number(scan ?? 0)];
  return Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));
}
