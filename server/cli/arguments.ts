import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `Usage:
  npm run callboard -- import asterisk FILE    take in a queue_log (- reads standard input)
  npm run callboard -- follow asterisk FILE    take in a queue_log as it grows, until Ctrl-C
  npm run callboard -- rebuild                 count every figure of past days anew from the visits; may be stopped
  npm run callboard -- rotate-secret           another secret for access tokens in DATA_DIR; then restart the server
  npm run callboard -- owner EMAIL             let this account make, rename and delete call centres
  npm run callboard -- password EMAIL          a link to choose a new password, where nobody else can help

Options:
  --time-zone ZONE   zone of local date-times (table form), e.g. Europe/Berlin; default UTC
  --source NAME      what the telephone system is called; default asterisk
  --url URL          send to this server (or CALLBOARD_URL) ...
  --key KEY          ... with this API key of scope events:write (or CALLBOARD_KEY)
  --tenant NAME      without --url: the tenant, by slug or id, where there are several

With --url the server does the work, and this may run on the telephone system itself. Without it the database is
written directly: DATABASE_URL, or the embedded one in DATA_DIR (./data), whether its server is running or not.
`;

export interface Arguments {
  command: 'import' | 'follow';
  file: string;
  timeZone: string;
  source: string;
  tenant: string | null;
  url: string | null;
  key: string | null;
}

/** Of which tenant to count the figures anew. */
export interface RebuildArguments {
  command: 'rebuild';
  tenant: string | null;
}

/** Whom to make a platform owner, or to help to a new password. */
export interface AccountArguments {
  command: 'owner' | 'password';
  email: string;
}

/** A mistake in what was typed: shown with the usage. */
export class UsageError extends Error {}

/** Null: help was asked for. */
export function parseArguments(
  argv: string[],
  env: NodeJS.ProcessEnv,
): Arguments | AccountArguments | RebuildArguments | { command: 'rotate-secret' } | null {
  const { values, positionals } = parse(argv);
  if (values.help === true || positionals.length === 0) return null;
  const [command, system, file, ...more] = positionals;
  if (command === 'rotate-secret') {
    if (system !== undefined) throw new UsageError('rotate-secret takes nothing more');
    return { command };
  }
  if (command === 'rebuild') {
    if (system !== undefined) throw new UsageError('rebuild takes nothing more but --tenant');
    if (values.url !== undefined)
      throw new UsageError('rebuild works on the database itself: leave --url out');
    return { command, tenant: values.tenant ?? null };
  }
  if (command === 'owner' || command === 'password') {
    if (system === undefined || file !== undefined)
      throw new UsageError(`name one account: ${command} EMAIL`);
    return { command, email: system };
  }
  if (command !== 'import' && command !== 'follow') throw new UsageError(`there is no command "${command}"`);
  if (system !== 'asterisk') throw new UsageError(`${command} what? Write: ${command} asterisk FILE`);
  if (file === undefined || more.length > 0) throw new UsageError(`name one file: ${command} asterisk FILE`);
  if (command === 'follow' && file === '-')
    throw new UsageError('follow needs a file; standard input has no place to come back to');
  const url = values.url ?? env.CALLBOARD_URL ?? null;
  const key = values.key ?? env.CALLBOARD_KEY ?? null;
  if (url !== null && key === null)
    throw new UsageError('--url needs --key (or CALLBOARD_KEY), an API key of scope events:write');
  if (url !== null && values.tenant !== undefined)
    throw new UsageError('with --url the key decides the tenant; leave --tenant out');
  return {
    command,
    // npm runs scripts in the package's folder; what was typed is meant from where it was typed.
    file: file === '-' ? file : resolve(env.INIT_CWD ?? '.', file),
    timeZone: values['time-zone'] ?? 'UTC',
    source: values.source ?? 'asterisk',
    tenant: values.tenant ?? null,
    url,
    key,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        'time-zone': { type: 'string' },
        source: { type: 'string' },
        tenant: { type: 'string' },
        url: { type: 'string' },
        key: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
