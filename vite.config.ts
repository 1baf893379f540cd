import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * `vite build` makes the page, `vite build --ssr server/main.ts` the server: one file of ours, packages as they are installed. Translating
 * two hundred files at every start took as long as all the rest of starting.
 *
 * The page is served from `dist/web` under any BASE_PATH, so every address in it is relative; and under a policy that
 * forbids inline scripts and styles [S70], so nothing small is inlined either.
 */
export default defineConfig(({ isSsrBuild }) =>
  isSsrBuild
    ? {
        root: import.meta.dirname,
        publicDir: false,
        build: {
          outDir: 'dist/server',
          emptyOutDir: true,
          sourcemap: true,
          minify: false,
          target: 'node20',
        },
      }
    : {
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
      },
);
