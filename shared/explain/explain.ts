import type { CallsBehind, Explanation } from '../contract/explain.ts';
import type { Entry, Metric, ReviewMetric } from './catalogue.ts';
import { PARTS, REASONS, TITLES } from './english.ts';
import { type Formula, figureOf, partsUsed, sumOf, type Term, termOf, written } from './formulas.ts';
import { type PartName, type Parts, type Unit, unitOf } from './parts.ts';

/** A figure put into words and numbers. Pure. */

type Variant = Explanation['variants'][number];

/** Another reading of the same visits. */
export type Reading = Pick<Variant, 'name' | 'isShown'> & { entry: Entry };

/** What an explanation is made from. */
export interface Explained {
  metric: Metric | ReviewMetric;
  entry: Entry;
  parts: Parts;
  variants: readonly Reading[];
  /** Observations that are enough where the entry does not say [T4]. */
  minimumSample: number;
  /** Where the visits that a sum counts are listed; null where it counts none. */
  callsBehind: (terms: readonly Term[]) => CallsBehind | null;
}

export function explain(explained: Explained): Explanation {
  const { metric, entry, parts, variants, minimumSample, callsBehind } = explained;
  const { formula, sample, enough, excluded, ruleId, unit } = entry;
  const size = sample && Math.max(0, sumOf(sample, parts) ?? 0);
  const minimum = enough ?? minimumSample;
  return {
    metric,
    ruleId,
    title: TITLES[metric],
    unit,
    value: figureOf(formula, parts),
    words: wordsOf(formula),
    filled: filledOf(entry, parts),
    parts: partsUsed(formula).map((name) => ({
      name,
      ...PARTS[name],
      value: parts[name] ?? null,
      unit: unitOf(name),
      calls: callsBehind([name]),
    })),
    excluded: excluded.map(({ reason, terms }) => ({
      name: reason,
      words: REASONS[reason],
      value: sumOf(terms, parts),
      unit: terms[0] === undefined ? 'count' : unitOf(termOf(terms[0]).name),
      calls: callsBehind(terms),
    })),
    variants: variants.map((reading) => variantOf(reading, explained)),
    sample: size === null ? null : { size, minimum, isLow: size > 0 && size < minimum },
    calls: bothCalls(entry, callsBehind),
  };
}

function variantOf({ name, isShown, entry }: Reading, { parts, callsBehind }: Explained): Variant {
  const { formula, ruleId } = entry;
  return {
    name,
    isShown,
    ruleId,
    words: wordsOf(formula),
    filled: filledOf(entry, parts),
    value: figureOf(formula, parts),
    numerator: sumOf(formula.over, parts),
    denominator: formula.under && sumOf(formula.under, parts),
    calls: bothCalls(entry, callsBehind),
  };
}

function bothCalls({ formula, sample }: Entry, callsBehind: Explained['callsBehind']): Explanation['calls'] {
  const below = formula.under ?? sample;
  return { numerator: callsBehind(formula.over), denominator: below && callsBehind(below) };
}

function wordsOf(formula: Formula): string {
  return written(formula, (name) => PARTS[name].label);
}

/** `(812 − 3) / 900 = 0.8989`, rounded as a person reads it; what there is not is a dash [T4]. */
function filledOf({ formula, unit }: Entry, parts: Parts): string {
  const numbers = written(formula, (name: PartName) => toldAs(unitOf(name), parts[name]));
  const isWorkedOut = formula.under !== null || formula.over.length > 1;
  return isWorkedOut ? `${numbers} = ${toldAs(unit, figureOf(formula, parts))}` : numbers;
}

function toldAs(unit: Unit, value: number | null | undefined): string {
  if (value == null) return '–';
  switch (unit) {
    case 'ratio':
      return String(Number(value.toFixed(4)));
    case 'points':
      return String(Number(value.toFixed(1)));
    default:
      return String(Math.round(value));
  }
}
