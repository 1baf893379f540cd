import { describe, expect, it } from 'vitest';
import { estimatedWaitMs } from './estimatedWait.ts';

const basis = { position: 1, available: 0, agents: 10, ahtMs: 300_000, patienceMs: null };

describe('[V9] estimated wait', () => {
  it('is 0 while an agent is free for the caller', () => {
    expect(estimatedWaitMs({ ...basis, position: 3, available: 3 })).toBe(0);
  });

  it('without impatience is one service time of the team per caller ahead and oneself', () => {
    expect(estimatedWaitMs({ ...basis, position: 1 })).toBe(30_000);
    expect(estimatedWaitMs({ ...basis, position: 4 })).toBe(120_000);
  });

  it('is shorter where callers ahead give up', () => {
    const patient = estimatedWaitMs({ ...basis, position: 10 }) ?? 0;
    expect(estimatedWaitMs({ ...basis, position: 10, patienceMs: 240_000 })).toBeLessThan(patient);
  });

  it('[T4] is unknown without agents or without a handle time', () => {
    expect(estimatedWaitMs({ ...basis, agents: 0 })).toBeNull();
    expect(estimatedWaitMs({ ...basis, ahtMs: null })).toBeNull();
  });
});
