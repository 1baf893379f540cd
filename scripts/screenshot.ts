import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { postEvents, signIn } from '../e2e/testing/api.ts';
import { findBrowser } from '../e2e/testing/browser.ts';
import { busyDay } from '../e2e/testing/busyDay.ts';
import { ADMIN, startCallboard } from '../e2e/testing/server.ts';

/**
 * `node --import tsx scripts/screenshot.ts`: photographs the real page of a real server on a made-up busy
 * afternoon, for the README. CALLBOARD_SHOTS names a folder for photographs of every size and theme instead.
 */
const LIMIT_BYTES = 400 * 1024;
const IMAGE = join(import.meta.dirname, '../docs/images/wall.png');
const SIZES = [
  [1920, 1080],
  [3840, 2160],
  [1280, 720],
  [390, 844],
] as const;

const folder = process.env.CALLBOARD_SHOTS;
const server = await startCallboard({ env: { TENANT_NAME: 'Acme Care' } });
const browser = await chromium.launch(await findBrowser());
try {
  const api = await signIn(server.url);
  const key = await api.createKey();
  const events = busyDay(Date.now());
  for (let from = 0; from < events.length; from += 1_000) {
    await postEvents(server.url, key, events.slice(from, from + 1_000));
  }
  if (folder) {
    for (const [width, height] of SIZES) {
      for (const theme of ['dark', 'light'] as const) {
        await photograph(width, height, theme, join(folder, `${width}-${theme}.png`));
      }
    }
  } else {
    mkdirSync(join(IMAGE, '..'), { recursive: true });
    await photograph(1920, 1080, 'dark', IMAGE);
    const { size } = statSync(IMAGE);
    if (size > LIMIT_BYTES)
      throw new Error(`${IMAGE} has ${size} bytes; a README loads at most ${LIMIT_BYTES}.`);
  }
} finally {
  await browser.close();
  await server.dispose();
}

async function photograph(
  width: number,
  height: number,
  theme: 'dark' | 'light',
  path: string,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme, locale: 'en-GB' });
  await page.goto(server.url);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.recharts-surface').waitFor();
  await page.getByRole('table').waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path, fullPage: width < 800, animations: 'disabled' });
  await page.close();
}
