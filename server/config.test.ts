import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'callboard-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

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
  it('needs nothing at all', () => {
    expect(loadConfig({ DATA_DIR: join(folder, 'none') })).toEqual({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      directDatabaseUrl: null,
      dataDir: join(folder, 'none'),
      demo: true,
      demoSeed: 'callboard',
      demoSpeed: 1,
      adminEmail: null,
      adminPassword: null,
      tenantName: 'My call centre',
      tenantTimeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      logLevel: 'info',
      trustProxy: false,
      basePath: '',
      jwtSecret: null,
      jwtSecretPrevious: null,
      socketCaps: { perAddress: 2_000, perUser: 200 },
      metricsToken: null,
      sso: null,
      publicUrl: null,
      mail: null,
      eventRetentionMonths: null,
    });
    expect(loadConfig({}).dataDir).toBe(resolve('data'));
  });

  it('reads every variable', () => {
    const config = loadConfig({
      PORT: '8080',
      HOST: '0.0.0.0',
      DATABASE_URL: 'postgres://a:b@db:5432/callboard',
      DIRECT_DATABASE_URL: 'postgresql://a:b@direct/callboard',
      DEMO: 'on',
      ADMIN_EMAIL: 'a@example.test',
      ADMIN_PASSWORD: 'long enough',
      TENANT_NAME: 'Acme',
      TENANT_TIME_ZONE: 'Europe/Berlin',
      LOG_LEVEL: 'warn',
      TRUST_PROXY: '10.0.0.0/8, loopback',
      BASE_PATH: '/wall/board/',
      JWT_SECRET: 'x'.repeat(32),
      METRICS_TOKEN: 'm'.repeat(16),
      SOCKETS_PER_ADDRESS: '500',
      SOCKETS_PER_USER: '7',
    });
    expect(config).toMatchObject({
      port: 8080,
      host: '0.0.0.0',
      databaseUrl: 'postgres://a:b@db:5432/callboard',
      directDatabaseUrl: 'postgresql://a:b@direct/callboard',
      demo: true,
      demoSeed: 'callboard',
      demoSpeed: 1,
      adminEmail: 'a@example.test',
      tenantName: 'Acme',
      tenantTimeZone: 'Europe/Berlin',
      logLevel: 'warn',
      trustProxy: '10.0.0.0/8,loopback',
      basePath: '/wall/board',
      socketCaps: { perAddress: 500, perUser: 7 },
    });
  });

  it('reports every mistake at once, each with what to write instead', () => {
    const mistakes = mistakesOf({
      PORT: '70000',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      DEMO: 'maybe',
      ADMIN_EMAIL: 'nobody',
      ADMIN_PASSWORD: 'short',
      TENANT_TIME_ZONE: 'Berlin',
      LOG_LEVEL: 'loud',
      TRUST_PROXY: '1',
      BASE_PATH: 'wall',
      JWT_SECRET: 'too short',
      METRICS_TOKEN: 'short',
      SOCKETS_PER_ADDRESS: '0',
      SOCKETS_PER_USER: 'many',
    });
    expect(mistakes).toHaveLength(13);
    for (const mistake of mistakes) expect(mistake).toMatch(/write /);
    expect(mistakes.join()).not.toMatch(/hunter2|too short/);
  });

  it('[S3] refuses a signing secret under 32 bytes', () => {
    expect(mistakesOf({ JWT_SECRET: 'x'.repeat(31) })).toHaveLength(1);
    expect(mistakesOf({ JWT_SECRET: 'x'.repeat(32) })).toEqual([]);
    const both = { JWT_SECRET: 'x'.repeat(32), JWT_SECRET_PREVIOUS: 'y'.repeat(31) };
    expect(mistakesOf(both)).toEqual([expect.stringContaining('JWT_SECRET_PREVIOUS')]);
    expect(mistakesOf({ JWT_SECRET_PREVIOUS: 'y'.repeat(32) })).toHaveLength(1);
    expect(mistakesOf({ JWT_SECRET_FILE: file('short', 'x'.repeat(31)) })).toHaveLength(1);
  });

  it('reads secrets from files, without the newline an editor adds', () => {
    const env = {
      ADMIN_EMAIL: 'a@example.test',
      ADMIN_PASSWORD_FILE: file('password', ' from a file \n'),
      DATABASE_URL_FILE: file('url', 'postgres://a:b@db/c\n'),
    };
    expect(loadConfig(env)).toMatchObject({
      adminPassword: ' from a file ',
      databaseUrl: 'postgres://a:b@db/c',
    });
  });

  it('says which secret file cannot be used', () => {
    expect(mistakesOf({ JWT_SECRET_FILE: join(folder, 'absent') })).toEqual([
      expect.stringContaining('JWT_SECRET_FILE'),
    ]);
    expect(mistakesOf({ JWT_SECRET_FILE: file('empty', '\n') })).toEqual([expect.stringContaining('empty')]);
    const both = { JWT_SECRET: 'x'.repeat(40), JWT_SECRET_FILE: file('both', 'y'.repeat(40)) };
    expect(mistakesOf(both)).toEqual([expect.stringContaining('both set')]);
  });

  it('wants the administrator whole or not at all', () => {
    expect(mistakesOf({ ADMIN_EMAIL: 'a@example.test' })).toHaveLength(1);
    expect(mistakesOf({ ADMIN_PASSWORD: 'long enough' })).toHaveLength(1);
    expect(mistakesOf({ DIRECT_DATABASE_URL: 'postgres://a:b@db/c' })).toHaveLength(1);
  });

  it('starts the demo by itself only with an embedded database that is new', () => {
    file('something', 'here');
    expect(loadConfig({ DATA_DIR: folder }).demo).toBe(false);
    expect(loadConfig({ DATA_DIR: join(folder, 'none') }).demo).toBe(true);
    expect(loadConfig({ DATA_DIR: join(folder, 'none'), DEMO: 'off' }).demo).toBe(false);
    expect(loadConfig({ DATABASE_URL: 'postgres://a:b@db/c' }).demo).toBe(false);
    file('demo', 'it plays');
    expect(loadConfig({ DATA_DIR: folder }).demo).toBe(true);
    expect(loadConfig({ DATA_DIR: folder, DEMO: 'off' }).demo).toBe(false);
  });

  it('takes empty variables as absent', () => {
    expect(mistakesOf({ PORT: '', JWT_SECRET: '', ADMIN_EMAIL: ' ', DATABASE_URL: '' })).toEqual([]);
  });
});

const MAIL = {
  SMTP_URL: 'smtp://callboard:secret@mail.example.test:587',
  MAIL_FROM: 'Callboard <callboard@example.test>',
  PUBLIC_URL: 'https://wall.example.test',
};

describe('mail in the configuration', () => {
  it('is whole or not there', () => {
    expect(loadConfig({})).toMatchObject({ mail: null, publicUrl: null });
    expect(loadConfig(MAIL)).toMatchObject({
      mail: { smtpUrl: MAIL.SMTP_URL, from: MAIL.MAIL_FROM },
      publicUrl: 'https://wall.example.test',
    });
    expect(loadConfig({ PUBLIC_URL: 'http://10.0.0.5:3000/' }).publicUrl).toBe('http://10.0.0.5:3000');
    expect(mistakesOf({ SMTP_URL: MAIL.SMTP_URL })).toEqual([
      expect.stringContaining('without MAIL_FROM'),
      expect.stringContaining('without PUBLIC_URL'),
    ]);
    expect(mistakesOf({ MAIL_FROM: MAIL.MAIL_FROM })).toEqual([expect.stringContaining('without SMTP_URL')]);
  });

  it('names what is wrong, and never the password', () => {
    const wrong = mistakesOf({ ...MAIL, SMTP_URL: 'mail.example.test:secret', MAIL_FROM: 'Callboard' });
    expect(wrong).toEqual([
      expect.stringContaining('SMTP_URL is not the address of a mail server'),
      expect.stringContaining('MAIL_FROM is "Callboard"'),
    ]);
    expect(wrong.join()).not.toContain('secret');
    for (const PUBLIC_URL of [
      'wall.example.test',
      'ftp://a.test',
      'https://a.test/?x=1',
      'https://u@a.test',
    ]) {
      expect(mistakesOf({ PUBLIC_URL }), PUBLIC_URL).toEqual([expect.stringContaining('PUBLIC_URL')]);
    }
  });

  it('keeps events for whole months, or for good', () => {
    expect(loadConfig({}).eventRetentionMonths).toBeNull();
    expect(loadConfig({ EVENT_RETENTION_MONTHS: '18' }).eventRetentionMonths).toBe(18);
    for (const EVENT_RETENTION_MONTHS of ['0', '-1', '1.5', '1000', 'forever'])
      expect(mistakesOf({ EVENT_RETENTION_MONTHS })).toEqual([
        expect.stringContaining('EVENT_RETENTION_MONTHS'),
      ]);
  });

  it('holds the public address to the path that pages are served under', () => {
    const BASE_PATH = '/wall';
    expect(loadConfig({ BASE_PATH, PUBLIC_URL: 'https://a.test/wall/' }).publicUrl).toBe(
      'https://a.test/wall',
    );
    expect(mistakesOf({ BASE_PATH, PUBLIC_URL: 'https://a.test' })).toEqual([
      expect.stringContaining('write https://a.test/wall'),
    ]);
    expect(mistakesOf({ PUBLIC_URL: 'https://a.test/wall' })).toEqual([
      expect.stringContaining('write https://a.test,'),
    ]);
  });
});

describe('README.md', () => {
  const root = resolve(import.meta.dirname, '..');
  const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
  const rows = textOf('README.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|')[1] ?? '');
  const read = ['server/config.ts', 'server/mail/mailConfig.ts', 'server/access/sso/ssoConfig.ts'].flatMap(
    (path) =>
      [...textOf(path).matchAll(/\b(read|count|secret|databaseUrl|signingSecret)\('([A-Z_]+)'/g)].map(
        ([, how = '', name = '']) => ({ isSecret: !/read|count/.test(how), name }),
      ),
  );

  it('has a row for every variable that is read, and marks those that may be files', () => {
    expect(read.length).toBeGreaterThan(30);
    for (const { isSecret, name } of read) {
      if (name.endsWith('_FILE')) continue;
      const row = rows.find((one) => one.includes(`\`${name}\``));
      expect(row, name).toBeDefined();
      if (isSecret) expect(row, name).toContain(`\`${name}\`*`);
    }
  });
});
