import { describe, expect, it } from 'vitest';
import { allPages } from './allPages.ts';

/** As many rows as there are, a page holding `limit`; in parts of as many where those are told. */
function listOf(count: number, { limit, inParts }: { limit: number; inParts: boolean }) {
  const asked = { atOnce: 0, most: 0, times: 0 };
  const ask = async ({ cursor = '0', until }: Record<string, string>) => {
    asked.times++;
    asked.most = Math.max(asked.most, ++asked.atOnce);
    // Those asked first answer last.
    for (let turns = 20 - asked.times; turns > 0; turns--) await Promise.resolve();
    asked.atOnce--;
    const from = Number(cursor);
    const to = Math.min(from + limit, Number(until ?? count), count);
    const data = Array.from({ length: to - from }, (_, place) => from + place);
    const starts = Array.from({ length: Math.ceil(count / limit) - 1 }, (_, part) => (part + 1) * limit);
    const nextCursor = to < Number(until ?? count) ? String(to) : null;
    return { data, meta: inParts ? { nextCursor, nextCursors: starts.map(String) } : { nextCursor } };
  };
  return { ask, asked };
}

const numbers = (count: number) => Array.from({ length: count }, (_, place) => place);

describe('a list taken whole', () => {
  it.each([true, false])('has its rows in order, in parts: %s', async (inParts) => {
    const { ask } = listOf(115, { limit: 10, inParts });
    expect(await allPages(ask)).toEqual({ rows: numbers(115), explain: '', isCut: false });
  });

  it('asks for three of its parts at once, and no more', async () => {
    const { ask, asked } = listOf(120, { limit: 10, inParts: true });
    await allPages(ask);
    expect(asked).toEqual({ atOnce: 0, most: 3, times: 12 });
  });

  it('asks for no more parts once one has failed', async () => {
    const { ask, asked } = listOf(120, { limit: 10, inParts: true });
    const failing = async (from: Record<string, string>) => {
      const answer = await ask(from);
      if (from.cursor === '10') throw new Error('away');
      return answer;
    };
    await expect(allPages(failing)).rejects.toThrow('away');
    expect(asked.times).toBeLessThan(12);
  });

  it.each([
    [true, 210],
    [false, 200],
  ])('says that it goes on where it is longer than is taken, in parts: %s', async (inParts, most) => {
    for (const more of [0, 1]) {
      const { ask } = listOf(most + more, { limit: 10, inParts });
      expect(await allPages(ask)).toEqual({ rows: numbers(most), explain: '', isCut: more > 0 });
    }
  });
});
