import { expect, test } from '@playwright/test';
import { type Api, importQueueLog, signIn } from '../testing/api.ts';
import { importByCli } from '../testing/cli.ts';
import { type Callboard, startCallboard } from '../testing/server.ts';
import { TIME_ZONE } from './daySums.ts';
import { expectProduction, expectRealtime } from './production.ts';
import { areThere, pathOf, textOf } from './sources.ts';
import { expectWazo } from './wazo.ts';

/**
 * Real logs against independently computed figures, through the public doors only. Logs that speak of the same
 * queue on the same day go to installations of their own.
 */
const INSTALLATIONS: { file: string; figures: (api: Api) => Promise<void> }[][] = [
  [
    { file: 'pbxware_2018.log', figures: (api) => expectProduction(api, 'pbxware_2018.log') },
    { file: 'asterisk16_2010.log', figures: (api) => expectProduction(api, 'asterisk16_2010.log') },
    { file: 'asterisk_realtime_2023.txt', figures: expectRealtime },
    ...[1, 2, 12, 13, 23].map(wazo),
  ],
  [wazo(5)],
  [wazo(7)],
];

/** Every pair of doors, one after the other, except the slow one twice. */
const AGAIN = { HTTP: ['HTTP', 'CLI'], CLI: ['HTTP'] } as const;

function wazo(id: number): { file: string; figures: (api: Api) => Promise<void> } {
  return { file: `wazo/${String(id).padStart(2, '0')}.log`, figures: (api) => expectWazo(api, id) };
}

test.describe.configure({ mode: 'default' });
test.skip(!areThere, 'the real logs (../shared/data/queue_log) are not beside this checkout');

for (const door of ['HTTP', 'CLI'] as const) {
  INSTALLATIONS.forEach((sources, number) => {
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

      for (const { file, figures } of sources) {
        test(`[R1] every published figure of ${file} is right to the unit`, async () => {
          const first = await importFile(file, door);
          expect(first.rejected).toBe(0);
          expect(first.accepted).toBeGreaterThan(0);
          expect(first.duplicates).toBe(0);
          await figures(api);
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
          await figures(api);
        });
      }
    });
  });
}
