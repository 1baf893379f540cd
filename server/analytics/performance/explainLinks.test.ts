import { expect, it } from 'vitest';
import { callsQuery } from '../../../shared/contract/calls.ts';
import { explainQuery } from '../../../shared/contract/explain.ts';
import { agentsAddress, createCallsBehind, explainTemplate } from './explainLinks.ts';

const ODD = 'q&{metric}=ü +%';
const parametersOf = (address: string) => {
  const parameters = new URL(address, 'http://x').searchParams;
  const several = ['queue', 'sector', 'counted', 'notCounted'];
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => [
      name,
      several.includes(name) ? parameters.getAll(name) : parameters.get(name),
    ]),
  );
};

it('[S45] an id that looks like a blank, or like a parameter, stays an id', () => {
  const days = { startDate: '2026-11-01', endDate: '2026-11-02' };
  const template = explainTemplate({ ...days, queue: [ODD], threshold: 30 }, { sector: 'sectorId' });
  expect(template.match(/\{\w+\}/g)).toEqual(['{metric}', '{sectorId}']);
  const address = template.replace('{metric}', 'calls').replace('{sectorId}', encodeURIComponent(ODD));
  expect(explainQuery.parse(parametersOf(address))).toEqual({
    ...{ ...days, metric: 'calls', queue: [ODD], sector: [ODD], threshold: 30 },
  });
  expect(agentsAddress(days, ODD)).toContain(`/agents/${encodeURIComponent(ODD)}?`);
});

it('a list is searched for where calls can be, however long the range', () => {
  const scope = { from: Date.UTC(1970, 0, 1), to: Date.UTC(2999, 0, 1), queue: [], sector: [ODD] };
  const callsBehind = createCallsBehind(scope, { met: 7, shortWithin: 2 }, { met: 4, shortWithin: 1 });
  const list = callsBehind(['met', '-shortWithin']);
  expect(list).toMatchObject({ count: 3, unseen: 2 });
  expect(callsQuery.parse(parametersOf(list?.href ?? ''))).toEqual({
    ...{ from: Date.UTC(2000, 0, 1), to: Date.UTC(2100, 0, 1) },
    ...{ sector: [ODD], counted: ['met'], notCounted: ['shortWithin'] },
  });
});

it('[T5] what is no number of visits has no list', () => {
  const callsBehind = createCallsBehind({ from: 0, to: 1, queue: [] }, {});
  expect(callsBehind(['talkMs'])).toBeNull();
  expect(callsBehind(['met', 'missedRings'])).toBeNull();
  expect(callsBehind(['calls', '-shortAbandoned'])).toBeNull();
  expect(callsBehind(['calls'])).not.toBeNull();
});
