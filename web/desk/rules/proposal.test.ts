import { expect, test } from 'vitest';
import { businessRulesChange } from '../../../shared/contract/businessRules.ts';
import { addressOfRules, changeOf, type Proposal, proposalOf, questionsOf, touchedBy } from './proposal.ts';

const NOTHING: Proposal = {
  definition: null,
  threshold: null,
  shortAbandon: null,
  target: null,
  limit: null,
};

test('an address is read as it was written', () => {
  const proposal: Proposal = {
    definition: 'strict',
    threshold: 30,
    shortAbandon: 0,
    target: 0.825,
    limit: 0.04,
  };
  expect(addressOfRules(proposal)).toBe(
    '#/rules?definition=strict&threshold=30&shortAbandon=0&target=82.5&limit=4',
  );
  expect(proposalOf(addressOfRules(proposal).slice('#/rules?'.length))).toEqual({ proposal, problems: [] });
  expect(addressOfRules(NOTHING)).toBe('#/rules');
});

test.each([
  'definition=mine',
  'threshold=601',
  'threshold=-1',
  'shortAbandon=soon',
  'target=101',
  'limit=0x1',
])('what cannot be is left out and told: %s', (query) => {
  const { proposal, problems } = proposalOf(query);
  expect(proposal).toEqual(NOTHING);
  expect(problems).toHaveLength(1);
});

test('the change of settings names what is proposed and nothing else', () => {
  expect(changeOf(NOTHING)).toEqual({});
  const change = changeOf({ ...NOTHING, threshold: 0, limit: 0.03 });
  expect(change).toEqual({ thresholds: { thresholdSeconds: 0 }, targets: { abandonmentRate: 0.03 } });
  expect(businessRulesChange.parse(change)).toEqual(change);
});

const own = new Map([
  ['vip', { thresholdSeconds: 10, shortAbandonSeconds: null }],
  ['slow', { thresholdSeconds: 60, shortAbandonSeconds: 2 }],
]);

test('where all queues are counted alike it is one question about all of them', () => {
  expect(questionsOf(['vip', 'slow', 'usual'], own, { ...NOTHING, definition: 'strict' })).toEqual([
    { queues: null, rules: { definition: 'strict' } },
  ]);
  expect(questionsOf(['usual', 'other'], own, { ...NOTHING, threshold: 30 })).toEqual([
    { queues: null, rules: { threshold: '30' } },
  ]);
  expect(questionsOf([], own, { ...NOTHING, threshold: 30 })).toEqual([]);
});

test('a queue that has seconds of its own keeps them', () => {
  const asked = questionsOf(['vip', 'usual', 'slow', 'other'], own, {
    ...NOTHING,
    threshold: 30,
    shortAbandon: 4,
  });
  expect(asked).toEqual([
    { queues: ['vip'], rules: { shortAbandon: '4' } },
    { queues: ['usual', 'other'], rules: { threshold: '30', shortAbandon: '4' } },
    { queues: ['slow'], rules: {} },
  ]);
});

test('no question names more queues than one may', () => {
  const many = Array.from({ length: 450 }, (_, nth) => `q${nth}`);
  const asked = questionsOf(['vip', ...many], own, { ...NOTHING, threshold: 30 });
  expect(asked.map(({ queues }) => queues?.length)).toEqual([1, 200, 200, 50]);
});

test.each([
  [{}, []],
  [{ threshold: 30 }, ['serviceLevel']],
  [{ definition: 'strict' as const }, ['serviceLevel']],
  [{ shortAbandon: 3 }, ['serviceLevel', 'abandonmentRate', 'shortAbandoned']],
  [{ limit: 0.03 }, ['abandonmentRate']],
  [{ target: 0.7, limit: 0.03 }, ['serviceLevel', 'abandonmentRate']],
])('what %j is about is %j', (proposed, touched) => {
  expect([...touchedBy({ ...NOTHING, ...proposed })]).toEqual(touched);
});
