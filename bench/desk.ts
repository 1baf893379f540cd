import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import postgres from 'postgres';
import { findBrowser } from '../e2e/testing/browser.ts';
import { enter } from '../e2e/testing/page.ts';
import { ADMIN, startCallboard } from '../e2e/testing/server.ts';
import { CHOICES, range } from './desk/choices.ts';
import { codeOfPages } from './desk/code.ts';
import { framesOf } from './desk/frames.ts';
import { type Pressed, WATCH } from './desk/inPage.ts';
import { openYear } from './desk/year.ts';
import { untilIdle } from './history/prepared.ts';
import { startPostgres } from './postgres.ts';
import { type Figure, percentile, report } from './report.ts';

/**
 * The desk in a real browser over a year of BENCH_VISITS (1,000,000) visits: when its first figure is there, how long another
 * choice takes to be other figures, whether anything stutters, and what code each page sends for. No choice is made twice, so
 * that nothing remembered answers it. With BENCH_DATA, a folder, the year is kept there for the next run.
 */
const VISITS = Number(process.env.BENCH_VISITS ?? 1_000_000);
const ROUNDS = 12;
const LOADS = 8;
const PROMISED = { firstFigureMs: 1_000, changeMs: 150 };

const YEAR = range(366, 8);

const database = await startPostgres(process.env.BENCH_DATA);
try {
  const url = await openYear(database, VISITS);
  const server = await startCallboard({ env: { DATABASE_URL: url } });
  const browser = await chromium.launch(await findBrowser());
  try {
    const ownerSql = postgres(url, { max: 1, onnotice: () => {} });
    await untilIdle(ownerSql);
    await ownerSql.end();
    await figuresOf(browser, server.url);
  } finally {
    await browser.close();
    await server.dispose();
  }
} finally {
  await database.stop();
}

async function figuresOf(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  await context.addInitScript(WATCH);
  const page = await context.newPage();
  await page.goto(`${url}/#/performance?${range(40, 11)}`);
  await enter(page, ADMIN.password);
  await page.getByRole('region', { name: 'Headline figures' }).waitFor();

  report(`The desk of ${VISITS} visits: first figures`, await loads(context, url));
  report('A choice, to other figures (and to the whole page)', await changes(page));
  report('Heat map and table', await framesOf(context, page, YEAR));
  report('Code of each page, compressed', await codeOfPages(browser, context, url));
}

/** Each time other days, with nothing in the cache; and as a page that is opened again. */
async function loads(context: BrowserContext, url: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [what, days] of [
    ['30 days', (round: number) => range(60 + 3 * round, 31 + 3 * round)],
    ['a year', (round: number) => range(364 + round, 9 + round)],
  ] as const) {
    const took: Record<'cold' | 'warm' | 'answered', number[]> = { cold: [], warm: [], answered: [] };
    for (let round = 0; round < LOADS; round++) {
      for (const kind of ['cold', 'warm'] as const) {
        const page = await context.newPage();
        if (kind === 'cold') {
          const cdp = await context.newCDPSession(page);
          await cdp.send('Network.clearBrowserCache');
        }
        await page.goto(`${url}/#/performance?${days(2 * round + Number(kind === 'warm'))}`, {
          waitUntil: 'commit',
        });
        took[kind].push(await page.evaluate<number>('benchedDesk.firstFigure'));
        took.answered.push(
          await page.evaluate<number>(
            `performance.getEntriesByType('resource').find(({ name }) => name.includes('performance/summary')).duration`,
          ),
        );
        await page.close();
      }
    }
    const baseline = { what: 'its summary, answered', value: percentile(took.answered, 0.5) };
    for (const kind of ['cold', 'warm'] as const)
      figures.push({
        what: `${what}, ${kind === 'cold' ? 'nothing in the cache' : 'opened again'}: navigation to the first figure, p50 (worst ${Math.max(...took[kind]).toFixed(0)})`,
        value: percentile(took[kind], 0.5),
        unit: 'ms',
        baseline,
        promise: {
          text: `≤ ${PROMISED.firstFigureMs} ms`,
          kept: Math.max(...took[kind]) <= PROMISED.firstFigureMs,
        },
      });
  }
  return figures;
}

async function changes(page: Page): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { what, from, open } of CHOICES) {
    const took: Pressed[] = [];
    // The first warms plans.
    for (let round = 0; round <= ROUNDS; round++) {
      await page.evaluate<Pressed>(
        `benchedDesk.press(() => { location.hash = ${JSON.stringify(`#/performance?${from(round)}`)}; })`,
      );
      const press = await open(page, round);
      const pressed = await page.evaluate<Pressed>(`benchedDesk.press(${press})`);
      await page.keyboard.press('Escape');
      if (round > 0) took.push(pressed);
    }
    const p = (of: (one: Pressed) => number, share: number) => percentile(took.map(of), share);
    figures.push({
      what: `${what}, p95 (p50 ${p(({ newMs }) => newMs, 0.5).toFixed(0)}; all ${p(({ allMs }) => allMs, 0.5).toFixed(0)})`,
      value: p(({ newMs }) => newMs, 0.95),
      unit: 'ms',
      baseline: { what: 'its slowest answer, p50', value: p(({ answeredMs }) => answeredMs, 0.5) },
      promise: {
        text: `≤ ${PROMISED.changeMs} ms`,
        kept: p(({ newMs }) => newMs, 0.95) <= PROMISED.changeMs,
      },
    });
  }
  return figures;
}
