import { pino } from 'pino';
import { rotateSecret } from './access/sessions/jwtSecrets.ts';
import { makeOwner, resetLink } from './cli/accounts.ts';
import { type AccountArguments, parseArguments, USAGE, UsageError } from './cli/arguments.ts';
import { followFile } from './cli/followFile.ts';
import { importFile, summary } from './cli/importFile.ts';
import { rebuild } from './cli/rebuild.ts';
import { openTarget } from './cli/target.ts';
import { loadConfig } from './config.ts';
import { isDatabaseUnavailable } from './http/errors.ts';

/**
 * What an operator types: `npm run callboard -- import asterisk FILE`. Exit code 0: done; 1: failed, and why; 2: the
 * arguments are wrong. A second Ctrl-C does not wait.
 */
async function main(): Promise<number> {
  const given = parseArguments(process.argv.slice(2), process.env);
  if (given === null) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (given.command === 'rotate-secret') {
    const { dataDir, jwtSecret } = loadConfig(process.env);
    if (jwtSecret !== null) {
      throw new Error(
        'The secret is that of JWT_SECRET: write another one there, and this one into JWT_SECRET_PREVIOUS for ten minutes.',
      );
    }
    await rotateSecret(dataDir);
    process.stdout.write('Done. Restart the server: it signs by the new secret, and nobody is signed out.\n');
    return 0;
  }
  if ('email' in given) {
    process.stdout.write(await helpAccount(given));
    return 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const log = pino({ level: given.command === 'follow' ? 'info' : 'error' }, pino.destination(2));
  const place = given.command === 'rebuild' ? { ...given, timeZone: 'UTC', url: null, key: null } : given;
  const target = await openTarget(place, process.env, log);
  try {
    if (given.command === 'rebuild') {
      if (target.kind !== 'database') throw new Error('unreachable: there is no address');
      const isDone = await rebuild(target.db, target.tenantId, {
        signal: stop.signal,
        stream: process.stderr,
      });
      if (isDone) process.stdout.write('Every figure has been counted anew.\n');
      else
        process.stderr.write('Stopped. The server counts the rest, or the same command goes on with it.\n');
      return isDone ? 0 : 1;
    }
    if (given.command === 'follow') {
      await followFile(given, target, {
        dataDir: process.env.DATA_DIR ?? './data',
        signal: stop.signal,
        log,
      });
      return 0;
    }
    const answer = await Promise.race([importFile(given, target), aborted(stop.signal)]);
    if (answer === null) {
      process.stderr.write('Stopped. What was taken in stays; import the file again to add the rest.\n');
      return 1;
    }
    process.stdout.write(`${summary(answer)}\n`);
    for (const { line, field, message } of answer.rejections) {
      process.stdout.write(`  line ${line}: ${field} ${message}\n`);
    }
    if (answer.rejected > answer.rejections.length)
      process.stdout.write('  … GET /api/v1/ingest/rejections has the rest\n');
    return 0;
  } finally {
    await target.close();
  }
}

async function helpAccount({ command, email }: AccountArguments): Promise<string> {
  const log = pino({ level: 'error' }, pino.destination(2));
  if (command === 'password') {
    const link = await resetLink(email, process.env, log);
    return `Good once, for an hour; it ends every session of ${email}:\n  ${link}\n`;
  }
  await makeOwner(email, process.env, log);
  return `${email} runs this installation now.\n`;
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
}

try {
  process.exitCode = await main();
} catch (error) {
  const said = error instanceof Error ? error.message : String(error);
  const hint = 'What was taken in stays; once the database is back, the same command adds the rest.';
  const message = isDatabaseUnavailable(error)
    ? `The database is away: ${said.replace(/\.$/, '')}. ${hint}`
    : said;
  process.stderr.write(error instanceof UsageError ? `${message}\n\n${USAGE}` : `${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
