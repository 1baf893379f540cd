import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PASSWORD_LENGTH } from '../shared/contract/rest.ts';
import { readSsoConfig, type SsoConfig } from './access/sso/ssoConfig.ts';
import { isTimeZone } from './ingest/asterisk/localTime.ts';
import { SOCKET_CAPS, type SocketCaps } from './live/sockets/admission.ts';
import { type MailConfig, readMailConfig, readPublicUrl } from './mail/mailConfig.ts';

/** Everything an operator decides, from the environment. README.md lists the variables. */
export interface Config {
  port: number;
  host: string;
  /** Null: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | null;
  directDatabaseUrl: string | null;
  dataDir: string;
  demo: boolean;
  /** Which demo call centre it is; the same seed tells the same days. */
  demoSeed: string;
  /** How many times faster than life the demo goes on. */
  demoSpeed: number;
  adminEmail: string | null;
  adminPassword: string | null;
  tenantName: string;
  tenantTimeZone: string;
  logLevel: string;
  /** As Fastify's `trustProxy`: false, true (one that is certainly there), or addresses and ranges. */
  trustProxy: boolean | string;
  /** '' or '/x', never with a slash at its end. */
  basePath: string;
  /** Null: made once and kept in `dataDir`. */
  jwtSecret: string | null;
  /** Also verified by, while another takes its place: the one before, or on other nodes the next. */
  jwtSecretPrevious: string | null;
  /** Sockets at a time of one address, and of one account or key. */
  socketCaps: Pick<SocketCaps, 'perAddress' | 'perUser'>;
  /** Null: /metrics answers this machine only. */
  metricsToken: string | null;
  /** Null: people sign in with a password only. */
  sso: SsoConfig | null;
  /** Where people reach the server, without a slash at its end. Null: the page knows its own address, mails do not. */
  publicUrl: string | null;
  /** Null: links are shown to administrators, and nobody is mailed. */
  mail: MailConfig | null;
  /** How many months events are kept in every call centre; null: until somebody decides otherwise. */
  eventRetentionMonths: number | null;
}

/** Every mistake in the environment at once, each with what to write instead. */
export class ConfigError extends Error {
  constructor(readonly mistakes: string[]) {
    super(`The configuration has mistakes:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
/** RFC 8725: a key of HS256 has at least the 256 bits of its hash; a shorter one is found by trying [S3]. */
const SECRET_BYTES = 32;

export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const mistakes: string[] = [];
  const mistake = (text: string): void => {
    mistakes.push(text);
  };

  /** The variable's value; empty counts as absent, as compose files leave it. */
  const read = (name: string): string | null => env[name]?.trim() || null;

  /** A secret: the variable itself, or the content of the file that NAME_FILE names. */
  const secret = (name: string): string | null => {
    const value = env[name] || null;
    const file = read(`${name}_FILE`);
    if (file === null) return value;
    if (value !== null) mistake(`${name} and ${name}_FILE are both set: keep one of them`);
    try {
      const content = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      if (content === '') mistake(`${name}_FILE names ${file}, which is empty: write the secret into it`);
      return content || null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      mistake(`${name}_FILE names a file that cannot be read (${reason}): name a readable file`);
      return null;
    }
  };

  const count = (name: string, otherwise: number): number => {
    const value = read(name) ?? String(otherwise);
    if (/^[1-9]\d{0,4}$/.test(value)) return Number(value);
    mistake(`${name} is "${value}": write a number from 1 to 99999`);
    return otherwise;
  };

  const months = (text: string | null): number | null => {
    if (text === null) return null;
    if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
    mistake(
      `EVENT_RETENTION_MONTHS is "${text}": write a number of months from 1 to 999, or nothing to keep events`,
    );
    return null;
  };

  const databaseUrl = (name: string): string | null => {
    const value = secret(name);
    if (value === null) return null;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '') return value;
    // Never the value itself: it holds a password.
    mistake(`${name} is not a connection string: write postgres://user:password@host:5432/database`);
    return null;
  };

  const port = (): number => {
    const value = read('PORT') ?? '3000';
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
    mistake(`PORT is "${value}": write a number from 1 to 65535, or 0 for any free port`);
    return 0;
  };

  const dataDir = resolve(read('DATA_DIR') ?? 'data');
  const database = databaseUrl('DATABASE_URL');
  const direct = databaseUrl('DIRECT_DATABASE_URL');
  if (direct !== null && database === null && read('DATABASE_URL') === null) {
    mistake(
      'DIRECT_DATABASE_URL is set without DATABASE_URL: set both, or neither for the embedded database',
    );
  }

  const demo = (): boolean => {
    const value = read('DEMO');
    if (value === null) return database === null && (isNew(dataDir) || existsSync(demoMarker(dataDir)));
    if (value !== 'on' && value !== 'off') mistake(`DEMO is "${value}": write on or off`);
    return value === 'on';
  };

  const demoSeed = read('DEMO_SEED') ?? 'callboard';
  if (!/^[\w.-]{1,40}$/.test(demoSeed)) {
    mistake(`DEMO_SEED is "${demoSeed}": write up to 40 letters, digits or . _ -`);
  }
  const demoSpeed = Number(read('DEMO_SPEED') ?? 1);
  if (!(demoSpeed >= 1 && demoSpeed <= 60)) {
    mistake(`DEMO_SPEED is "${read('DEMO_SPEED')}": write how many times faster than life, 1 to 60`);
  }

  const adminEmail = read('ADMIN_EMAIL');
  const adminPassword = secret('ADMIN_PASSWORD');
  if (adminEmail !== null && !/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(adminEmail)) {
    mistake(`ADMIN_EMAIL is "${adminEmail}": write an e-mail address, e.g. admin@example.com`);
  }
  if (adminPassword !== null && (adminPassword.length < PASSWORD_LENGTH || adminPassword.length > 1_024)) {
    mistake(`ADMIN_PASSWORD has ${adminPassword.length} characters: write ${PASSWORD_LENGTH} to 1024`);
  }
  if (adminEmail !== null && adminPassword === null && read('ADMIN_PASSWORD_FILE') === null) {
    mistake('ADMIN_EMAIL is set without ADMIN_PASSWORD: set both, or neither to set up in the browser');
  }
  if (adminEmail === null && adminPassword !== null) {
    mistake('ADMIN_PASSWORD is set without ADMIN_EMAIL: set both, or neither to set up in the browser');
  }

  const tenantName = read('TENANT_NAME') ?? 'My call centre';
  if (tenantName.length > 100) mistake('TENANT_NAME is longer than 100 characters: write a shorter one');
  // Whoever sets up in the browser most likely sits in this machine's zone, and the demo is already playing then.
  const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const tenantTimeZone = read('TENANT_TIME_ZONE') ?? (adminEmail === null ? ownZone : 'UTC');
  if (!isTimeZone(tenantTimeZone)) {
    mistake(`TENANT_TIME_ZONE is "${tenantTimeZone}": write an IANA time zone, e.g. Europe/Berlin`);
  }

  const logLevel = read('LOG_LEVEL') ?? 'info';
  if (!LOG_LEVELS.includes(logLevel)) {
    mistake(`LOG_LEVEL is "${logLevel}": write one of ${LOG_LEVELS.join(', ')}`);
  }

  const signingSecret = (name: string): string | null => {
    const value = secret(name);
    if (value === null || Buffer.byteLength(value) >= SECRET_BYTES) return value;
    mistake(
      `${name} has ${Buffer.byteLength(value)} bytes: write at least ${SECRET_BYTES} random ones, e.g. of: openssl rand -base64 48`,
    );
    return null;
  };
  const jwtSecret = signingSecret('JWT_SECRET');
  const jwtSecretPrevious = signingSecret('JWT_SECRET_PREVIOUS');
  if (jwtSecretPrevious !== null && jwtSecret === null) {
    mistake('JWT_SECRET_PREVIOUS is set without JWT_SECRET: set both, or write neither');
  }
  const metricsToken = secret('METRICS_TOKEN');
  if (metricsToken !== null && !/^[\w.~+/=-]{16,}$/.test(metricsToken)) {
    mistake(
      'METRICS_TOKEN: write at least 16 letters, digits or . _ ~ + / = -, e.g. of: openssl rand -hex 24',
    );
  }

  const servedUnder = basePath(read('BASE_PATH'), mistake);
  const publicUrl = readPublicUrl({ read, secret, mistake }, servedUnder);

  const config: Config = {
    port: port(),
    host: read('HOST') ?? '127.0.0.1',
    databaseUrl: database,
    directDatabaseUrl: direct,
    dataDir,
    demo: demo(),
    demoSeed,
    demoSpeed,
    adminEmail,
    adminPassword,
    tenantName,
    tenantTimeZone,
    logLevel,
    trustProxy: trustedProxies(read('TRUST_PROXY'), mistake),
    basePath: servedUnder,
    jwtSecret,
    jwtSecretPrevious,
    socketCaps: {
      perAddress: count('SOCKETS_PER_ADDRESS', SOCKET_CAPS.perAddress),
      perUser: count('SOCKETS_PER_USER', SOCKET_CAPS.perUser),
    },
    metricsToken,
    sso: readSsoConfig({ read, secret, mistake }),
    publicUrl,
    mail: readMailConfig({ read, secret, mistake }, publicUrl),
    eventRetentionMonths: months(read('EVENT_RETENTION_MONTHS')),
  };
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
}

/** Lies in the data directory while the demo plays, so that it goes on after a restart. */
export function demoMarker(dataDir: string): string {
  return join(dataDir, 'demo');
}

/** Nothing has been started there yet. */
function isNew(dataDir: string): boolean {
  return !existsSync(dataDir) || readdirSync(dataDir).length === 0;
}

const ADDRESS = /^(?:loopback|linklocal|uniquelocal|[\da-f.:]+(?:\/\d{1,3})?)$/i;

function trustedProxies(value: string | null, mistake: (text: string) => void): boolean | string {
  if (value === null || /^(?:off|false|no)$/i.test(value)) return false;
  if (/^(?:on|true|yes)$/i.test(value)) return true;
  const addresses = value.split(',').map((address) => address.trim());
  // A bare number is a count of proxies elsewhere, and would silently be an address here.
  if (addresses.every((address) => ADDRESS.test(address) && !/^\d+$/.test(address))) {
    return addresses.join(',');
  }
  mistake(`TRUST_PROXY is "${value}": write on, off, or the proxy's addresses, e.g. loopback or 10.0.0.0/8`);
  return false;
}

function basePath(value: string | null, mistake: (text: string) => void): string {
  const path = (value ?? '').replace(/\/+$/, '');
  if (path === '' || /^(?:\/[\w~-][\w.~-]*)+$/.test(path)) return path;
  mistake(`BASE_PATH is "${value}": write a path that starts with a slash, e.g. /callboard`);
  return '';
}
