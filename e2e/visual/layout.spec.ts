import { expect, type Page, test } from '@playwright/test';
import { BOARD_IDS } from '../../shared/contract/boards.ts';
import { SCENES } from '../../web/gallery/scenes.ts';
import { serveGallery, settled } from '../testing/gallery.ts';
import { findFaults } from './faults.ts';

let gallery: Awaited<ReturnType<typeof serveGallery>>;
test.beforeAll(async () => {
  gallery = await serveGallery();
});
test.afterAll(() => gallery?.close());

const SIZES = [
  [1920, 1080],
  [3840, 2160],
  [1280, 720],
  [390, 844],
] as const;

for (const { name } of SCENES) {
  test(`${name}: every tile at every size, and the wall on every screen, fits, is legible and covers nothing`, async ({
    page,
  }) => {
    // Light differs in its colours, not in its sizes; a smaller screen in how much of it a tile of some size is.
    for (const [colorScheme, direction, height] of [
      ['light', 'ltr', 1080],
      ['dark', 'rtl', 1080],
      ['dark', 'ltr', 810],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width: (height / 9) * 16, height });
      await page.goto(`${gallery.url}?scene=${name}&dir=${direction}`);
      await expect(page.locator('section[data-level]').first()).toBeVisible();
      expect(await faultsOf(page), `${colorScheme} ${direction}`).toEqual([]);
    }
    await page.goto(`${gallery.url}?board=${name}`);
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      expect(await faultsOf(page), `wall at ${width} × ${height}`).toEqual([]);
      const sides = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return { scrollWidth, scrollHeight };
      });
      expect(sides.scrollWidth).toBeLessThanOrEqual(width);
      if (width > 800) expect(sides.scrollHeight).toBeLessThanOrEqual(height);
    }
  });
}

for (const of of BOARD_IDS) {
  test(`the board ${of} fits on every screen, is legible and covers nothing`, async ({ page }) => {
    for (const scene of ['busy', 'stormy', 'extreme']) {
      await page.goto(`${gallery.url}?board=${scene}&of=${of}`);
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        expect(await faultsOf(page), `${scene} at ${width} × ${height}`).toEqual([]);
      }
    }
  });
}

test('figures of a wall can be read from ten metres: capitals of 40 px and more at 1080p', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(`${gallery.url}?board=stormy`);
  for (const name of [
    'Waiting',
    'Longest wait',
    'Service level',
    'Abandoned',
    'Speed of answer',
    'Offered',
  ]) {
    const figure = page.getByRole('region', { name, exact: true }).getByRole('paragraph').first();
    const px = await figure.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
    // A capital of Inter is 0.727 of its size.
    expect(px * 0.727, name).toBeGreaterThanOrEqual(40);
  }
});

test('the checks find what is planted: text too small, too faint, over another, out of its tile', async ({
  page,
}) => {
  await page.goto(`${gallery.url}?board=busy`);
  await expect(page.getByRole('region', { name: 'Waiting', exact: true })).toBeVisible();
  await page.addStyleTag({
    content: `
      [aria-label="Waiting"] h2 { font-size: 8px; }
      [aria-label="Longest wait"] h2 { color: var(--surface); }
      [aria-label="Abandoned"] h2 { transform: translateY(50px) scale(2); }
      [aria-label="Offered"] p { transform: translateX(300px); }`,
  });
  const faults = (await faultsOf(page)).join('\n');
  for (const fault of [
    /Waiting.*is 8 px/,
    /Longest wait.*has a contrast of 1\.00/,
    /Abandoned.*lies over/,
    /Offered.*leaves its tile/,
  ])
    expect(faults).toMatch(fault);
});

async function faultsOf(page: Page): Promise<string[]> {
  await settled(page);
  return page.evaluate(findFaults);
}
