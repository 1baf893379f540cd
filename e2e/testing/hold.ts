import type { Page } from '@playwright/test';

/** Requests to some address wait, however many there are, until they are released; `isAsked` once there is one. */
export async function hold(page: Page, url: RegExp): Promise<{ isAsked: Promise<void>; release(): void }> {
  let release = (): void => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = (): void => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  await page.route(url, async (route) => {
    asked();
    await isReleased;
    await route.continue();
  });
  return { isAsked, release };
}
