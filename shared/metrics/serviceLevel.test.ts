import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from '../contract/metrics.ts';
import { addVerdicts, emptyVerdicts, ratio, serviceLevelParts, type Verdicts } from './serviceLevel.ts';

/** 100 decided visits: 70 met, 12 missed (5 answered late, 4 abandoned late, 3 timed out late), 10 abandoned within T
 * (6 of them short), 8 left otherwise within T (3 for a callback). */
const verdicts: Verdicts = {
  met: 70,
  missed: 12,
  answered: 75,
  abandoned: 14,
  abandonedWithin: 10,
  short: 6,
  shortWithin: 6,
  callbackWithin: 3,
  otherWithin: 8,
  flowOuts: 11,
};
const genesys = { abandonsOut: false, shortAbandonsIn: false, flowOutsIn: false };

describe('service level definitions', () => {
  it.each([
    ['standard', '[SL1]', 70, 70 + 12 + 10 - 6],
    ['strict', '[SL2]', 70, 100],
    ['genesys', '[SL3]', 70, 75 + 14 - 6],
    ['connect', '[SL4]', 70 + 10 + 3, 100],
    ['talkdesk', '[SL5]', 70, 100 - 6],
    ['cisco_ignored', '[SL6]', 70, 70 + 12],
    ['cisco_negative', '[SL6]', 70, 70 + 12 + 10 - 6],
    ['cisco_positive', '[SL6]', 70 + 4, 70 + 12 + 10 - 6],
    ['asterisk', '[SL7]', 70, 75],
  ] as const)('%s is %s: %i of %i', (definition, _rule, good, of) => {
    expect(serviceLevelParts(definition, verdicts, genesys)).toEqual({ good, of });
  });

  it('[SL3] switches move abandons, short abandons and flow-outs in and out', () => {
    const parts = (switches: Partial<typeof genesys>) =>
      serviceLevelParts('genesys', verdicts, { ...genesys, ...switches }).of;
    expect(parts({ abandonsOut: true })).toBe(75);
    expect(parts({ shortAbandonsIn: true })).toBe(75 + 14);
    expect(parts({ flowOutsIn: true })).toBe(75 + 14 - 6 + 11);
  });

  it('[T4] without a decided visit every definition has no value rather than 0 or 100 %', () => {
    for (const definition of DEFINITIONS) {
      const { good, of } = serviceLevelParts(definition, emptyVerdicts(), genesys);
      expect(ratio(good, of)).toBeNull();
    }
  });

  it('[T5] a total adds the verdicts of its queues: the ratio of the sums, not the mean of the ratios', () => {
    const total = emptyVerdicts();
    addVerdicts(total, { ...emptyVerdicts(), met: 1, answered: 1 });
    addVerdicts(total, { ...emptyVerdicts(), missed: 3, answered: 3 });
    const { good, of } = serviceLevelParts('standard', total, genesys);
    expect(ratio(good, of)).toBe(0.25);
  });
});
