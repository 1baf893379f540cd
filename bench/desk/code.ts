import type { Browser, BrowserContext } from '@playwright/test';
import type { Figure } from '../report.ts';
import { CODE } from './inPage.ts';

const PAGES = [
  'overview',
  'performance',
  'calls',
  'calls/no-such-call',
  'quality',
  'quality/forms/new',
  'sources',
  'proof',
  'rules',
  'settings',
];
/** Vite names a chunk by the first of what it holds. */
const CHARTS = /^ComposedChart-/;
const PROMISED_KB = 120;

/** What each page sends for beyond what anybody gets at the door and the charts all share, compressed. */
export async function codeOfPages(browser: Browser, context: BrowserContext, url: string): Promise<Figure[]> {
  const stranger = await browser.newContext();
  const door = await codeAt(stranger, url);
  await stranger.close();
  const doorKb = kb(door);
  const figures: Figure[] = [];
  let charts = 0;
  for (const page of PAGES) {
    const code = await codeAt(context, `${url}/#/${page}`);
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

async function codeAt(context: BrowserContext, address: string): Promise<Map<string, number>> {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.clearBrowserCache');
  await page.goto(address, { waitUntil: 'networkidle' });
  const code = await page.evaluate<{ name: string; bytes: number }[]>(CODE);
  await page.close();
  if (code.some(({ bytes }) => !(bytes > 0))) throw new Error(`Something came without a size at ${address}.`);
  return new Map(code.map(({ name, bytes }) => [name, bytes]));
}
