import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { refuseOldNode } from './refuse-old-node.mjs';

/**
 * `npm start`: installs what is missing, builds what is out of date, runs the server. In this very process, so that
 * signals, exit code and the list of processes are the server's own.
 */

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
refuseOldNode();
ensureInstalled();
ensureBuilt();

// npm hands a SIGTERM to the shell between us, which dies of it without a word: whoever stopped npm meant us.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

process.setSourceMapsEnabled(true); // A stack names the lines people read.
await import('../dist/server/main.js');
