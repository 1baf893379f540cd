import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Imported } from './api.ts';
import type { Callboard } from './server.ts';

/** `npm run callboard -- import asterisk FILE` beside a running server: the command writes to the server's database. */
export async function importByCli(
  server: Callboard,
  file: string,
): Promise<Pick<Imported, 'accepted' | 'duplicates' | 'rejected' | 'warnings'>> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'server/cli.ts', 'import', 'asterisk', file, '--time-zone', 'UTC'],
    {
      cwd: join(import.meta.dirname, '../..'),
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: server.dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  let complained = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complained += chunk;
  });
  const [code] = await once(child, 'close');
  const [, accepted, duplicates, rejected, warnings] =
    /(\d+) accepted, (\d+) duplicates, (\d+) rejected, (\d+) warnings/.exec(said) ?? [];
  if (code !== 0 || accepted === undefined) {
    throw new Error(`The command ended with ${code} and said:\n${said}${complained}`);
  }
  return {
    accepted: Number(accepted),
    duplicates: Number(duplicates),
    rejected: Number(rejected),
    warnings: Number(warnings),
  };
}
