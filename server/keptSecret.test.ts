import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptSecret, typeablePassword } from './keptSecret.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'callboard-secret-'));

describe('a kept secret', () => {
  it('is made once, readable by its owner alone, and the same ever after', async () => {
    const dataDir = folder();
    const first = await keptSecret(dataDir, 'jwt-secret');
    const second = await keptSecret(dataDir, 'jwt-secret');
    expect(first.isNew).toBe(true);
    expect(second).toEqual({ ...first, isNew: false });
    expect(statSync(first.path).mode & 0o777).toBe(0o600);
    expect(Buffer.byteLength(first.secret)).toBeGreaterThanOrEqual(32);
  });

  it('refuses an empty file instead of signing with nothing', async () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, 'jwt-secret'), '');
    await expect(keptSecret(dataDir, 'jwt-secret')).rejects.toThrow(/is empty/);
  });

  it('a password to be typed has 20 characters without look-alikes', () => {
    for (let i = 0; i < 50; i++)
      expect(typeablePassword()).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
  });
});
