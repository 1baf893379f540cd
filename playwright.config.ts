import { defineConfig } from '@playwright/test';
import { findBrowser } from './e2e/testing/browser.ts';

const browser = await findBrowser();

/**
 * Two workers, which two cores carry: each takes the next file. Journeys start servers of their own; what looks at pages
 * that need none comes last, in two files of about the same length.
 */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/testing/build.ts',
  outputDir: 'test-results',
  workers: 2,
  projects: [
    { name: 'journeys', testMatch: '**/*.spec.ts', testIgnore: 'visual/**' },
    { name: 'visual', testMatch: 'visual/**/*.spec.ts' },
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
