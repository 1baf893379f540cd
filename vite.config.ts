import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The page is served from `dist/web` under any BASE_PATH, so every address in it is relative; and under a policy that
 * forbids inline scripts and styles [S70], so nothing small is inlined either.
 */
export default defineConfig({
  root: join(import.meta.dirname, 'web'),
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
