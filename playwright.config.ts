import { defineConfig } from '@playwright/test';
import { findBrowser } from './e2e/testing/browser.ts';

const browser = await findBrowser();

/**
 * Two workers: one for journeys, each of which starts a server with its own PostgreSQL, and one that looks at pages that
 * need none. Two cores carry no more than that.
 */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/testing/build.ts',
  outputDir: 'test-results',
  workers: 2,
  projects: [
    { name: 'journeys', testMatch: '**/*.spec.ts', testIgnore: 'visual/**', workers: 1 },
    { name: 'visual', testMatch: 'visual/**/*.spec.ts', workers: 1 },
  ],
  fullyParallel: false,
  retries: 0,
  timeout: 90_000,
  expect: {
    timeout: 15_000,
    // A few pixels differ between processors; the smallest icon of a wall is far more.
    toHaveScreenshot: { maxDiffPixels: 40, pathTemplate: 'e2e/visual/pictures/{arg}{ext}' },
  },
  forbidOnly: true,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1600, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: browser,
  },
});
