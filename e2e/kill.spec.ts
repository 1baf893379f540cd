import { expect, test } from '@playwright/test';
import { randomFrom } from '../shared/random.ts';
import { postEvents, signIn } from './testing/api.ts';
import { AT_NOON } from './testing/noon.ts';
import { expectExactly } from './testing/recount.ts';
import { type Callboard, startCallboard } from './testing/server.ts';
import { traffic } from './testing/traffic.ts';

const WRITERS = 3;
const KILLS = 3;
const SLICE = 15;

test('[S68] after kill -9 at any point every acknowledged event is in every number exactly once', async () => {
  const seed = Date.now() % 1_000_000;
  test.info().annotations.push({ type: 'seed', description: String(seed) });
  console.log(`kill: seed ${seed}`);
  const random = randomFrom(seed);
  const now = Date.now();
  const events = traffic({ seed, calls: 250, agents: 12, queues: 3, startMs: now - 1_200_000, endMs: now });
  const slices = Array.from({ length: Math.ceil(events.length / SLICE) }, (_, at) =>
    events.slice(at * SLICE, (at + 1) * SLICE),
  );
  const total = slices.length;

  let server = await startCallboard({ env: AT_NOON });
  const { dataDir, url } = server;
  const port = Number(new URL(url).port);
  const key = await (await signIn(url)).createKey();
  try {
    let acknowledged = 0;
    let running: Promise<Callboard> = Promise.resolve(server);
    const killAt = Array.from({ length: KILLS }, (_, at) =>
      Math.floor((total * (at + random())) / (KILLS + 1)),
    );

    const write = async (): Promise<void> => {
      for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
        // Not acknowledged: it may be stored or not. The same keys again make it once either way [L2].
        while (
          !(await postEvents(url, key, slice).then(
            () => true,
            () => false,
          ))
        )
          await running;
        acknowledged++;
        if (killAt.length > 0 && acknowledged >= (killAt[0] ?? 0)) {
          killAt.shift();
          running = running
            .then(() => server.kill())
            .then(() => startCallboard({ dataDir, port }))
            .then((next) => {
              server = next;
              return next;
            });
        }
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
    await running;
    expect(killAt).toEqual([]);
    await expectExactly(await signIn(url), events);
  } finally {
    await server.dispose();
  }
});
