import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { ADMIN } from './server.ts';

type AxePage = ConstructorParameters<typeof AxeBuilder>[0]['page'];

/** Goes through the door. */
export async function enter(page: Page, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export function expectAccessible(page: Page): Promise<void> {
  return expectNoViolations(page);
}

/** In the other theme, of a page that is accessible in one: they differ in their colours alone. */
export function expectLegible(page: Page): Promise<void> {
  return expectNoViolations(page, ['color-contrast', 'link-in-text-block']);
}

/** By all rules of axe, or by those named. */
async function expectNoViolations(page: Page, rules?: string[]): Promise<void> {
  // Its types are of another release of playwright-core than the tests'; the page it gets is the same.
  const axe = new AxeBuilder({ page: page as unknown as AxePage });
  // No page has a frame of another origin: none needs a page beside it to put its findings together in.
  axe.setLegacyMode().options({ resultTypes: ['violations'] });
  if (rules) axe.withRules(rules);
  const { violations } = await axe.analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** The page at this address is in sight. Where only the hash is another, the one before still stands while its code is on its way. */
export async function expectAt(page: Page, address: string): Promise<void> {
  await expect(page.locator('[data-address]:visible')).toHaveAttribute('data-address', address);
}

/** A tile whose figures are there, and current: one that still waits for its first is not stale either. */
export async function expectLive(tile: Locator): Promise<void> {
  const isLive = '[data-stale="false"]:not(:has([aria-busy="true"]))';
  await expect(tile.and(tile.page().locator(isLive))).toBeVisible();
}

/** Watches what the page's policy refuses; answers the complaints so far. */
export function watchPolicy(page: Page): () => string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  return () => violations;
}
