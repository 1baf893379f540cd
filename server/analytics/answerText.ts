import { JoinedRow } from './joinedRow.ts';

/** An answer as JSON, in UTF-8: of one object, or of rows. */
export function answerText({ data, ...rest }: { data: object; meta: object }): Buffer {
  if (!isOfRows(data)) return Buffer.from(JSON.stringify({ data, ...rest }));
  const { put, taken } = createBytes();
  const textOf = createRowText();
  put('{"data":[');
  let isFirst = true;
  for (const row of data) {
    put(isFirst ? textOf(row) : `,${textOf(row)}`);
    isFirst = false;
  }
  // Its other fields, after the brace they begin with.
  put(`],${JSON.stringify(rest).slice(1)}`);
  return taken();
}

/** An answer lists nothing but objects. */
export function isOfRows(data: object): data is Iterable<object> {
  return Symbol.iterator in data;
}

const PIECE_BYTES = 64 * 1024;

/** Takes text a row at a time: each dies young, as one string of megabytes, and what it is put together of, does not. */
function createBytes() {
  const full: Buffer[] = [];
  let piece = Buffer.allocUnsafe(PIECE_BYTES);
  let length = 0;
  return {
    put(text: string): void {
      // No character takes more than three bytes.
      const most = 3 * text.length;
      if (length + most > piece.length) {
        full.push(piece.subarray(0, length));
        piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, most));
        length = 0;
      }
      length += piece.write(text, length);
    },
    taken: () => Buffer.concat([...full, piece.subarray(0, length)]),
  };
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
