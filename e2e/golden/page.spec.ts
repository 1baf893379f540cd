import { expect, type Page, test } from '@playwright/test';
import { areThere, productionFigures, textOf } from '../../server/golden/sources.ts';
import { importQueueLog, signIn } from '../testing/api.ts';
import { AT_NOON } from '../testing/noon.ts';
import { enter } from '../testing/page.ts';
import { ADMIN, type Callboard, startCallboard } from '../testing/server.ts';

/**
 * The published figures on the page itself. The wall shows today, so a log of one morning is moved to end two minutes
 * ago, when every verdict on a wait has been given [SL0], in a zone where it is about noon: nothing of it is yesterday.
 */
const FILE = 'asterisk16_2010.log';
const QUEUE = '9000';

let server: Callboard;
let token: string;

test.skip(!areThere, 'the real logs (../shared/data/queue_log) are not beside this checkout');
test.beforeAll(async () => {
  server = await startCallboard({ env: AT_NOON });
  token = (await signIn(server.url)).token;
  const imported = await importQueueLog(server.url, token, movedToToday(textOf(FILE)));
  expect(imported.rejected).toBe(0);
});
test.afterAll(() => server?.dispose());

test(`[R1] the page shows every published figure of ${FILE} that it has room for, in three definitions`, async ({
  page,
}) => {
  const figures = productionFigures(FILE).queues[QUEUE];
  if (!figures) throw new Error(`expected.json has no queue ${QUEUE} in ${FILE}.`);
  await page.goto(server.url);
  await enter(page, ADMIN.password);

  await expectCell(page, 'offered', String(figures.offered));
  await expectCell(page, 'asa', seconds(figures.asa_s));
  await expectCell(page, 'aht', seconds(figures.avg_talk_s));
  await expect(
    page.getByText(`${figures.abandoned} of ${figures.offered} offered`, { exact: true }),
  ).toBeVisible();

  for (const threshold of [10, 20, 30, 60]) {
    const published = {
      asterisk: figures[`SL${threshold}_answered_over_answered`],
      strict: figures[`SL${threshold}_answered_over_offered`],
      talkdesk: figures[`SL${threshold}_over_offered_minus_short_abandons`],
    };
    for (const [definition, ratio] of Object.entries(published)) {
      await decide({ definition, thresholdSeconds: threshold, shortAbandonSeconds: threshold });
      await expectCell(page, 'serviceLevel', `${(Number(ratio) * 100).toFixed(1)}%`);
    }
  }
});

async function expectCell(page: Page, column: string, text: string): Promise<void> {
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: QUEUE }) });
  // A mark speaks its level before the figure.
  const level = '(Warning|Critical)?\\s*';
  await expect(row.locator(`[data-column=${column}]`)).toHaveText(
    new RegExp(`^${level}${text.replaceAll('.', '\\.')}$`),
  );
}

async function decide(change: object): Promise<void> {
  const answer = await fetch(`${server.url}/api/v1/settings`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  expect(answer.status).toBe(200);
}

/** Whole seconds, as the wall writes a mean under a minute. */
function seconds(value: number): string {
  return `0:${String(Math.floor(value)).padStart(2, '0')}`;
}

function movedToToday(log: string): string {
  const lines = log.split('\n').filter((line) => line !== '');
  const stamp = (line: string): number => Number(line.split('|', 1)[0]);
  const shift = Math.floor(Date.now() / 1_000) - 120 - Math.max(...lines.map(stamp));
  return lines.map((line) => line.replace(/^\d+/, (digits) => String(Number(digits) + shift))).join('\n');
}
