import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { until } from '../../live/testing.ts';
import { forgetPrevious, jwtSecrets, rotateSecret } from './jwtSecrets.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'callboard-secret-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(dataDir, { recursive: true });
});

const kept = () => jwtSecrets({ jwtSecret: null, jwtSecretPrevious: null, dataDir });

it('a secret is rotated in its file, the one before beside it, both for the owner alone', async () => {
  const first = await kept();
  expect(first.previous).toBeNull();
  await rotateSecret(dataDir);
  const second = await kept();
  expect(second.previous).toBe(first.current);
  expect(second.current).toMatch(/^[\w-]{43}$/);
  expect(second.current).not.toBe(first.current);
  for (const name of ['jwt-secret', 'jwt-secret.previous']) {
    expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
  }
  await rotateSecret(dataDir);
  expect((await kept()).previous).toBe(second.current);
});

it('a server that started with both forgets the one before when nobody can hold a token of it', async () => {
  await kept();
  await rotateSecret(dataDir);
  vi.useFakeTimers();
  let isForgotten = false;
  forgetPrevious(dataDir, () => {
    isForgotten = true;
  });
  vi.advanceTimersByTime(600_000);
  expect(isForgotten).toBe(false);
  vi.advanceTimersByTime(61_000);
  expect(isForgotten).toBe(true);
  vi.useRealTimers();
  await until(() => !existsSync(join(dataDir, 'jwt-secret.previous')), 'its file is deleted');
  expect((await readFile(join(dataDir, 'jwt-secret'), 'utf8')).trim()).toHaveLength(43);
});

it('the environment comes before the files', async () => {
  await kept();
  const secrets = { jwtSecret: 'e'.repeat(32), jwtSecretPrevious: 'p'.repeat(32) };
  expect(await jwtSecrets({ ...secrets, dataDir })).toEqual({
    current: secrets.jwtSecret,
    previous: secrets.jwtSecretPrevious,
  });
});

it('where there is none there is nothing to rotate', async () => {
  await expect(rotateSecret(dataDir)).rejects.toThrow('There is no secret');
});
