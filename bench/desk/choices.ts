import type { Page } from '@playwright/test';

const DAY_MS = 86_400_000;
const date = (daysAgo: number): string => new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
export const range = (from: number, to: number): string => `start=${date(from)}&end=${date(to)}`;
/** A choice, by the place it starts from and what is pressed, as somebody at the page would. */
export interface Choice {
  what: string;
  from(round: number): string;
  /** Opens what has to be open, and answers what is pressed: text, for the page. */
  open(page: Page, round: number): Promise<string>;
}

const menu = (page: Page, name: string) => page.getByRole('button', { name: `${name}: ` }).click();
const clicked = (selector: string) => `() => document.querySelector(${JSON.stringify(selector)}).click()`;
// Not this month: as it begins it has no visits yet, and so nothing new to be painted.
const PRESETS = ['lastMonth', 'last90', 'yearToDate'];

export const CHOICES: Choice[] = [
  {
    what: 'a queue, of 30 days',
    from: (round) => range(70 + round, 41 + round),
    open: async (page, round) => {
      await menu(page, 'Queues');
      return `() => [...document.querySelectorAll('label input[type="checkbox"]')][${round}].click()`;
    },
  },
  {
    what: 'a queue, of a year',
    from: (round) => range(363 - round, 8),
    open: async (page, round) => {
      await menu(page, 'Queues');
      return `() => [...document.querySelectorAll('label input[type="checkbox"]')][${round}].click()`;
    },
  },
  {
    what: 'other days by name',
    from: (round) => `${range(50, 21)}&queue=queue-${round}`,
    open: async (page, round) => {
      await menu(page, 'Days');
      return clicked(`a[href*="range=${PRESETS[round % PRESETS.length]}"]`);
    },
  },
  {
    what: 'the month before',
    from: (round) => `start=${date(60).slice(0, 8)}01&end=${date(60).slice(0, 8)}28&queue=queue-${round}`,
    open: async () => `() => document.querySelector('h1').parentElement.querySelector('a[title]').click()`,
  },
  {
    what: 'what is compared with',
    from: (round) => `${range(90 + round, 61 + round)}&queue=queue-${round}`,
    open: async (page, round) => {
      await menu(page, 'Compare with');
      return clicked(`a[href*="compare=${round % 2 === 0 ? 'lastYear' : 'sameWeekday'}"]`);
    },
  },
  {
    what: 'other seconds of service level',
    from: (round) => range(120 + round, 91 + round),
    open: async (_page, round) => `() => { location.hash += '&threshold=${31 + round}'; }`,
  },
];
