import type { Definition } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';
import type { Formula, LeftOut, Term } from './formulas.ts';

/** The definitions of service level as formulas [SL1]–[SL7]. Pure. */

const MISSED_AND_MET = ['met', 'missed'] as const;
const DECIDED = [...MISSED_AND_MET, 'abandonedWithin', 'otherWithin'] as const;
const CISCO = [...MISSED_AND_MET, 'abandonedWithin', '-shortAbandoned'] as const;
const ANSWERED = ['answered', '-callbackAnswered'] as const;
const ABANDONED = ['abandoned', '-callbackAbandoned'] as const;

const callbacks = { reason: 'callbacks', terms: ['callbackOffered'] } as const;
const undecided = { reason: 'undecided', terms: ['waitingOrLost', '-missedWaiting'] } as const;
const waitingOrLost = { reason: 'waitingOrLost', terms: ['waitingOrLost'] } as const;
const shortAbandons = { reason: 'shortAbandons', terms: ['shortAbandoned'] } as const;
const otherWithin = { reason: 'otherWithin', terms: ['otherWithin'] } as const;

export const RULE_OF_DEFINITION: Record<Definition, string> = {
  standard: 'SL1',
  strict: 'SL2',
  genesys: 'SL3',
  connect: 'SL4',
  talkdesk: 'SL5',
  cisco_ignored: 'SL6',
  cisco_negative: 'SL6',
  cisco_positive: 'SL6',
  asterisk: 'SL7',
};

/** What shared/metrics/serviceLevel.ts computes; the test beside it holds the two together. */
export function serviceLevelFormula(
  definition: Definition,
  genesys: LiveSettings['genesys'],
): { formula: Formula; excluded: LeftOut[] } {
  const of = (over: readonly Term[], under: readonly Term[], ...excluded: LeftOut[]) => ({
    formula: { over, under },
    excluded: [...excluded, callbacks],
  });
  switch (definition) {
    case 'standard':
      return of(
        ['met'],
        [...MISSED_AND_MET, 'abandonedWithin', '-shortWithin'],
        { reason: 'shortWithin', terms: ['shortWithin'] },
        otherWithin,
        undecided,
      );
    case 'strict':
      return of(['met'], DECIDED, undecided);
    case 'genesys': {
      const { abandonsOut, shortAbandonsIn, flowOutsIn } = genesys;
      const abandons: Term[] = abandonsOut
        ? []
        : shortAbandonsIn
          ? [...ABANDONED]
          : [...ABANDONED, '-shortAbandoned'];
      const excluded: LeftOut[] = [];
      if (abandonsOut) excluded.push({ reason: 'abandons', terms: ABANDONED });
      else if (!shortAbandonsIn) excluded.push(shortAbandons);
      if (!flowOutsIn) excluded.push({ reason: 'flowOuts', terms: ['flowOuts'] });
      const under: Term[] = [...ANSWERED, ...abandons, ...(flowOutsIn ? ['flowOuts' as const] : [])];
      return of(['met'], under, ...excluded, waitingOrLost);
    }
    case 'connect':
      return of(['met', 'abandonedWithin', 'callbackWithin'], DECIDED, undecided);
    case 'talkdesk':
      return of(['met'], [...DECIDED, '-shortAbandoned'], shortAbandons, undecided);
    case 'cisco_ignored':
      return of(
        ['met'],
        [...MISSED_AND_MET, '-shortAbandoned', 'shortWithin'],
        { reason: 'abandonedWithin', terms: ['abandonedWithin'] },
        { reason: 'shortBeyond', terms: ['shortAbandoned', '-shortWithin'] },
        otherWithin,
        undecided,
      );
    case 'cisco_negative':
      return of(['met'], CISCO, shortAbandons, otherWithin, undecided);
    case 'cisco_positive':
      return of(['met', 'abandonedWithin', '-shortWithin'], CISCO, shortAbandons, otherWithin, undecided);
    case 'asterisk':
      return of(
        ['met'],
        ANSWERED,
        { reason: 'abandons', terms: ABANDONED },
        { reason: 'flowOuts', terms: ['flowOuts'] },
        waitingOrLost,
      );
  }
}
