import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

/** Answers come when the test says so. */
function createServer() {
  const asked: { next: string[]; answer(): void; refuse(): void }[] = [];
  const save = (next: string[]) =>
    new Promise<void>((answer, reject) => {
      asked.push({ next, answer, refuse: () => reject(new Error('refused')) });
    });
  return { asked, save };
}

const without = (name: string) => (now: string[]) => now.filter((one) => one !== name);
const withAlso = (name: string) => (now: string[]) => [...now, name];

describe('changes of a list that is saved whole', () => {
  it('are shown at once, and sent one after the other', async () => {
    const { asked, save } = createServer();
    const turns = new Turns(['a', 'b', 'c']);
    const sent = [turns.change(without('a'), save), turns.change(without('b'), save)];
    expect(turns.shown()).toEqual(['c']);
    await expect.poll(() => asked.length).toBe(1);
    expect(asked[0]?.next).toEqual(['b', 'c']);
    asked[0]?.answer();
    await sent[0];
    turns.told(['b', 'c']);
    expect(turns.shown()).toEqual(['c']);
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[1]?.next).toEqual(['c']);
    asked[1]?.answer();
    await sent[1];
    expect(turns.shown()).toEqual(['c']);
  });

  it('go on without one that was refused', async () => {
    const { asked, save } = createServer();
    const turns = new Turns(['a']);
    const refused = turns.change(withAlso('nonsense'), save);
    const sent = turns.change(withAlso('b'), save);
    await expect.poll(() => asked.length).toBe(1);
    asked[0]?.refuse();
    await expect(refused).rejects.toThrow('refused');
    expect(turns.shown()).toEqual(['a', 'b']);
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[1]?.next).toEqual(['a', 'b']);
    asked[1]?.answer();
    await sent;
  });

  it('give way to what the server says once they are settled; the same again is no news', async () => {
    const { asked, save } = createServer();
    const first = ['a'];
    const turns = new Turns(first);
    turns.told(['a']);
    expect(turns.shown()).toBe(first);
    const refused = turns.change(withAlso('b'), save);
    turns.told(['of somebody else']);
    expect(turns.shown()).toEqual(['a', 'b']);
    await expect.poll(() => asked.length).toBe(1);
    asked[0]?.refuse();
    await expect(refused).rejects.toThrow('refused');
    expect(turns.shown()).toEqual(['of somebody else']);
  });
});
