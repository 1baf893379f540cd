import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ScoreChange, ScoreDetail } from '../../shared/contract/qualityScores.ts';
import { Refused } from '../app/ask.ts';
import { createSaver } from './saver.ts';

/** A server that answers when it is told to. */
function stage() {
  const asked: { change: ScoreChange; answer(version: number): void; fail(error: Error): void }[] = [];
  const send = (change: ScoreChange): Promise<ScoreDetail> =>
    new Promise((resolve, reject) => {
      asked.push({ change, answer: (version) => resolve({ version } as ScoreDetail), fail: reject });
    });
  // Never by itself: `flush` says when.
  return { asked, saver: createSaver(1, send, 86_400_000) };
}
const conflict = (version: number): Refused =>
  new Refused({ code: 'conflict', message: '', issues: [], requestId: '', current: { version } });

describe('the saver of a draft', () => {
  test('sends the last of what was written, one at a time, each on the version before', async () => {
    const { asked, saver } = stage();
    saver.write({ comment: 'a' });
    saver.write({ comment: 'ab' });
    expect(saver.state().name).toBe('waiting');
    const flushed = saver.flush();
    saver.write({ comment: 'abc' });
    expect(asked.map(({ change }) => change)).toEqual([{ version: 1, comment: 'ab' }]);
    asked[0]?.answer(2);
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[1]?.change).toEqual({ version: 2, comment: 'abc' });
    asked[1]?.answer(3);
    expect(await flushed).toBe(3);
    expect(saver.state().name).toBe('saved');
  });

  test('keeps what could not be sent, and sends it when asked again', async () => {
    const { asked, saver } = stage();
    saver.write({ comment: 'a' });
    const first = saver.flush();
    asked[0]?.fail(new TypeError('no network'));
    expect(await first).toBe(null);
    expect(saver.state()).toMatchObject({ name: 'failed', reason: '' });
    const second = saver.flush();
    expect(asked[1]?.change).toEqual({ version: 1, comment: 'a' });
    asked[1]?.answer(2);
    expect(await second).toBe(2);
    saver.close();
  });

  test('sends nothing over what was changed elsewhere until somebody has chosen', async () => {
    const { asked, saver } = stage();
    saver.write({ comment: 'mine' });
    const flushed = saver.flush();
    asked[0]?.fail(conflict(5));
    expect(await flushed).toBe(null);
    expect(saver.state()).toMatchObject({ name: 'conflict', current: { version: 5 } });
    saver.write({ comment: 'mine, still' });
    expect(await saver.flush()).toBe(null);
    expect(asked).toHaveLength(1);
    saver.overwrite(5);
    expect(asked[1]?.change).toEqual({ version: 5, comment: 'mine, still' });
    asked[1]?.answer(6);
    expect(await saver.flush()).toBe(6);
  });

  test('takes what is there, and forgets what is here', async () => {
    const { asked, saver } = stage();
    saver.write({ comment: 'mine' });
    const flushed = saver.flush();
    asked[0]?.fail(conflict(5));
    await flushed;
    saver.yield(5);
    expect(await saver.flush()).toBe(5);
    expect(asked).toHaveLength(1);
  });

  test('is stuck from what was not taken until something is', async () => {
    const { asked, saver } = stage();
    saver.write({ comment: 'a' });
    const first = saver.flush();
    expect(saver.isStuck()).toBe(false);
    asked[0]?.fail(new TypeError('no network'));
    await first;
    expect(saver.isStuck()).toBe(true);
    saver.write({ comment: 'ab' });
    const second = saver.flush();
    expect(saver.isStuck()).toBe(true);
    asked[1]?.answer(2);
    await second;
    expect(saver.isStuck()).toBe(false);
  });

  test('sends nothing of what was dropped, not even what was on its way', async () => {
    const { asked, saver } = stage();
    saver.write({ comment: 'a' });
    const first = saver.flush();
    asked[0]?.fail(new TypeError('no network'));
    await first;
    const second = saver.flush();
    saver.drop();
    expect(saver.state().name).toBe('saved');
    expect(saver.isStuck()).toBe(false);
    asked[1]?.fail(new TypeError('no network'));
    await second;
    expect(await saver.close()).toBe(1);
    expect(asked).toHaveLength(2);
    saver.write({ comment: 'b' });
    expect(saver.state().name).toBe('waiting');
    const third = saver.flush();
    expect(asked[2]?.change).toEqual({ version: 1, comment: 'b' });
    asked[2]?.answer(2);
    expect(await third).toBe(2);
  });

  test('sends what is left as it is closed, and gives up where nobody answers', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let tries = 0;
    const saver = createSaver(1, async () => {
      tries += 1;
      throw new TypeError('no network');
    });
    saver.write({ comment: 'a' });
    void saver.close();
    expect(tries).toBe(1);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(tries).toBe(16);
  });
});
