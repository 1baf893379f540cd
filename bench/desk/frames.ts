import type { BrowserContext, Page } from '@playwright/test';
import type { Figure } from '../report.ts';
import { percentile } from '../report.ts';
import { type Frames, type Pressed, WATCH } from './inPage.ts';
import { MORE_AGENTS } from './year.ts';

/** Wheel turns, each of a screen and a half: with ten thousand rows of 36 px, all of them. */
const TURNS = 300;
const TURN_PX = 1_300;
const LONG_MS = 50;

/** The heat map of a year and a table of ten thousand rows: drawn, scrolled and pointed at. */
export async function framesOf(context: BrowserContext, page: Page, year: string): Promise<Figure[]> {
  const still = { what: 'of a bare page as long', value: longest(await bare(context)) };
  const figures: Figure[] = [];
  const tell = (what: string, frames: Frames) =>
    figures.push({
      what: `${what}, longest frame (${frames.gaps.filter((gap) => gap > LONG_MS).length} of ${frames.gaps.length} over ${LONG_MS} ms, ${frames.tasks.length} long tasks, p50 ${percentile(frames.gaps, 0.5).toFixed(0)})`,
      value: longest(frames),
      unit: 'ms',
      baseline: still,
      promise: { text: `≤ ${LONG_MS} ms`, kept: longest(frames) <= LONG_MS },
    });

  await page.evaluate(`location.hash = '#/performance?${year}&step=interval&tab=queues'`);
  await page.getByRole('table').waitFor();
  await page.waitForTimeout(1_000);
  const drawn = await page.evaluate<Pressed>(
    `benchedDesk.press(() => { location.hash = '#/performance?${year}&step=interval&tab=pattern'; },
      () => document.querySelectorAll('table td[data-level]').length > 200)`,
  );
  figures.push({
    what: 'heat map of a year by 15 minutes, pressed to painted',
    value: drawn.newMs,
    unit: 'ms',
    baseline: { what: 'its answer', value: drawn.answeredMs },
  });
  const heat = page.getByRole('group', { name: 'Week pattern' });
  tell('heat map, pointed at', await recorded(page, () => pointAlong(page, heat)));
  tell('heat map, scrolled past', await recorded(page, () => turn(page, 60, 200)));

  const listed = await page.evaluate<Pressed>(
    `benchedDesk.press(() => { location.hash = '#/performance?range=last30&tab=agents'; },
      () => Number(document.querySelector('table[aria-rowcount]')?.getAttribute('aria-rowcount')) > ${MORE_AGENTS})`,
  );
  figures.push({
    what: `table of over ${MORE_AGENTS} agents, pressed to painted`,
    value: listed.newMs,
    unit: 'ms',
    baseline: { what: 'the slowest of its answers', value: listed.answeredMs },
  });
  const table = page.getByRole('group', { name: 'Agents' });
  await table.scrollIntoViewIfNeeded();
  await table.hover();
  tell('table, scrolled from end to end', await recorded(page, () => turn(page, TURNS, TURN_PX)));
  const left = await table.evaluate((it) => it.scrollHeight - it.clientHeight - it.scrollTop);
  if (left > 1) throw new Error(`The table was not scrolled to its end: ${left} px are left.`);
  tell('table, jumped about in', await recorded(page, () => jump(page)));
  return figures;
}

const longest = ({ gaps }: Frames): number => gaps.reduce((most, gap) => Math.max(most, gap), 0);

async function recorded(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate('benchedDesk.record()');
  await act();
  await page.waitForTimeout(200);
  return page.evaluate<Frames>('benchedDesk.recorded()');
}

async function turn(page: Page, times: number, px: number): Promise<void> {
  for (let count = 0; count < times; count++) await page.mouse.wheel(0, px);
  await page.waitForTimeout(500);
}

/** As somebody who drags the bar: far away each time, so that no row is there yet. */
async function jump(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const box = document.querySelector('[role="group"][aria-label="Agents"]');
    let count = 0;
    requestAnimationFrame(function frame() {
      box.scrollTop = (count * 7_919 * 36) % box.scrollHeight;
      if (count++ < 120) requestAnimationFrame(frame);
      else resolve();
    });
  })`);
}

async function pointAlong(page: Page, heat: ReturnType<Page['getByRole']>): Promise<void> {
  await heat.scrollIntoViewIfNeeded();
  const box = await heat.boundingBox();
  if (box === null) throw new Error('The heat map has no place.');
  for (let row = 1; row < 8; row++) {
    const y = box.y + (box.height * (row + 0.5)) / 8;
    await page.mouse.move(box.x + 80, y);
    await page.mouse.move(box.x + box.width - 10, y, { steps: 60 });
  }
}

/** The same wheel over nothing but length. */
async function bare(context: BrowserContext): Promise<Frames> {
  const page = await context.newPage();
  await page.setContent('<div style="block-size: 360000px; background: linear-gradient(red, blue)"></div>');
  await page.evaluate(WATCH);
  await page.mouse.move(400, 400);
  const frames = await recorded(page, () => turn(page, TURNS, TURN_PX));
  await page.close();
  return frames;
}
