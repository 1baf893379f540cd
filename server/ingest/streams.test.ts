import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { withIdleLimit } from './streams.ts';

async function collect(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return text;
}

describe('withIdleLimit', () => {
  it('hands a body on unchanged', async () => {
    expect(await collect(withIdleLimit(Readable.from([Buffer.from('a'), Buffer.from('b')]), 10_000))).toBe(
      'ab',
    );
  });

  it('[S64] gives up on a sender that says nothing', async () => {
    const silent = new Readable({ read() {} });
    silent.push('a');
    await expect(collect(withIdleLimit(silent, 5))).rejects.toMatchObject({ code: 'timeout' });
    silent.destroy();
  });

  it('passes on that the connection broke', async () => {
    const broken = new Readable({ read() {} });
    broken.push('a');
    const collected = collect(withIdleLimit(broken, 10_000));
    broken.destroy(new Error('aborted'));
    await expect(collected).rejects.toThrow('aborted');
  });
});
