import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter, LINE_BYTES_LIMIT, type StreamLine } from './lines.ts';

function split(bytes: Uint8Array, cuts: number[]): StreamLine[] {
  const splitter = createLineSplitter();
  const lines: StreamLine[] = [];
  let from = 0;
  for (const cut of [...cuts.filter((at) => at <= bytes.length).sort((a, b) => a - b), bytes.length]) {
    lines.push(...splitter.push(bytes.subarray(from, cut)));
    from = cut;
  }
  const last = splitter.end();
  return last === null ? lines : [...lines, last];
}

describe('createLineSplitter', () => {
  it('gives the same lines however the bytes are chunked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constant('é|ü'), fc.constant('')), { maxLength: 20 }),
        fc.array(fc.nat(400), { maxLength: 20 }),
        (texts, cuts) => {
          const bytes = Buffer.from(texts.join('\n'));
          expect(split(bytes, cuts)).toEqual(split(bytes, []));
        },
      ),
    );
  });

  it('counts lines from 1 and bytes from the start, so that a reader can resume behind any of them', () => {
    expect(split(Buffer.from('ä\n\nbc'), [])).toEqual([
      { text: 'ä', offset: 0, end: 3, number: 1, isEnded: true, isTooLong: false },
      { text: '', offset: 3, end: 4, number: 2, isEnded: true, isTooLong: false },
      { text: 'bc', offset: 4, end: 6, number: 3, isEnded: false, isTooLong: false },
    ]);
  });

  it('takes carriage returns, a byte order mark and Latin-1 as older systems write them', () => {
    const bytes = Buffer.concat([Buffer.from('\ufeffone\r\n'), Buffer.from('Jos\u00e9\n', 'latin1')]);
    expect(split(bytes, []).map((line) => line.text)).toEqual(['one', 'José']);
  });

  it('[L13] holds no more than one line, and skips the rest of one that never ends', () => {
    const splitter = createLineSplitter();
    const chunk = Buffer.alloc(1_000_000, 'x');
    for (let count = 0; count < 20; count++) expect(splitter.push(chunk)).toEqual([]);
    const [line, next] = splitter.push(Buffer.from('\nnext\n'));
    expect(line).toMatchObject({ isTooLong: true, number: 1, end: 20_000_001 });
    expect(line?.text.length).toBeLessThan(LINE_BYTES_LIMIT);
    expect(next).toMatchObject({ text: 'next', number: 2, offset: 20_000_001 });
  });
});
