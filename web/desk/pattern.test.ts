import { expect, it } from 'vitest';
import { distanceOf } from './pattern.ts';

it.each([
  [0.8, 0.8, 0],
  [0.4, 0.8, 0.5],
  [0, 0.8, 1],
  [30_000, 20_000, 0.5],
  [90_000, 20_000, 1],
  [0, 0, 0],
  [1, 0, 1],
  [null, 0.8, 0],
  [0.5, null, 0],
])('from %s to a target of %s is a distance of %d', (value, target, distance) => {
  expect(distanceOf(value, target)).toBe(distance);
});
