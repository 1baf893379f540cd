import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { IANAZone } from 'luxon';

/** What the environment decides. README.md has the same table for operators; keep them together. */
export interface Config {
  port: number;
  host: string;
  /** Null: the embedded PostgreSQL. */
  databaseUrl: string | null;
  directDatabaseUrl: string | null;
  dataDir: string;
  demo: boolean;
  adminEmail: string | null;
  adminPassword: string | null;
  tenantName: string;
  tenantTimeZone: string;
  logLevel: string;
  /** False: `X-Forwarded-*` is ignored. Otherwise true, or the addresses whose word is taken. */
  trustProxy: boolean | string;
  /** '' or '/path' under which everything is served. */
  basePath: string;
  /** Null: made once and kept in `dataDir`. */
  jwtSecret: string | null;
}

/** Every mistake in the environment at once, each with what to write instead. */
export class ConfigError extends Error {
  constructor(readonly mistakes: string[]) {
    super(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${mistakes.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
}

/** HS256 needs as many bits of key as it has of output: a shorter secret can be guessed offline [S3]. */
const SECRET_BYTES = 32;
/** Shorter passwords are guessed, not cracked. */
const PASSWORD_CHARACTERS = 10;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const BASE_PATH = /^(\/[A-Za-z0-9._~-]+)+$/;

/** Reads and checks the environment; throws {@link ConfigError} naming every mistake. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const mistakes: string[] = [];
  const read = readerOf(env, mistakes);
  const databaseUrl = postgresUrl(read, 'DATABASE_URL', mistakes);
  const directDatabaseUrl = postgresUrl(read, 'DIRECT_DATABASE_URL', mistakes);
  if (directDatabaseUrl !== null && databaseUrl === null) {
    mistakes.push(
      'DIRECT_DATABASE_URL is set without DATABASE_URL: set both, or neither for the embedded PostgreSQL.',
    );
  }
  const dataDir = resolve(read('DATA_DIR') ?? './data');
  const config: Config = {
    port: port(read('PORT') ?? '3000', mistakes),
    host: read('HOST') ?? '127.0.0.1',
    databaseUrl,
    directDatabaseUrl,
    dataDir,
    demo: demo(read('DEMO'), databaseUrl === null && !existsSync(resolve(dataDir, 'postgres')), mistakes),
    adminEmail: read('ADMIN_EMAIL'),
    adminPassword: read('ADMIN_PASSWORD'),
    tenantName: read('TENANT_NAME') ?? 'Call centre',
    tenantTimeZone: timeZone(read('TENANT_TIME_ZONE'), mistakes),
    logLevel: oneOf('LOG_LEVEL', read('LOG_LEVEL') ?? 'info', LOG_LEVELS, mistakes),
    trustProxy: trustProxy(read('TRUST_PROXY') ?? 'false'),
    basePath: basePath(read('BASE_PATH') ?? '', mistakes),
    jwtSecret: read('JWT_SECRET'),
  };
  checkSecrets(config, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
}

type Read = (name: string) => string | null;

/** A variable, or the content of the file its `_FILE` twin names: how container platforms hand over secrets. */
function readerOf(env: NodeJS.ProcessEnv, mistakes: string[]): Read {
  return (name) => {
    const value = env[name];
    const path = env[`${name}_FILE`];
    if (path === undefined || path === '') return value === undefined || value === '' ? null : value;
    if (value !== undefined && value !== '') {
      mistakes.push(`${name} and ${name}_FILE are both set: keep one of them.`);
      return null;
    }
    try {
      return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    } catch {
      mistakes.push(`${name}_FILE names a file that cannot be read: give the path of a readable file.`);
      return null;
    }
  };
}

function port(text: string, mistakes: string[]): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) {
    mistakes.push(`PORT is "${text}": write a whole number from 0 to 65535, e.g. 3000 (0 picks a free one).`);
  }
  return value;
}

function postgresUrl(read: Read, name: string, mistakes: string[]): string | null {
  const text = read(name);
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    // The value is not repeated: it holds a password.
    mistakes.push(`${name} is no PostgreSQL address: write postgres://user:password@host:5432/database.`);
  }
  return text;
}

function demo(text: string | null, isNew: boolean, mistakes: string[]): boolean {
  if (text === null) return isNew;
  return oneOf('DEMO', text, ['on', 'off'], mistakes) === 'on';
}

function timeZone(text: string | null, mistakes: string[]): string {
  const zone = text ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!IANAZone.isValidZone(zone)) {
    mistakes.push(`TENANT_TIME_ZONE is "${zone}": write an IANA time zone, e.g. Europe/Madrid or UTC.`);
  }
  return zone;
}

function oneOf(name: string, text: string, choices: readonly string[], mistakes: string[]): string {
  if (!choices.includes(text)) mistakes.push(`${name} is "${text}": write one of ${choices.join(', ')}.`);
  return text;
}

function trustProxy(text: string): boolean | string {
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}

function basePath(text: string, mistakes: string[]): string {
  const path = text === '/' ? '' : text.replace(/\/$/, '');
  if (path !== '' && !BASE_PATH.test(path)) {
    mistakes.push(`BASE_PATH is "${text}": write a path such as /callboard, or leave it out.`);
  }
  return path;
}

function checkSecrets(config: Config, mistakes: string[]): void {
  const { adminEmail, adminPassword, jwtSecret } = config;
  if (adminEmail !== null && !EMAIL.test(adminEmail)) {
    mistakes.push(`ADMIN_EMAIL is "${adminEmail}": write an e-mail address, e.g. admin@example.com.`);
  }
  if ((adminEmail === null) !== (adminPassword === null)) {
    mistakes.push('ADMIN_EMAIL and ADMIN_PASSWORD belong together: set both, or neither.');
  }
  if (adminPassword !== null && adminPassword.length < PASSWORD_CHARACTERS) {
    mistakes.push(`ADMIN_PASSWORD is too short: write at least ${PASSWORD_CHARACTERS} characters.`);
  }
  if (jwtSecret !== null && Buffer.byteLength(jwtSecret) < SECRET_BYTES) {
    mistakes.push(
      `JWT_SECRET is too short: write at least ${SECRET_BYTES} bytes, e.g. from "openssl rand -base64 32".`,
    );
  }
}
