import { once } from 'node:events';
import WebSocket from 'ws';
import { z } from 'zod';
import { signIn } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { claimedPairing, openedPairing } from '../shared/contract/screens.ts';
import { percentile, report } from './report.ts';
import { openScreens, UNCAPPED } from './screens.ts';

/**
 * A whole installation is put up: every screen asks for a code, has it entered, claims its token and shows its board.
 * Eight at a time, each from an address of its own, as behind a proxy. The baseline is the sockets alone, with a token
 * that is there already.
 */
const SCREENS = 1_000;
const AT_ONCE = 8;
const PROMISED_SECONDS = 60;

const server = await startCallboard({ env: { ...UNCAPPED, TRUST_PROXY: 'loopback' } });
const open: { close(): void }[] = [];
try {
  const { token } = await signIn(server.url);

  async function ask<T extends z.ZodType>(path: string, from: string, body: object, answer: T, as?: string) {
    const response = await fetch(`${server.url}/api/v1/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': from,
        ...(as !== undefined && { authorization: `Bearer ${as}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${response.status} ${path}: ${await response.text()}`);
    const { data }: { data: unknown } = await response.json();
    return answer.parse(data);
  }

  async function putUp(screen: number): Promise<WebSocket> {
    const from = `10.0.${screen >> 8}.${screen & 255}`;
    const { code, secret } = await ask('screens/pairings', from, {}, openedPairing);
    const claimed = ask('screens/pairings/claim', from, { secret }, claimedPairing);
    await ask('screens', '192.0.2.1', { code, name: `Screen ${screen}` }, z.unknown(), token);
    const answer = await claimed;
    if (answer.state !== 'paired') throw new Error('The code was entered, and the display was not told.');
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/v1/live`, {
      headers: { authorization: `Bearer ${answer.token}`, 'x-forwarded-for': from },
      perMessageDeflate: false,
    });
    await once(socket, 'open');
    const shown = new Promise<void>((resolve, reject) => {
      socket.on('message', (data: Buffer) => {
        if (data.subarray(0, 64).includes('"snapshot"')) resolve();
      });
      socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    });
    socket.send('{"type":"subscribe","scope":{}}');
    await shown;
    return socket;
  }

  const baselineBegan = performance.now();
  open.push(await openScreens(server.url, token, SCREENS));
  const baseline = (performance.now() - baselineBegan) / 1_000;

  const each: number[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < SCREENS) {
        const startedAt = performance.now();
        const socket = await putUp(next++);
        open.push({ close: () => socket.terminate() });
        each.push((performance.now() - startedAt) / 1_000);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  report(`${SCREENS} displays become screens`, [
    {
      what: 'from the first code to the last board',
      value: seconds,
      unit: 's',
      baseline: { what: 'as many sockets, one after another', value: baseline },
      promise: { text: `≤ ${PROMISED_SECONDS} s`, kept: seconds <= PROMISED_SECONDS },
    },
    { what: 'one display, p95', value: percentile(each, 0.95), unit: 's' },
  ]);
} finally {
  for (const one of open) one.close();
  await server.dispose();
}
