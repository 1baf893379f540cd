import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

function mistakesOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('is complete without a single variable', () => {
    const config = loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), 'callboard-config-')) });
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      demo: true,
      basePath: '',
    });
  });

  it('reports every mistake at once, each with what to write instead', () => {
    const mistakes = mistakesOf({
      PORT: '70000',
      DATABASE_URL: 'mysql://user:hunter2@host/db',
      TENANT_TIME_ZONE: 'Mars/Olympus',
      LOG_LEVEL: 'loud',
      BASE_PATH: 'no slash',
      ADMIN_EMAIL: 'nobody',
      DEMO: 'maybe',
    });
    expect(mistakes.map((mistake) => mistake.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'PORT',
      'DEMO',
      'TENANT_TIME_ZONE',
      'LOG_LEVEL',
      'BASE_PATH',
      'ADMIN_EMAIL',
      'ADMIN_EMAIL',
    ]);
    expect(mistakes.every((mistake) => /write|set both/.test(mistake))).toBe(true);
  });

  it('never repeats a secret in a mistake', () => {
    const text = mistakesOf({ DATABASE_URL: 'mysql://user:hunter2@host/db', JWT_SECRET: 'hunter2' }).join();
    expect(text).not.toContain('hunter2');
  });

  it('[S3] refuses a token secret under 32 bytes', () => {
    expect(mistakesOf({ JWT_SECRET: 'x'.repeat(31) })).toHaveLength(1);
    expect(mistakesOf({ JWT_SECRET: 'x'.repeat(32) })).toEqual([]);
  });

  it('reads secrets from files, without the line end an editor adds', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'callboard-config-')), 'secret');
    writeFileSync(path, `${'s'.repeat(40)}\n`);
    expect(loadConfig({ JWT_SECRET_FILE: path }).jwtSecret).toBe('s'.repeat(40));
    expect(mistakesOf({ JWT_SECRET_FILE: path, JWT_SECRET: 'y'.repeat(40) })).toHaveLength(1);
    expect(mistakesOf({ JWT_SECRET_FILE: `${path}.absent` })).toHaveLength(1);
  });

  it('leaves the demo off beside a database of your own', () => {
    expect(loadConfig({ DATABASE_URL: 'postgres://u:p@127.0.0.1/db' }).demo).toBe(false);
  });
});
