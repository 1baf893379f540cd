import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The installation's folder: the nearest one above that holds package.json, from the source and from the build alike. */
export const ROOT = rootOf(import.meta.dirname);

/** Where the built page is. */
export const WEB_ROOT = join(ROOT, 'dist/web');

function rootOf(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  if (above === folder)
    throw new Error('Callboard is incomplete: there is no package.json above its server.');
  return rootOf(above);
}
