import { expect, test } from '@playwright/test';
import { readingsOfHistory } from '../../server/golden/historyReadings.ts';
import { GOLDEN_LOGS, type GoldenLog } from '../../server/golden/logs.ts';
import { areThere, pathOf, textOf } from '../../server/golden/sources.ts';
import { type Api, importQueueLog, signIn } from '../testing/api.ts';
import { importByCli } from '../testing/cli.ts';
import { type Callboard, startCallboard } from '../testing/server.ts';
import { readingsOfLive, TIME_ZONE } from './liveReadings.ts';

/** Real logs against independently computed figures, through the public doors only. */

/** Every pair of doors, one after the other, except the slow one twice. */
const AGAIN = { HTTP: ['HTTP', 'CLI'], CLI: ['HTTP'] } as const;

async function expectPublished(api: Api, { figures }: GoldenLog): Promise<void> {
  for (const { what, ours, published, decimals } of await figures(readingsOfLive(api)))
    expect.soft(ours, what).toBeCloseTo(published, decimals);
}

/** The figures that history, asked over HTTP, does not say as they were published. */
async function wrongInHistory(server: Callboard, api: Api, { figures }: GoldenLog): Promise<string[]> {
  const get = async (address: string): Promise<unknown> => {
    const answer = await fetch(`${server.url}/api/v1/analytics/performance${address}`, {
      headers: { authorization: `Bearer ${api.token}` },
    });
    return answer.json();
  };
  const all = await figures(readingsOfHistory(get, TIME_ZONE));
  return all
    .filter(({ ours, published, decimals }) => !(Math.abs(ours - published) < 10 ** -decimals / 2))
    .map(({ what, ours, published }) => `${what}: ${ours} instead of ${published}`);
}

test.describe.configure({ mode: 'default' });
test.skip(!areThere, 'the real logs (../shared/data/queue_log) are not beside this checkout');

for (const door of ['HTTP', 'CLI'] as const) {
  GOLDEN_LOGS.forEach((sources, number) => {
    test.describe(`imported by ${door}, installation ${number + 1}`, () => {
      let server: Callboard;
      let api: Api;

      const importFile = (file: string, by: typeof door): ReturnType<typeof importByCli> =>
        by === 'HTTP'
          ? importQueueLog(server.url, api.token, textOf(file))
          : importByCli(server, pathOf(file));

      test.beforeAll(async () => {
        server = await startCallboard({ env: { TENANT_TIME_ZONE: TIME_ZONE } });
        api = await signIn(server.url);
      });
      test.afterAll(() => server?.dispose());

      for (const golden of sources) {
        const { file } = golden;
        test(`[R1] every published figure of ${file} is right to the unit`, async () => {
          const first = await importFile(file, door);
          expect(first.rejected).toBe(0);
          expect(first.accepted).toBeGreaterThan(0);
          expect(first.duplicates).toBe(0);
          await expectPublished(api, golden);
        });

        test(`[L2] importing ${file} again, by ${AGAIN[door].join(' and by ')}, changes nothing`, async () => {
          const before = await api.live();
          for (const by of AGAIN[door]) {
            const again = await importFile(file, by);
            expect(again.accepted).toBe(0);
            expect(again.rejected).toBe(0);
            expect(again.duplicates).toBeGreaterThan(0);
          }
          expect((await api.live()).seq).toBe(before.seq);
          await expectPublished(api, golden);
        });

        // The others are read from history without a whole server: server/golden/golden.db.test.ts.
        if (file !== 'pbxware_2018.log') continue;
        test(`[R1] history says the same of ${file}`, async () => {
          await expect.poll(() => wrongInHistory(server, api, golden)).toEqual([]);
        });
      }
    });
  });
}
