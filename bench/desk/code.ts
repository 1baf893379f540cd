import type { Browser, BrowserContext } from '@playwright/test';
import type { Figure } from '../report.ts';
import { CODE } from './inPage.ts';

/** And what is there once all of a page is. */
const PAGES = [
  ['overview', 'table'],
  ['performance', '.recharts-surface'],
  ['calls', 'main h2'],
  ['calls/no-such-call', 'main h2'],
  ['quality', 'main h1'],
  ['quality/forms/new', 'main input'],
  ['sources', 'main h1'],
  ['proof', 'main h1'],
  ['rules', 'main input'],
  ['settings', 'main input'],
] as const;
/** Vite names a chunk by the first of what it holds: what every chart needs, and what those of steps do. */
const CHARTS = /^(?:Cartesian|Composed)Chart-/;
const PROMISED_KB = 120;

/** What each page sends for beyond what anybody gets at the door and the charts all share, compressed. */
export async function codeOfPages(browser: Browser, context: BrowserContext, url: string): Promise<Figure[]> {
  const stranger = await browser.newContext();
  const door = await codeAt(stranger, url, 'input');
  await stranger.close();
  const doorKb = kb(door);
  const figures: Figure[] = [];
  let charts = 0;
  for (const [page, drawn] of PAGES) {
    const code = await codeAt(context, `${url}/#/${page}`, drawn);
    const own = new Map([...code].filter(([name]) => !door.has(name) && !CHARTS.test(name)));
    charts = Math.max(charts, kb(new Map([...code].filter(([name]) => CHARTS.test(name)))));
    figures.push({
      what: `code of #/${page}, as sent`,
      value: kb(own),
      unit: 'KB',
      baseline: { what: 'the door', value: doorKb },
      promise: { text: `≤ ${PROMISED_KB} KB`, kept: own.size > 0 && kb(own) <= PROMISED_KB },
    });
  }
  if (charts === 0) throw new Error('No page sent for the charts: they have another name now.');
  return [
    ...figures,
    { what: 'charts, shared', value: charts, unit: 'KB', baseline: { what: 'the door', value: doorKb } },
  ];
}

const kb = (code: ReadonlyMap<string, number>): number =>
  [...code.values()].reduce((sum, bytes) => sum + bytes, 0) / 1_024;

async function codeAt(context: BrowserContext, address: string, drawn: string): Promise<Map<string, number>> {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.clearBrowserCache');
  await page.goto(address);
  await page.locator(drawn).first().waitFor();
  await page.waitForLoadState('networkidle');
  const code = await page.evaluate<{ name: string; bytes: number }[]>(CODE);
  await page.close();
  if (code.some(({ bytes }) => !(bytes > 0))) throw new Error(`Something came without a size at ${address}.`);
  return new Map(code.map(({ name, bytes }) => [name, bytes]));
}
