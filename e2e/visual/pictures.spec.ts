import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, test } from '@playwright/test';
import { serveGallery, settled } from '../testing/gallery.ts';

/**
 * The wall and its tiles against reviewed pictures. Another build of the browser draws letters otherwise, so pictures
 * are compared only by the one that took them. After a change that is meant to be seen: look at the new pictures,
 * `npm run pictures` to keep them, and say in the commit what changed.
 */

const RECORDED = join(import.meta.dirname, 'pictures/browser.txt');
/** The other troubles differ in their words; `extreme` looks like the fonts of its machine. */
const TILES = ['busy', 'stormy', 'few-calls', 'empty', 'loading', 'server-unreachable'];

const HD = [1920, 1080] as const;
const WALLS = [
  ...([HD, [3840, 2160], [1280, 720], [390, 844]] as const).map((size) => ['busy', ...size] as const),
  ...(['quiet', 'stormy', 'server-unreachable', 'empty'] as const).map((scene) => [scene, ...HD] as const),
];

let gallery: Awaited<ReturnType<typeof serveGallery>>;
test.beforeAll(async ({ browser }, { config }) => {
  const isRecording = config.updateSnapshots === 'all' || config.updateSnapshots === 'changed';
  if (isRecording) writeFileSync(RECORDED, `${buildOf(browser)}\n`);
  const recorded = existsSync(RECORDED) ? readFileSync(RECORDED, 'utf8').trim() : 'no browser';
  test.skip(recorded !== buildOf(browser), `pictures are of ${recorded}, this is ${buildOf(browser)}`);
  gallery = await serveGallery();
});
test.afterAll(() => gallery?.close());

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    for (const [scene, width, height] of WALLS) {
      // Light differs in its colours: one size shows them.
      if (colorScheme === 'light' && width !== HD[0]) continue;
      test(`the wall, ${scene}, at ${width} × ${height}, ${colorScheme}`, async ({ page }) => {
        await page.setViewportSize({ width, height });
        await page.goto(`${gallery.url}?board=${scene}`);
        await settled(page);
        await expect(page).toHaveScreenshot(`wall-${scene}-${width}-${colorScheme}.png`, { fullPage: true });
      });
    }

    for (const name of TILES) {
      test(`every tile, ${name}, ${colorScheme}`, async ({ page }) => {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(`${gallery.url}?scene=${name}`);
        await settled(page);
        await expect(page).toHaveScreenshot(`tiles-${name}-${colorScheme}.png`, { fullPage: true });
      });
    }
  });
}

function buildOf(browser: Browser): string {
  return `${browser.browserType().name()} ${browser.version()} ${process.platform}`;
}
