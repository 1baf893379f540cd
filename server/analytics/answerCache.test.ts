import { describe, expect, it } from 'vitest';
import { createAnswerCache } from './answerCache.ts';

const body = (text: string) => Buffer.from(text);

describe('kept answers', () => {
  it('are given while their version holds, and made again under another', async () => {
    const cache = createAnswerCache();
    let made = 0;
    const ask = (slot: string, version: string) =>
      cache.answer(slot, version, async () => body(`${slot} ${version} ${++made}`)).then(String);
    expect(await ask('a', '1')).toBe('a 1 1');
    expect(await ask('a', '1')).toBe('a 1 1');
    expect(await ask('b', '1')).toBe('b 1 2');
    expect(await ask('a', '2')).toBe('a 2 3');
    expect(await ask('a', '1')).toBe('a 1 4');
    expect(cache.size().answers).toBe(2);
  });

  it('are made once for all who ask meanwhile, of their own slot and version only', async () => {
    const cache = createAnswerCache();
    let made = 0;
    const ends: (() => void)[] = [];
    const make = () => new Promise<Buffer>((resolve) => ends.push(() => resolve(body(`made ${++made}`))));
    const first = Array.from({ length: 100 }, () => cache.answer('a', '1', make).then(String));
    const others = [cache.answer('b', '1', make), cache.answer('a', '2', make)];
    expect(ends).toHaveLength(3);
    for (const end of ends) end();
    expect(new Set(await Promise.all(first))).toEqual(new Set(['made 1']));
    expect((await Promise.all(others)).map(String)).toEqual(['made 2', 'made 3']);
  });

  it('that fail fail for all who waited, and are asked for again', async () => {
    const cache = createAnswerCache();
    const fail = () => Promise.reject(new Error('down'));
    const both = await Promise.allSettled([cache.answer('a', '1', fail), cache.answer('a', '1', fail)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(String(await cache.answer('a', '1', async () => body('up')))).toBe('up');
  });

  it('[L13] are bounded in number and bytes; the one not asked for longest goes, a very long one is not kept', async () => {
    const cache = createAnswerCache({ answers: 3, bytes: 1_000, answerBytes: 600 });
    let made = 0;
    const ask = (slot: string, length = 10) =>
      cache.answer(slot, '1', async () => {
        made++;
        return body('x'.repeat(length));
      });
    for (const slot of ['a', 'b', 'c', 'a', 'd']) await ask(slot);
    expect(cache.size().answers).toBe(3);
    expect(made).toBe(4);
    await ask('a');
    expect(made).toBe(4);
    await ask('b');
    expect(made).toBe(5);
    await ask('long', 600);
    await ask('long', 600);
    expect(made).toBe(7);
    for (const slot of ['e', 'f', 'g']) await ask(slot, 500);
    expect(cache.size()).toEqual({ answers: 1, bytes: 504 });
  });
});
