import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { build } from 'vite';

/** The page of `testing/drawnPage.tsx`, as one script. */
let script: string;

test.beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, rolldownOptions: { input: join(import.meta.dirname, 'testing/drawnPage.tsx') } },
  });
  const outputs = Array.isArray(built) ? built : 'output' in built ? [built] : [];
  const chunk = outputs.flatMap(({ output }) => output).find(({ type }) => type === 'chunk');
  if (chunk?.type !== 'chunk') throw new Error('nothing was built');
  script = chunk.code;
});

test.beforeEach(async ({ page }) => {
  await page.addScriptTag({ type: 'module', content: script });
  await expect.poll(() => page.evaluate(() => typeof window.draw)).toBe('function');
});

const draw = (page: Page, isBehind: boolean, ...links: string[]): Promise<void> =>
  page.evaluate(([behind, names]) => window.draw(behind, names), [isBehind, links] as const);

const pressed = (page: Page): Promise<string[]> => page.evaluate(() => window.pressed);

test('what Enter presses while a view is behind is pressed once it is not, once and with its modifiers', async ({
  page,
}) => {
  await draw(page, true, 'sales', 'support');
  await page.getByRole('link', { name: 'support' }).press('Control+Shift+Enter');
  expect(await pressed(page)).toEqual([]);
  await draw(page, true, 'sales', 'support');
  expect(await pressed(page)).toEqual([]);
  await draw(page, false, 'sales', 'support');
  await expect.poll(() => pressed(page)).toEqual(['click support ctrlKey shiftKey']);
  await draw(page, true, 'sales', 'support');
  await draw(page, false, 'sales', 'support');
  await page.getByRole('link', { name: 'sales' }).press('Enter');
  expect(await pressed(page)).toEqual(['click support ctrlKey shiftKey', 'click sales']);
});

test('of several presses while a view is behind the last one counts, by mouse or by keys', async ({
  page,
}) => {
  await draw(page, true, 'sales', 'support');
  await page.getByRole('link', { name: 'sales' }).press('Enter');
  await page.getByRole('link', { name: 'support' }).press('Enter');
  await page.getByRole('link', { name: 'sales' }).click({ modifiers: ['Alt'] });
  await draw(page, false, 'sales', 'support');
  await expect.poll(() => pressed(page)).toEqual(['click sales altKey']);
});

test('what has left the page meanwhile is not pressed, nor what has come in its place', async ({ page }) => {
  await draw(page, true, 'sales', 'support');
  await page.getByRole('link', { name: 'support' }).press('Enter');
  await draw(page, false, 'sales', 'returns');
  await page.getByRole('link', { name: 'returns' }).press('Enter');
  await expect.poll(() => pressed(page)).toEqual(['click returns']);
});

test('what takes Enter by itself is told of it, and not pressed as well', async ({ page }) => {
  await draw(page, true, 'own');
  await page.getByRole('link', { name: 'own' }).press('Control+Enter');
  expect(await pressed(page)).toEqual([]);
  await draw(page, false, 'own');
  await expect.poll(() => pressed(page)).toEqual(['Enter own ctrlKey']);
});
