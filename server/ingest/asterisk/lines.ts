import { isUtf8 } from 'node:buffer';

/** One line of a byte stream: its text without the newline, where it began, and its number. */
export interface StreamLine {
  text: string;
  /** Bytes from the start of the stream. */
  offset: number;
  /** The first byte behind the line and its newline. */
  end: number;
  /** From 1. */
  number: number;
  /** False for a last line without a newline. */
  isEnded: boolean;
  /** True when the line was longer than any log line is; `text` is its beginning. */
  isTooLong: boolean;
}

/** Longest line taken in; what is beyond is skipped to the next newline, whatever its length [L13]. */
export const LINE_BYTES_LIMIT = 16_384;
const SHOWN_BYTES = 1_024;
const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines, however the stream is chunked, holding at most one line of it. */
export interface LineSplitter {
  push(chunk: Uint8Array): StreamLine[];
  /** The last line, when it had no newline. */
  end(): StreamLine | null;
}

export function createLineSplitter(
  start: { offset: number; number: number } = { offset: 0, number: 1 },
): LineSplitter {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let lineBytes = 0;
  let lineOffset = start.offset;
  let number = start.number;

  /** Holds on to the beginning of a line that ends in a later chunk; copied, not to hold the chunk as well. */
  function keep(part: Uint8Array): void {
    lineBytes += part.length;
    const room = LINE_BYTES_LIMIT - keptBytes;
    if (room <= 0 || part.length === 0) return;
    const copy = Buffer.from(part.subarray(0, room));
    kept.push(copy);
    keptBytes += copy.length;
  }

  function finish(rest: Uint8Array, isEnded: boolean): StreamLine {
    let bytes = rest;
    if (lineBytes > 0) {
      keep(rest);
      bytes = Buffer.concat(kept);
    } else {
      lineBytes = rest.length;
    }
    const isTooLong = lineBytes > LINE_BYTES_LIMIT;
    const line: StreamLine = {
      text: decode(isTooLong ? bytes.subarray(0, SHOWN_BYTES) : bytes, lineOffset === 0),
      offset: lineOffset,
      end: lineOffset + lineBytes + (isEnded ? 1 : 0),
      number,
      isEnded,
      isTooLong,
    };
    lineOffset = line.end;
    number++;
    kept = [];
    keptBytes = 0;
    lineBytes = 0;
    return line;
  }

  return {
    push(chunk) {
      const lines: StreamLine[] = [];
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
        lines.push(finish(chunk.subarray(from, at), true));
        from = at + 1;
      }
      keep(chunk.subarray(from));
      return lines;
    },
    end: () => (lineBytes === 0 ? null : finish(new Uint8Array(0), false)),
  };
}

/** UTF-8, else Latin-1 as older systems wrote it; without a carriage return at its end or a byte order mark at the file's start. */
function decode(bytes: Uint8Array, isFirst: boolean): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = buffer.toString(isUtf8(buffer) ? 'utf8' : 'latin1');
  if (text.endsWith('\r')) text = text.slice(0, -1);
  if (isFirst && text.startsWith('\ufeff')) text = text.slice(1);
  return text;
}
