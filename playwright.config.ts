import { defineConfig } from '@playwright/test';
import { findBrowser } from './e2e/testing/browser.ts';

const browser = await findBrowser();

/**
 * Each worker takes the next file. Three of them on two cores: every other second a journey waits for its server or its page.
 * Journeys start servers of their own; the two long files that look at pages without one come first, so that none is left at the end.
 */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/testing/build.ts',
  outputDir: 'test-results',
  workers: 3,
  projects: [
    { name: 'visual', testMatch: 'visual/**/*.spec.ts' },
    { name: 'journeys', testMatch: '**/*.spec.ts', testIgnore: 'visual/**' },
  ],
  fullyParallel: false,
  retries: 0,
  // Deadlines against hanging, not expectations: what everybody else's work slows tenfold still passes.
  timeout: 300_000,
  expect: {
    timeout: 60_000,
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
    // Filming every page would be a good part of the work; of one that fails the last picture is kept, and every step.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: browser,
  },
});
