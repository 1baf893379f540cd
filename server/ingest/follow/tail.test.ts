import { appendFile, copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Place, tail } from './tail.ts';

let folder: string;
let path: string;
const running: Follower[] = [];

interface Follower {
  texts: string[];
  places: Place[];
  troubles: string[];
  stop(): Promise<void>;
}

function follow(start: Place | null = null): Follower {
  const controller = new AbortController();
  const follower: Follower = { texts: [], places: [], troubles: [], stop: async () => {} };
  const done = (async () => {
    const onTrouble = (message: string) => follower.troubles.push(message);
    for await (const lines of tail({ path, start, pollMs: 2, signal: controller.signal, onTrouble })) {
      follower.texts.push(...lines.map(({ line }) => line.text));
      follower.places.push(...lines.map(({ place }) => place));
    }
  })();
  follower.stop = async () => {
    controller.abort();
    await done;
  };
  running.push(follower);
  return follower;
}

async function reaches(follower: Follower, texts: string[]): Promise<void> {
  await vi.waitFor(() => expect(follower.texts).toEqual(texts), { timeout: 25_000, interval: 2 });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-tail-'));
  path = join(folder, 'queue_log');
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((follower) => follower.stop()));
  await rm(folder, { recursive: true });
});

describe('tail', () => {
  it('gives lines as they are written, and half a line only once it is whole', async () => {
    await writeFile(path, 'one\ntw');
    const follower = follow();
    await reaches(follower, ['one']);
    await appendFile(path, 'o\nthree\n');
    await reaches(follower, ['one', 'two', 'three']);
  });

  it('waits for a file that does not exist yet', async () => {
    const follower = follow();
    await writeFile(path, 'one\n');
    await reaches(follower, ['one']);
  });

  it('reads a renamed file to its end, because it is written to until the new one is opened', async () => {
    await writeFile(path, 'one\n');
    const follower = follow();
    await reaches(follower, ['one']);
    await rename(path, `${path}.1`);
    await writeFile(path, '');
    await appendFile(`${path}.1`, 'two\n');
    await reaches(follower, ['one', 'two']);
    await appendFile(`${path}.1`, 'three\nhalf');
    await appendFile(path, 'four\n');
    await reaches(follower, ['one', 'two', 'three', 'half', 'four']);
  });

  it('takes from the copy what had not been read when the file was truncated in place', async () => {
    await writeFile(path, 'one\n');
    const follower = follow();
    await reaches(follower, ['one']);
    const place = follower.places[0] ?? null;
    await follower.stop();
    await appendFile(path, 'two\nthr');
    await appendFile(path, 'ee\n');
    await copyFile(path, `${path}-20260101`);
    await truncate(path, 0);
    await appendFile(path, 'four\n');
    const again = follow(place);
    await reaches(again, ['one', 'two', 'three', 'four']);
    expect(again.troubles).toEqual([]);
  });

  it('notices a truncation while it runs, even when the file has grown past its place again', async () => {
    await writeFile(path, 'one\n');
    const follower = follow();
    await reaches(follower, ['one']);
    await copyFile(path, `${path}.1`);
    await writeFile(path, 'another, longer than what was there before\n');
    await reaches(follower, ['one', 'another, longer than what was there before']);
  });

  it('says so when what it had not read is gone, and reads on', async () => {
    await writeFile(path, 'one\ntwo\n');
    const follower = follow();
    await reaches(follower, ['one', 'two']);
    await truncate(path, 0);
    await appendFile(path, 'x\n');
    await reaches(follower, ['one', 'two', 'x']);
    expect(follower.troubles).toHaveLength(1);
  });

  it('continues at its place after a restart, through any number of rotations meanwhile', async () => {
    await writeFile(path, 'one\ntwo\nthree\n');
    const follower = follow();
    await reaches(follower, ['one', 'two', 'three']);
    await follower.stop();
    const place = follower.places[2] ?? null;
    await appendFile(path, 'four\n');
    await rename(path, `${path}.2`);
    await writeFile(`${path}.1`, 'five\n');
    await writeFile(path, 'six\n');
    await reaches(follow(place), ['three', 'four', 'five', 'six']);
  });

  it('reads from the beginning, and says so, when the file it knew is gone', async () => {
    await writeFile(path, 'one\n');
    const follower = follow({ inode: '1', fingerprint: '3:gone', offset: 3, line: 2 });
    await reaches(follower, ['one']);
    expect(follower.troubles).toHaveLength(1);
  });

  it('gives every line, in order, however writes, rotations and restarts fall', async () => {
    const act = fc.oneof(
      { weight: 5, arbitrary: fc.record({ act: fc.constant('write' as const), cut: fc.nat(12) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          act: fc.constantFrom('rename' as const, 'restart' as const),
          cut: fc.nat(12),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 15 }), async (acts) => {
        for (const entry of running.splice(0)) await entry.stop();
        await rm(folder, { recursive: true });
        folder = await mkdtemp(join(tmpdir(), 'callboard-tail-'));
        path = join(folder, 'queue_log');
        await writeFile(path, 'the beginning\n');
        let follower = follow();
        await reaches(follower, ['the beginning']);
        const written: string[] = ['the beginning'];
        const seen: string[] = [];
        let place: Place | null = null;
        let rotations = 0;
        for (const { act: what, cut } of acts) {
          if (what === 'write') {
            const text = `line ${written.length} of the log\n`;
            written.push(text.trimEnd());
            await appendFile(path, text.slice(0, cut));
            await appendFile(path, text.slice(cut));
          } else if (what === 'rename') {
            await rename(path, `${path}.${1_000 + rotations++}`);
            await writeFile(path, '');
          } else {
            await follower.stop();
            seen.push(...follower.texts);
            place = follower.places.at(-1) ?? place;
            follower = follow(place);
          }
        }
        await appendFile(path, 'the end\n');
        await vi.waitFor(() => expect(follower.texts.at(-1)).toBe('the end'), {
          timeout: 25_000,
          interval: 2,
        });
        // The line at a place is given again after a restart: its key makes that harmless [L2].
        expect([...new Set([...seen, ...follower.texts])]).toEqual([...written, 'the end']);
      }),
      { numRuns: 25 },
    );
  });
});
