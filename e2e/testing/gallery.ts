import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build, preview } from 'vite';

const ROOT = join(import.meta.dirname, '../..');

/** The development page of all tiles, built and served as the real one is; it needs no server of ours. */
export async function serveGallery(): Promise<{ url: string; close(): Promise<void> }> {
  const outDir = mkdtempSync(join(tmpdir(), 'callboard-gallery-'));
  const quiet = { configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error' as const };
  await build({ ...quiet, build: { outDir, rollupOptions: { input: join(ROOT, 'web/ui.html') } } });
  const server = await preview({ ...quiet, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('The gallery has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/ui.html`,
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** Fonts are in, charts are drawn, tiles have measured themselves. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[aria-label="Offered calls"]')].every((tile) =>
      tile.querySelector('.recharts-surface, [aria-busy="true"]'),
    ),
  );
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}
