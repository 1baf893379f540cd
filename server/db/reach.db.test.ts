import { connect, createServer } from 'node:net';
import pino from 'pino';
import postgres from 'postgres';
import { expect, inject, it, onTestFinished } from 'vitest';
import { waitForDatabase } from './reach.ts';

const { url: serverUrl } = inject('testServer');
const silent = pino({ level: 'silent' });

const changed = (change: (url: URL) => void): string => {
  const url = new URL(serverUrl);
  change(url);
  return url.href;
};

async function attempt(url: string, patienceMs: number, log = silent): Promise<string> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    await waitForDatabase(sql, url, log, patienceMs);
    return 'reached';
  } catch (error) {
    return String(error);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A port nobody listens on; what later listens there passes on to the real server. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : 0;
}

it('waits for a database that comes up later', async () => {
  const port = await freePort();
  const target = new URL(serverUrl);
  let isRefused: () => void = () => {};
  const refused = new Promise<void>((resolve) => {
    isRefused = resolve;
  });
  const url = changed((changing) => {
    changing.port = String(port);
  });
  const reached = attempt(url, 60_000, pino({ level: 'warn' }, { write: () => isRefused() }));
  const proxy = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    socket.pipe(upstream).pipe(socket);
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  onTestFinished(() => {
    proxy.close();
  });
  await refused;
  proxy.listen(port, '127.0.0.1');
  expect(await reached).toBe('reached');
});

it('says who does not answer, without the password, once patience ends', async () => {
  const port = await freePort();
  const url = changed((changing) => {
    changing.port = String(port);
    changing.password = 'correct-horse';
  });
  const said = await attempt(url, 0);
  expect(said).toMatch(new RegExp(`127\\.0\\.0\\.1:${port}.*does not answer \\(ECONNREFUSED\\)`));
  expect(said).not.toContain('correct-horse');
});

it('does not wait for what waiting cannot mend: a wrong password, a database that does not exist', async () => {
  const missing = changed((url) => {
    url.pathname = '/nowhere';
  });
  expect(await attempt(missing, 60_000)).toContain('has no such database');
  const wrong = changed((url) => {
    url.password = 'wrong';
  });
  expect(await attempt(wrong, 60_000)).toContain('does not accept its password');
});
