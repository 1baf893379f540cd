import { describe, expect, it } from 'vitest';
import { answerText } from './answerText.ts';
import { JoinedRow } from './joinedRow.ts';

const meta = { seq: 7, note: 'grüße "da" 💡' };
const written = (data: object) => answerText({ data, meta }).toString();

describe('an answer is written as JSON.stringify writes it', () => {
  it('of one object, of no row and of rows', () => {
    for (const data of [{ a: 1, b: null }, [], [{ a: 1 }], [{ a: 'ü' }, { a: undefined, b: [1, 'x'] }]])
      expect(written(data)).toBe(JSON.stringify({ data, meta }));
  });

  it('of rows in parts as if each were one object, whether or not they share a part', () => {
    const shared = { rate: null, lowSample: ['rate'] };
    const data = [0, 1, 2, 3].map((n) =>
      JoinedRow.of({ start: n }, n === 2 ? { rate: 1 / 3, lowSample: [] } : shared),
    );
    const plain = [0, 1, 2, 3].map((n) => ({
      start: n,
      ...(n === 2 ? { rate: 1 / 3, lowSample: [] } : shared),
    }));
    expect(written(data)).toBe(JSON.stringify({ data: plain, meta }));
    expect(JSON.stringify(data)).toBe(JSON.stringify(plain));
  });

  it('of a row within a row, and of more rows than are written at once', () => {
    const row = (n: number) => JoinedRow.of({ n }, { text: 'é'.repeat(50) });
    const data = Array.from({ length: 5_000 }, (_, n) =>
      n % 3 === 0 ? row(n) : JoinedRow.of({ n }, { t: n }, { previous: n % 2 ? null : row(n) }),
    );
    const text = written(data);
    expect(text.length).toBeGreaterThan(2 * 64 * 1024);
    expect(JSON.parse(text)).toEqual({ data: JSON.parse(JSON.stringify(data)), meta });
    expect(text).toBe(JSON.stringify({ data, meta }));
  });
});
