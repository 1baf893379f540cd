import { expect, type Locator } from '@playwright/test';

/** Makes a choice, and presses Enter in the very commit that has it above and the old links below; then what a browser does. */
export async function enterWhileBehind(
  at: Locator,
  choice: string,
  keys: { ctrlKey?: boolean } = {},
): Promise<void> {
  const address = new URL(at.page().url()).hash.slice(2);
  await expect(
    at.page().locator(`[data-address="${address}"]:not(:has([data-behind="true"]))`),
  ).toBeVisible();
  await at.evaluate(
    (link, { choice, keys }) => {
      const press = { ...keys, bubbles: true, cancelable: true };
      const seen = new MutationObserver(() => {
        if (link.closest('[data-behind="true"]') === null) return;
        seen.disconnect();
        if (link.dispatchEvent(new KeyboardEvent('keydown', { ...press, key: 'Enter' })))
          link.dispatchEvent(new MouseEvent('click', press));
      });
      seen.observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-behind'] });
      location.hash = `${location.hash}&${choice}`;
    },
    { choice, keys },
  );
}
