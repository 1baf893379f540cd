import { JoinedRow } from './joinedRow.ts';

/** An answer as JSON, in UTF-8: of one object, or of rows. */
export function answerText({ data, ...rest }: { data: object; meta: object }): Buffer {
  if (!isOfRows(data)) return Buffer.from(JSON.stringify({ data, ...rest }));
  const bytes = createBytes();
  const putRow = createRows(bytes);
  bytes.put('{"data":[');
  let isFirst = true;
  for (const row of data) {
    if (!isFirst) bytes.put(',');
    putRow(row);
    isFirst = false;
  }
  // Its other fields, after the brace they begin with.
  bytes.put(`],${JSON.stringify(rest).slice(1)}`);
  return bytes.taken();
}

/** An answer lists nothing but objects. */
export function isOfRows(data: object): data is Iterable<object> {
  return Symbol.iterator in data;
}

const PIECE_BYTES = 64 * 1024;
const COMMA = 0x2c;

/** Takes text a row at a time: each dies young, as one string of megabytes, and what it is put together of, does not. */
function createBytes() {
  const full: Buffer[] = [];
  let piece = Buffer.allocUnsafe(PIECE_BYTES);
  let length = 0;
  /** How many bytes it takes is what it returns. */
  const put = (text: string): number => {
    // No character takes more than three bytes.
    const most = 3 * text.length;
    if (length + most > piece.length) {
      full.push(piece.subarray(0, length));
      piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, most));
      length = 0;
    }
    const written = piece.write(text, length);
    length += written;
    return written;
  };
  return {
    put,
    /** Two objects become one: the brace that ended the last goes, and the one that begins this makes way for a comma. */
    join(text: string): void {
      length--;
      const written = put(text);
      piece[length - written] = COMMA;
    },
    taken: () => Buffer.concat([...full, piece.subarray(0, length)]),
  };
}

/** Rows that follow each other and share a part, as the hours of a night do: it is made text once. */
function createRows({ put, join }: ReturnType<typeof createBytes>): (row: object) => void {
  const written: { part: object; text: string }[] = [];
  return (row) => {
    if (!(row instanceof JoinedRow)) {
      put(JSON.stringify(row));
      return;
    }
    for (let place = 0; place < row.parts.length; place++) {
      const part = row.parts[place] ?? {};
      let known = written[place];
      if (known?.part !== part) {
        known = { part, text: JSON.stringify(part) };
        written[place] = known;
      }
      if (place === 0) put(known.text);
      else join(known.text);
    }
  };
}
