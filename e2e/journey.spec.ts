import { expect, test } from '@playwright/test';
import { postEvents, signIn } from './testing/api.ts';
import { AT_NOON } from './testing/noon.ts';
import { type Callboard, startCallboard } from './testing/server.ts';
import { openViewer } from './testing/viewer.ts';

/** One event by hand, everywhere it must be seen; then the server dies, comes back, and the next event goes the same way. */
test('[L7] [S68] an event is in /metrics/live and on both transports at one offset, before and after a kill -9', async () => {
  let server = await startCallboard({ env: AT_NOON });
  try {
    const { dataDir, url } = server;
    const key = await (await signIn(url)).createKey();
    const first = await follow(server, key, 'first', 1);

    await server.kill();
    server = await startCallboard({ dataDir, port: Number(new URL(url).port) });
    const second = await follow(server, key, 'second', 2);

    expect(second.epoch).not.toBe(first.epoch);
    expect(second.seq).toBe(first.seq + 1);
  } finally {
    await server.dispose();
  }
});

async function follow(
  server: Callboard,
  key: string,
  callId: string,
  waiting: number,
): Promise<{ epoch: string; seq: number }> {
  const api = await signIn(server.url);
  const [plain, socketIo] = await Promise.all([
    openViewer(server.url, api.token, { transport: 'websocket' }),
    openViewer(server.url, api.token, { transport: 'socket.io' }),
  ]);
  const { accepted, lastSeq } = await postEvents(server.url, key, [
    {
      kind: 'call.queued',
      callId,
      queue: 'support',
      source: 'curl',
      sourceKey: callId,
      occurredAt: Date.now(),
    },
  ]);
  expect(accepted).toBe(1);

  const answer = await api.live({ minSeq: lastSeq });
  expect(answer.seq).toBe(lastSeq);
  expect(answer.totals.waiting).toBe(waiting);
  expect(answer.queues.find(({ queueId }) => queueId === 'support')?.waiting).toBe(waiting);

  for (const viewer of [plain, socketIo]) {
    await viewer.until(({ seq, values }) => seq >= lastSeq && `call:${callId}` in values);
    expect(viewer.values['queue:today:support']).toMatchObject({ waiting, offered: waiting });
    expect(viewer.gaps).toBe(0);
  }
  // Equal scopes share a stream: wait until both have read as far as the other.
  const furthest = Math.max(plain.offset, socketIo.offset);
  await Promise.all([plain, socketIo].map((viewer) => viewer.until(({ offset }) => offset >= furthest)));
  expect([socketIo.epoch, socketIo.values]).toEqual([plain.epoch, plain.values]);
  const { epoch } = plain;
  plain.close();
  socketIo.close();
  return { epoch, seq: lastSeq };
}
