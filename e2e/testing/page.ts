import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { ADMIN } from './server.ts';

type AxePage = ConstructorParameters<typeof AxeBuilder>[0]['page'];

/** Goes through the door. */
export async function enter(page: Page, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function expectAccessible(page: Page): Promise<void> {
  // Its types are of another release of playwright-core than the tests'; the page it gets is the same.
  const axe = new AxeBuilder({ page: page as unknown as AxePage });
  const { violations } = await axe.analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
