import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';

/**
 * `npm run dev`: the server restarting on every change, and Vite serving the wall with hot reload, which passes API
 * and sockets on to the server (vite.config.ts). Open the address Vite prints.
 */

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
ensureInstalled();

const parts = [
  spawn(
    process.execPath,
    ['node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false', 'server/main.ts'],
    { stdio: 'inherit' },
  ),
  spawn(process.execPath, ['node_modules/vite/bin/vite.js'], { stdio: 'inherit' }),
];

let isStopping = false;
const stop = (signal) => {
  if (isStopping) return;
  isStopping = true;
  for (const part of parts) if (part.exitCode === null) part.kill(signal);
};
process.on('SIGINT', () => stop('SIGINT'));
process.on('SIGTERM', () => stop('SIGTERM'));
// One without the other is of no use: when either ends, both do.
for (const part of parts) part.on('exit', () => stop('SIGTERM'));
