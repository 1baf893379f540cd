import { JoinedRow } from './joinedRow.ts';

/** So many characters at once: what is written of rows dies young, as strings of megabytes do not. */
const PIECE_LENGTH = 64 * 1024;

/** An answer as JSON, in UTF-8. */
export function answerText({ data, ...rest }: { data: object; meta: object }): Buffer {
  if (!Array.isArray(data)) return Buffer.from(JSON.stringify({ data, ...rest }));
  const pieces: Buffer[] = [];
  const textOf = createRowText();
  let text = '{"data":[';
  for (const [at, row] of data.entries()) {
    text += at === 0 ? textOf(row) : `,${textOf(row)}`;
    if (text.length < PIECE_LENGTH) continue;
    pieces.push(Buffer.from(text));
    text = '';
  }
  // Its other fields, after the brace they begin with.
  pieces.push(Buffer.from(`${text}],${JSON.stringify(rest).slice(1)}`));
  return Buffer.concat(pieces);
}

/** Rows that follow each other and share a part, as the hours of a night do: it is written once. */
function createRowText(): (row: object) => string {
  const written: { part: object; fields: string }[] = [];
  return (row) => {
    if (!(row instanceof JoinedRow)) return JSON.stringify(row);
    let text = '{';
    for (let place = 0; place < row.parts.length; place++) {
      const part = row.parts[place] ?? {};
      let known = written[place];
      if (known?.part !== part) {
        known = { part, fields: JSON.stringify(part).slice(1, -1) };
        written[place] = known;
      }
      text += place === 0 ? known.fields : `,${known.fields}`;
    }
    return `${text}}`;
  };
}
