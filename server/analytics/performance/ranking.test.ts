import { describe, expect, it } from 'vitest';
import type { AgentRow } from '../../../shared/contract/analytics.ts';
import { emptyLegSums } from '../../../shared/metrics/agentSums.ts';
import { agentRowOf } from './agentRows.ts';
import { rankAgents } from './ranking.ts';

function agent(agentId: string, name: string, handled: number, talkMs: number): AgentRow {
  const legs = { ...emptyLegSums(), answered: handled, handled, talkMs };
  return agentRowOf({ identity: agentId, agentId, name, sectorId: 's', names: [] }, legs, undefined, 10);
}

const ranks = (rows: AgentRow[], rules: Partial<Parameters<typeof rankAgents>[1]>) => {
  const { ranked, belowMinimum } = rankAgents(rows, {
    metric: 'ahtMs',
    order: 'best',
    minimumSample: 10,
    ...rules,
  });
  return { order: ranked.map(({ rank, row }) => `${rank} ${row.agentId}`), belowMinimum };
};

describe('a ranking', () => {
  const rows = [
    agent('d', 'Zoe', 20, 2_000),
    agent('b', 'Ann', 20, 4_000),
    agent('a', 'Ann', 20, 4_000),
    agent('c', 'Bob', 20, 8_000),
  ];

  it('gives equal values one rank and the next its place, equal ones by name and then by id', () => {
    expect(ranks(rows, {}).order).toEqual(['1 d', '2 a', '2 b', '4 c']);
  });

  it('from the worst on turns the values round, not the names', () => {
    expect(ranks(rows, { order: 'worst' }).order).toEqual(['1 c', '2 a', '2 b', '4 d']);
  });

  it('knows what is better: of counts the higher', () => {
    expect(ranks([agent('a', 'A', 1, 1), agent('b', 'B', 2, 1)], { metric: 'answered' }).order).toEqual([
      '1 b',
      '2 a',
    ]);
  });

  it('[T4] leaves out and counts those whose sample is smaller than the minimum or who have no value', () => {
    const few = [agent('x', 'X', 9, 1), agent('y', 'Y', 0, 0), agent('z', 'Z', 10, 1)];
    expect(ranks(few, {})).toEqual({ order: ['1 z'], belowMinimum: 2 });
    expect(ranks(few, { minimumSample: 0 })).toEqual({ order: ['1 z', '2 x'], belowMinimum: 1 });
  });
});
