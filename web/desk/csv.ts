/** Comma-separated values as spreadsheets of every language take them. Pure. */

/** The mark, without which Excel takes the file for one of the system's old encoding. */
const MARK = '\ufeff';

export function csvOf(rows: readonly (readonly string[])[]): string {
  return `${MARK}${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

/** What a spreadsheet would take for a formula gets an apostrophe before it [S71]; a negative number is none. */
function cell(text: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && !/^-\d+(\.\d+)?$/.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
