import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';
import { refuseOldNode } from './refuse-old-node.mjs';

/**
 * `npm run dev`: the page at one address, reloading as it is edited; behind it the server, started again at every
 * change. PORT is the page's; the server takes the next one.
 */

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
refuseOldNode();
ensureInstalled();

const port = Number(process.env.PORT ?? 3000);
const serverPort = port + 1;
const target = `http://127.0.0.1:${serverPort}`;

const server = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'watch', 'server/main.ts'], {
  // One address: below a path, the page would be somewhere else than Vite serves it.
  env: { ...process.env, PORT: String(serverPort), HOST: '127.0.0.1', BASE_PATH: '' },
  stdio: ['ignore', 'inherit', 'pipe'],
  // Away from the terminal's Ctrl-C: a second signal would make the watcher kill the server before it has stopped.
  detached: true,
});
const { default: pretty } = await import('pino-pretty');
server.stderr.pipe(pretty({ ignore: 'pid,hostname', destination: 2 }));

const { createServer } = await import('vite');
const page = await createServer({
  server: {
    port,
    strictPort: true,
    host: process.env.HOST ?? '127.0.0.1',
    proxy: {
      '/api': target,
      '/docs': target,
      '/healthz': target,
      '/readyz': target,
      '/metrics': target,
      '/socket.io': { target, ws: true },
      '/ws': { target, ws: true },
    },
  },
});
await page.listen();
console.log(
  `\n  Open http://127.0.0.1:${port}/ (the server behind it prints its own address; use this one)\n  Every tile in every state at every size: http://127.0.0.1:${port}/ui\n`,
);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.kill('SIGTERM'));
server.on('exit', async (code) => {
  await page.close();
  process.exit(code ?? 0);
});
