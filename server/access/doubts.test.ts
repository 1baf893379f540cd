import { expect, it } from 'vitest';
import { createDoubts } from './doubts.ts';

function doubtsAt(start: number) {
  let at = start;
  const doubts = createDoubts({ forgetMs: 600_000, now: () => at });
  return {
    doubts,
    pass: (ms: number) => {
      at += ms;
    },
  };
}

it('[S13] doubts what was issued before, not what comes after, and nobody else', () => {
  const { doubts } = doubtsAt(100_000);
  doubts.raise('ann');
  expect(doubts.isRaised('ann', 99_000)).toBe(true);
  expect(doubts.isRaised('ann', 100_000)).toBe(true);
  expect(doubts.isRaised('ann', 103_000)).toBe(false);
  expect(doubts.isRaised('bob', 99_000)).toBe(false);
});

it('forgets a doubt once nothing issued before it is valid any more', () => {
  const { doubts, pass } = doubtsAt(100_000);
  doubts.raise('ann');
  doubts.raise(null);
  pass(600_001);
  expect(doubts.isRaised('ann', 99_000)).toBe(false);
});

it('[L13] doubts everybody where there are too many to remember', () => {
  const { doubts } = doubtsAt(100_000);
  for (let i = 0; i <= 10_000; i++) doubts.raise(`account ${i}`);
  expect(doubts.isRaised('never named', 99_000)).toBe(true);
});
