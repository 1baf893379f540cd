import { expect, it } from 'vitest';
import { emptyLegSums } from '../../../shared/metrics/agentSums.ts';
import { emptyTimeSums } from '../../../shared/metrics/timeSums.ts';
import { agentRowOf } from '../performance/agentRows.ts';
import { agentsWorthALook } from './agentsWorthALook.ts';

const HOUR_MS = 3_600_000;

/** An agent of a hundred calls of five minutes each, five of them passed on, and ten rings missed; but for what is given. */
function agent(agentId: string, legs: Partial<ReturnType<typeof emptyLegSums>> = {}, available = 10) {
  const usual = { answered: 100, handled: 100, transferred: 5, missedRings: 10, talkMs: 100 * 300_000 };
  const time = { ...emptyTimeSums(), talkingMs: 10 * HOUR_MS, availableMs: available * HOUR_MS };
  const sums = { ...emptyLegSums(), ...usual, ...legs };
  const whole = {
    identity: agentId,
    queueId: '',
    legs: sums,
    time,
    firstSignedInAt: null,
    lastSignedInAt: null,
  };
  return agentRowOf(
    { identity: agentId, agentId, name: agentId, names: [agentId], sectorId: 's' },
    sums,
    whole,
    10,
  );
}
const usual = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => agent(id));
const looked = (more: ReturnType<typeof agent>[], occupancyLimit: number | null = null) =>
  agentsWorthALook([...usual, ...more], { minimumSample: 10, occupancyLimit }).map(({ agentId, reasons }) => [
    agentId,
    reasons.map(({ metric }) => metric),
  ]);

it('nobody is worth a look where all are alike, nor where nobody did anything', () => {
  expect(looked([])).toEqual([]);
  expect(agentsWorthALook([], { minimumSample: 10, occupancyLimit: 0.8 })).toEqual([]);
  const idle = { answered: 0, handled: 0, transferred: 0, missedRings: 0, talkMs: 0 };
  expect(agentsWorthALook([agent('z', idle)], { minimumSample: 0, occupancyLimit: null })).toEqual([]);
});

it('who is far from what is usual is, most reasons first, and says why', () => {
  const slow = agent('slow', { talkMs: 100 * 600_000 });
  const both = agent('both', { talkMs: 100 * 600_000, transferred: 40 });
  const away = agent('away', { missedRings: 90 });
  expect(looked([slow, both, away])).toEqual([
    ['both', ['ahtMs', 'transferRate']],
    ['away', ['missedRings']],
    ['slow', ['ahtMs']],
  ]);
  const [first] = agentsWorthALook([...usual, away], { minimumSample: 10, occupancyLimit: null });
  expect(first?.reasons).toEqual([{ metric: 'missedRings', value: 90 / 190, usual: 170 / (900 + 170) }]);
});

it('[T4] a few contacts say nothing', () => {
  const few = { answered: 9, handled: 9, transferred: 9, missedRings: 0, talkMs: 9 * 900_000 };
  expect(looked([agent('few', few)])).toEqual([]);
  const rare = { answered: 10, handled: 10, transferred: 2, missedRings: 0, talkMs: 10 * 300_000 };
  expect(looked([agent('rare', rare)])).toEqual([]);
});

it('who is busier than the limit is, after a day of it', () => {
  expect(looked([agent('busy', {}, 1)], 0.85)).toEqual([['busy', ['occupancy']]]);
  expect(looked([agent('busy', {}, 1)])).toEqual([]);
});
