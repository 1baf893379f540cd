import { once } from 'node:events';
import WebSocket from 'ws';
import { z } from 'zod';
import { apiOf, signIn, tell } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { createdApiKey, ownSession } from '../shared/contract/rest.ts';
import { percentile, report } from './report.ts';
import { UNCAPPED } from './screens.ts';

/**
 * [S13] What is taken away is gone within a second: from the answer to whoever takes it until a socket is closed, or the first request
 * that is refused, asked one after another. The baseline is a request that is allowed: no refusal is known sooner than it is answered.
 */
const TIMES = 50;
const PROMISED_MS = 1_000;
/** What has not gone by then never goes by itself. */
const LIMIT_MS = 60_000;

const server = await startCallboard({ env: UNCAPPED });
try {
  const { url } = server;
  const admin = await signIn(url);
  const post = async <T extends z.ZodType>(path: string, body: object, answer: T): Promise<z.output<T>> =>
    answer.parse((await tell(url, 'POST', path, body, admin.token)).data);
  const take = async (method: string, path: string, body?: object): Promise<void> => {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${admin.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${method} ${path}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const statusOf = async (path: string, token: string): Promise<number> => {
    const answer = await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
    await answer.arrayBuffer();
    return answer.status;
  };
  /** Milliseconds from now to the first request that is answered so. */
  const untilAnswered = async (status: number, path: string, token: string): Promise<number> => {
    const from = performance.now();
    while ((await statusOf(path, token)) !== status)
      if (performance.now() - from > LIMIT_MS) throw new Error(`${path} is never answered with ${status}.`);
    return performance.now() - from;
  };

  async function endSession(): Promise<{ closed: number; refused: number }> {
    const { token } = await signIn(url);
    const sessions = await apiOf(url, token).get('/api/v1/account/sessions', z.array(ownSession));
    const id = sessions.find(({ isCurrent }) => isCurrent)?.id;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/v1/live`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await once(socket, 'open');
    socket.send('{"type":"subscribe","scope":{}}');
    await once(socket, 'message');
    let closedAt = Number.NaN;
    const closing = once(socket, 'close', { signal: AbortSignal.timeout(LIMIT_MS) }).then(() => {
      closedAt = performance.now();
    });
    await take('DELETE', `account/sessions/${id}`);
    const from = performance.now();
    const refused = await untilAnswered(401, 'live/health', token);
    await closing;
    // It may be closed before the answer is here.
    return { closed: Math.max(0, closedAt - from), refused };
  }

  async function revokeKey(): Promise<number> {
    const key = await post('api-keys', { name: 'bench', scopes: ['live:read'] }, createdApiKey);
    if ((await statusOf('metrics/live', key.key)) !== 200) throw new Error('The key was never good.');
    await take('DELETE', `api-keys/${key.id}`);
    return untilAnswered(401, 'metrics/live', key.key);
  }

  const eve = { name: 'Eve', email: 'eve@example.test', role: 'manager' };
  const invited = await post('people/invitations', eve, z.object({ token: z.string() }));
  const accepted = await tell(url, 'POST', 'invitations/acceptance', {
    ...{ token: invited.token, name: eve.name, password: 'a password of her own' },
  });
  const hers: string = accepted.data.accessToken;
  const people = await admin.get('/api/v1/people', z.array(z.object({ id: z.uuid(), email: z.string() })));
  const eveId = people.find(({ email }) => email === eve.email)?.id;

  async function lowerRole(): Promise<number> {
    await take('PATCH', `people/${eveId}`, { role: 'manager' });
    await untilAnswered(200, 'settings', hers);
    await take('PATCH', `people/${eveId}`, { role: 'viewer' });
    return untilAnswered(403, 'settings', hers);
  }

  const measured = {
    allowed: [] as number[],
    closed: [] as number[],
    refused: [] as number[],
    role: [] as number[],
    key: [] as number[],
  };
  for (let time = 0; time < TIMES; time++) {
    measured.allowed.push(await untilAnswered(200, 'live/health', admin.token));
    const { closed, refused } = await endSession();
    measured.closed.push(closed);
    measured.refused.push(refused);
    measured.role.push(await lowerRole());
    measured.key.push(await revokeKey());
  }

  const baseline = { what: 'a request that is allowed, p95', value: percentile(measured.allowed, 0.95) };
  const figure = (what: string, values: number[]) => {
    const value = percentile(values, 0.95);
    const promise = { text: `≤ ${PROMISED_MS} ms`, kept: value <= PROMISED_MS };
    return { what: `${what}, p95`, value, unit: 'ms', baseline, promise };
  };
  report(`What is taken away, ${TIMES} times each`, [
    figure('a session ends: its socket is closed', measured.closed),
    figure('a session ends: its token is refused', measured.refused),
    figure('a role is lowered: what it gave is refused', measured.role),
    figure('a key is revoked: it is refused', measured.key),
  ]);
} finally {
  await server.dispose();
}
