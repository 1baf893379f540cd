import { expect, it } from 'vitest';
import { initialsOf } from './initials.ts';

it.each([
  ['Anna-Lena Müller', 'AM'],
  ['Maria del Carmen García', 'MG'],
  ['madonna', 'M'],
  ['Özge Şahin', 'ÖŞ'],
  ['E\u0301mile Zola', 'ÉZ'],
  ['d’Artagnan', 'D'],
  ['Ηλέκτρα Παπαδοπούλου', 'ΗΠ'],
  ['王小明', '王'],
  ['  (Bob)   O’Neil  ', 'BO'],
  ['4711', '4'],
  ['PJSIP/4711', 'P'],
  ['– ! –', '?'],
  ['', '?'],
])('[S81] of %s are %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
