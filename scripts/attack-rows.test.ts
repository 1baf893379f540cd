import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/**
 * Every attack that docs/security.md lists is a test whose title names its row: one that is renamed or deleted is missed
 * here. S50 is a measurement, in bench/.
 */
const ROWS = [
  [1, 14],
  [20, 34],
  [40, 51],
  [70, 78],
  [80, 82],
] as const;

const root = join(import.meta.dirname, '..');
/** In tests no other text than a title, whole or of a table of cases, has a row in brackets. */
const TITLE = /['"`][^'"`\n]*\[S\d+\][^\n]*/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;

function rowsNamed(): Set<string> {
  const named = new Set<string>();
  for (const folder of ['server', 'shared', 'web', 'e2e', 'scripts', 'bench']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const isTest = folder === 'bench' ? /\.ts$/ : /\.(?:test|spec)\.tsx?$/;
      if (!entry.isFile() || !isTest.test(entry.name)) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8').replaceAll(COMMENT, '');
      for (const [title] of text.matchAll(TITLE))
        for (const [, row = ''] of title.matchAll(/\[(S\d+)\]/g)) named.add(row);
    }
  }
  return named;
}

it('every attack has a test that names it', () => {
  const rows = ROWS.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i) => `S${first + i}`),
  );
  const named = rowsNamed();
  expect(rows.filter((row) => !named.has(row))).toEqual([]);
});
