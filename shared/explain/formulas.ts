import type { ListedCount } from '../contract/calls.ts';
import type { ReviewCount } from '../contract/qualityScores.ts';
import { ratio } from '../metrics/serviceLevel.ts';
import type { Reason } from './english.ts';
import type { LEG_COUNTS } from './legCounts.ts';
import { isReviewCount, isVisitCount, type PartName, type Parts } from './parts.ts';

/** Formulas as data: they are told in words, filled with numbers, worked out, and turned into a search. Pure. */

/** A part that is added, or taken away. */
export type Term = PartName | `-${PartName}`;

/** A sum, or one sum divided by another. */
export interface Formula {
  over: readonly Term[];
  under: readonly Term[] | null;
  /** Nothing to tell where this is 0. */
  needs?: PartName;
}

export function sumOf(terms: readonly Term[], parts: Parts): number | null {
  let sum = 0;
  for (const { name, sign } of terms.map(termOf)) {
    const value = parts[name] ?? null;
    if (value === null) return null;
    sum += sign * value;
  }
  return sum;
}

export function figureOf({ over, under, needs }: Formula, parts: Parts): number | null {
  if (needs !== undefined && !parts[needs]) return null;
  const [numerator, denominator] = [sumOf(over, parts), under && sumOf(under, parts)];
  if (under === null || numerator === null) return numerator;
  return denominator === null ? null : ratio(numerator, denominator);
}

export function partsUsed({ over, under, needs }: Formula): PartName[] {
  const used = [...over, ...(under ?? [])].map((term) => termOf(term).name);
  return [...new Set(needs === undefined ? used : [...used, needs])];
}

/** `told` says each part; words of several terms below or above a stroke stand in brackets. */
export function written({ over, under }: Formula, told: (name: PartName) => string): string {
  const side = (terms: readonly Term[]) =>
    terms.map(termOf).reduce((text, { name, sign }, place) => {
      if (place === 0) return sign < 0 ? `−${told(name)}` : told(name);
      return `${text} ${sign < 0 ? '−' : '+'} ${told(name)}`;
    }, '');
  if (under === null) return side(over);
  const bracketed = (terms: readonly Term[]) => (terms.length > 1 ? `(${side(terms)})` : side(terms));
  return `${bracketed(over)} / ${bracketed(under)}`;
}

/**
 * The visits a sum counts: those any of `counted` counts and none of `notCounted`. What is taken away lies within what is
 * added, and what is added does not overlap, so there are as many as the sum says. Null where it is no number of visits.
 */
export function visitsBehind(terms: readonly Term[]): Behind<ListedCount> | null {
  // Calls less visits are neither.
  return terms.length > 1 && terms.includes('calls') ? null : countsBehind(terms, isVisitCount);
}

/** The same of reviews. */
export function reviewsBehind(terms: readonly Term[]): Behind<ReviewCount> | null {
  return countsBehind(terms, isReviewCount);
}

interface Behind<Count> {
  counted: Count[];
  notCounted: Count[];
}

function countsBehind<Count extends PartName>(
  terms: readonly Term[],
  isCount: (name: PartName) => name is Count,
): Behind<Count> | null {
  const [counted, notCounted]: [Count[], Count[]] = [[], []];
  for (const { name, sign } of terms.map(termOf)) {
    if (!isCount(name)) return null;
    (sign > 0 ? counted : notCounted).push(name);
  }
  return counted.length === 0 ? null : { counted, notCounted };
}

/** The rings or outbound calls a sum is the number of; null where it is none. */
export function legsBehind(terms: readonly Term[]): keyof typeof LEG_COUNTS | null {
  const [only, ...more] = terms;
  return more.length === 0 && (only === 'missedRings' || only === 'outbound') ? only : null;
}

export function termOf(term: Term): { name: PartName; sign: 1 | -1 } {
  // The type of a term says what follows a minus.
  return term.startsWith('-')
    ? { name: term.slice(1) as PartName, sign: -1 }
    : { name: term as PartName, sign: 1 };
}

/** What of the offered a formula leaves out, by why. */
export interface LeftOut {
  reason: Reason;
  terms: readonly Term[];
}
