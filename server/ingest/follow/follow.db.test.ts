import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { createPolicies } from '../tenantPolicy.ts';
import { type Destination, follow } from './follow.ts';
import { toDatabase } from './toDatabase.ts';

const log = pino({ level: 'silent' });
const intervals = { pollMs: 3, retryMs: 1, retryLimitMs: 5 };

let test: TestDatabase;
let folder: string;
let path: string;
let tenantId: string;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenantId = await test.newTenant(`Tenant ${Math.random()}`);
  folder = await mkdtemp(join(tmpdir(), 'callboard-follow-'));
  path = join(folder, 'queue_log');
  return () => rm(folder, { recursive: true });
});

/** Follows until stopped. `wrap` stands between the follower and the database. */
async function start(wrap: (destination: Destination) => Destination = (destination) => destination) {
  const { policyOf } = createPolicies({ db: test.db, ttlMs: 0, eventMonths: null });
  const { callers } = await policyOf(tenantId);
  const stop = new AbortController();
  const done = follow({
    path,
    reader: { source: 'asterisk', timeZone: 'UTC', secret: callers.key, now: Date.now },
    destination: wrap(toDatabase(test.db, { tenantId, source: 'asterisk', path, policyOf })),
    signal: stop.signal,
    log,
    intervals,
  });
  return async () => {
    stop.abort();
    await done;
  };
}

function stored(): Promise<string[]> {
  return inTenant(test.db, tenantId, async (tx) => {
    const rows = await tx<{ call_id: string }[]>`select call_id from call_events order by seq`;
    return rows.map((row) => row.call_id);
  });
}

async function reaches(calls: string[]): Promise<void> {
  await vi.waitFor(async () => expect((await stored()).sort()).toEqual([...calls].sort()), {
    timeout: 60_000,
    interval: 5,
  });
}

const line = (call: string, second = 0) => `${1_700_000_000 + second}|${call}|q|NONE|CLOSED\n`;

describe('follow into the database', () => {
  it('stores lines as they are written and continues after a restart without loss or duplicate', async () => {
    await writeFile(path, line('a') + line('b', 5) + line('c', 5).slice(0, 20));
    let stop = await start();
    await reaches(['a', 'b']);
    await stop();
    await appendFile(path, line('c', 5).slice(20) + line('d', 9));
    stop = await start();
    await reaches(['a', 'b', 'c', 'd']);
    await stop();
    const [position] = await inTenant(test.db, tenantId, (tx) => tx`select line::int from import_positions`);
    expect(position?.line).toBe(4);
  });

  it('keeps rejected lines with their number in the file, once, though their second is read again', async () => {
    await writeFile(path, `${line('a')}garbage\n${line('b', 1)}`);
    let stop = await start();
    await reaches(['a', 'b']);
    await stop();
    await appendFile(path, line('c', 1));
    stop = await start();
    await reaches(['a', 'b', 'c']);
    await stop();
    const rejections = await inTenant(
      test.db,
      tenantId,
      (tx) => tx`select line::int, raw from ingest_rejections`,
    );
    expect(rejections).toEqual([{ line: 2, raw: 'garbage' }]);
  });

  it('[S67] tries again while the database does not take it, and loses nothing', async () => {
    let failures = 5;
    const stop = await start((destination) => ({
      progress: destination.progress,
      async write(lines, progress) {
        if (failures-- > 0) throw new Error('read-only');
        return destination.write(lines, progress);
      },
    }));
    await writeFile(path, line('a'));
    await reaches(['a']);
    await stop();
    expect(failures).toBeLessThan(0);
  });

  it('[S68] restarts, rotations and answers that are lost on their way leave every line stored once', async () => {
    const act = fc.oneof(
      { weight: 6, arbitrary: fc.constant('write' as const) },
      { weight: 1, arbitrary: fc.constantFrom('rename' as const, 'truncate' as const) },
      { weight: 2, arbitrary: fc.constant('restart' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
        tenantId = await test.newTenant(`Tenant ${Math.random()}`);
        folder = await mkdtemp(join(tmpdir(), 'callboard-follow-'));
        path = join(folder, 'queue_log');
        await writeFile(path, '');
        const written: string[] = [];
        let rotations = 0;
        let writes = 0;
        const forgetful = (destination: Destination): Destination => ({
          progress: destination.progress,
          async write(lines, progress) {
            const counts = await destination.write(lines, progress);
            // Stored, but the follower never hears of it.
            if (writes++ % 2 === 0) throw new Error('connection lost');
            return counts;
          },
        });
        let stop = await start(forgetful);
        for (const what of acts) {
          if (what === 'write') {
            const call = `call ${written.length}`;
            // Three lines a second: most places lie within one.
            await appendFile(path, line(call, Math.floor(written.length / 3)));
            written.push(call);
          } else if (what === 'rename') {
            await reaches(written);
            await rename(path, `${path}.${1_000 + rotations++}`);
            await writeFile(path, '');
          } else if (what === 'truncate') {
            await reaches(written);
            await truncate(path, 0);
          } else {
            await stop();
            stop = await start(forgetful);
          }
        }
        await reaches(written);
        await stop();
        await rm(folder, { recursive: true });
      }),
      { numRuns: 12 },
    );
    folder = await mkdtemp(join(tmpdir(), 'callboard-follow-'));
  });
});
