import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Checks that need no server. Each returns problems (none: passed), or says why it could not look. */

/** What must never be committed: credentials, and addresses that are true on one machine only. */
const NEVER_COMMITTED = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['a signed token', /\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}/],
  ['a cloud or forge credential', /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|xox[abp]-[\w-]{20,})\b/],
  ['a path of one machine', /(?:^|[\s"'`(=:])\/(?:root|home\/\w+|Users\/\w+|work)\//],
  ['a package registry address', /"resolved"\s*:\s*"http|^\s*(?:@\w+:)?registry\s*=/m],
];

export function committedSecrets() {
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' });
  if (listed.status !== 0) return { skipped: 'not a git checkout, so what is committed is unknown' };
  const files = listed.stdout.split('\0').filter((file) => file !== '' && existsSync(file));
  const problems = [];
  for (const file of files) {
    const text = readFileSync(file, 'latin1');
    for (const [what, pattern] of NEVER_COMMITTED) {
      if (pattern.test(text)) problems.push(`${file}: looks like ${what}`);
    }
  }
  return { problems };
}

/** A setting that outlives its transaction is inherited by the next tenant on the pooled connection [S41]. */
const SESSION_SETTINGS = [
  /`\s*set\s+(?!local\b)\w/i,
  /\bset\s+(?:session\b|role\b(?!\s*=)|app\.)/i, // A column may be called role.
  /set_config\([^)]*,\s*false\s*\)/i,
];

/** True for a line of code that sets what outlives a transaction. */
export function setsForTheSession(line) {
  return SESSION_SETTINGS.some((pattern) => pattern.test(line));
}

export function sessionSettings() {
  const problems = [];
  for (const file of filesBelow('server', /(?<!\.test)\.ts$/)) {
    readFileSync(file, 'utf8')
      .split('\n')
      .forEach((line, index) => {
        if (setsForTheSession(line)) {
          problems.push(`${file}:${index + 1}: ${line.trim()}`);
        }
      });
  }
  return { problems };
}

/** Passwords, tokens and cookies that a server wrote to its own log while the browser tests used it [S22]. */
const NEVER_LOGGED = [
  ['a signed token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}/],
  ['a password', /correct-horse-battery/],
  ['a bearer header', /[Bb]earer (?!\[)[\w.-]{10,}/],
  ['a cookie', /"(?:set-)?cookie":\s*"(?!\[)/i],
  ['a refresh cookie', /callboard_refresh\w*=[\w-]{20,}/],
  // Of API keys and screens; a key's prefix has seven characters, for people to recognise it by.
  ['a key or a screen’s token', /\bc[bs]_[\w-]{20,}/],
  [
    'a link that lets somebody in',
    /\/(?:invitations?|password|resets?|setup|pair(?:ing)?)[/?#=][^\s"]*[\w-]{40,}/i,
  ],
  [
    'a secret field',
    /"(?:refreshToken|accessToken|inviteToken|resetToken|clientSecret|codeVerifier|passwordHash)":\s*"(?!\[)/i,
  ],
];

/** Said to whoever starts the server and nobody else: stdout, not the log. */
const WELCOME = /^ {2}https?:\/\/\S+\/#\/setup\/[\w-]{43}$/;

/** What a log must not hold, found in a line of it; null where there is nothing. */
export function secretIn(line) {
  if (WELCOME.test(line)) return null;
  return NEVER_LOGGED.find(([, pattern]) => pattern.test(line))?.[0] ?? null;
}

export function loggedSecrets(folder) {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  if (files.length === 0) return { skipped: 'no server log was written, because no browser test ran' };
  const problems = [];
  for (const file of files) {
    const told = new Set();
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const what = secretIn(line);
      if (what === null || told.has(what)) continue;
      told.add(what); // One line of a kind is enough to find the place.
      problems.push(`${file}: ${what} in: ${line.slice(0, 60)}…`);
    }
  }
  return { problems };
}

export function criticalHoles() {
  const audit = spawnSync('npm', ['audit', '--audit-level=critical', '--json'], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  const report = parse(audit.stdout);
  const critical = report?.metadata?.vulnerabilities?.critical;
  if (critical === undefined) return { skipped: 'no package registry answered npm audit' };
  const names = Object.entries(report.vulnerabilities ?? {})
    .filter(([, { severity }]) => severity === 'critical')
    .map(([name]) => `${name}: known critical hole, see npm audit`);
  return { problems: names };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function filesBelow(folder, pattern) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
