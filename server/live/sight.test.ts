import { describe, expect, it } from 'vitest';
import type { AgentView, CallView } from '../../shared/contract/metrics.ts';
import { DEFAULT_SETTINGS, type LiveSettings } from '../../shared/contract/settings.ts';
import { measureQueue, measureSector, measureTotal } from '../../shared/live/measure.ts';
import { createState } from '../../shared/live/state.ts';
import { foldAll, queueSettings, tell } from '../../shared/live/testing.ts';
import { measureTrend } from '../../shared/live/trend.ts';
import { measureAgent, measureCall } from '../../shared/live/views.ts';
import { type Sight, WHOLE_SIGHT } from '../access/principal.ts';
import { keyOf, type LiveValue } from './keys.ts';
import { createProjection } from './sight.ts';

/** Two sectors. Anna and Bob of the first, Carl of the second; everybody serves a queue of each. */

const NOW = Date.UTC(2026, 10, 23, 12);
const settings: LiveSettings = {
  ...DEFAULT_SETTINGS,
  sectors: new Map([
    ['one', 'One'],
    ['two', 'Two'],
  ]),
  queues: new Map([
    ['q1', queueSettings('one')],
    ['q2', queueSettings('two')],
  ]),
  agents: new Map([
    ['Anna', { name: 'Anna-Lena Müller', sectorId: 'one', nickname: null }],
    ['Bob', { name: 'Bob Marsh', sectorId: 'one', nickname: 'Bobcat' }],
    ['Carl', { name: 'Carl Orff', sectorId: 'two', nickname: null }],
  ]),
};
const state = createState({ dayStart: NOW - 12 * 3_600_000, settings });
const serving = (agent: string) =>
  (['q1', 'q2'] as const).map((q): [number, 'agent.joined', object] => [
    -600,
    'agent.joined',
    { agent, queue: q },
  ]);
const talking = (callId: string, q: string, agent: string) =>
  [
    [-100, 'call.queued', { callId, queue: q, origin: 'inbound', caller: `+49 ${callId}` }],
    [-90, 'call.answered', { callId, queue: q, agent, ringMs: 0 }],
  ] as [number, 'call.queued' | 'call.answered', Record<string, unknown>][];
foldAll(
  state,
  tell(NOW, [
    ...(['Anna', 'Bob', 'Carl'].flatMap((agent) => [
      [-700, 'agent.signed_in', { agent }],
      ...serving(agent),
      [-500, 'agent.state_changed', { agent, state: 'paused', reason: 'break', queue: 'q2' }],
    ]) as [number, 'agent.joined', Record<string, unknown>][]),
    ...talking('c1', 'q1', 'Anna'),
    ...talking('c2', 'q2', 'Bob'),
    ...talking('c3', 'q1', 'Carl'),
  ]),
);

const view = { state, settings };
const present = <T>(value: T | null): T => {
  if (value === null) throw new Error('It should be there.');
  return value;
};
const agent = (id: string): AgentView => present(measureAgent(state, settings, NOW, id));
const call = (id: string): CallView => present(measureCall(state, settings, NOW, id));
const told: LiveValue[] = [
  { kind: 'tenant', value: measureTotal(state, settings, NOW, { window: 'today' }) },
  { kind: 'trend', value: measureTrend(state, NOW, null) },
  ...['one', 'two'].map((id): LiveValue => {
    return { kind: 'sector', value: measureSector(state, settings, NOW, id, { window: 'today' }) };
  }),
  ...['q1', 'q2'].map((id): LiveValue => {
    return { kind: 'queue', value: measureQueue(state, settings, NOW, id, { window: 'today' }) };
  }),
  ...['Anna', 'Bob', 'Carl'].map((id): LiveValue => ({ kind: 'agent', value: agent(id) })),
  ...['c1', 'c2', 'c3'].map((id): LiveValue => ({ kind: 'call', value: call(id) })),
];

const projection = (sight: Partial<Sight>) =>
  createProjection({ ...WHOLE_SIGHT, ...sight }, view, (id) => `~${[...id].reverse().join('')}`);
const of = (...sectors: string[]) => ({ sectors: new Set(sectors) });

it('gives the whole sight the very objects that were measured', () => {
  const whole = projection({});
  for (const one of told) expect(whole.show(one)).toBe(one.value);
  expect(told.length).toBe(12);
  expect(whole.idOf('Anna')).toBe('Anna');
});

describe('a sight of some sectors', () => {
  it('shows their sectors and queues, and no other', () => {
    const seen = told
      .filter(({ kind }) => kind === 'sector' || kind === 'queue')
      .map(projection(of('one')).show);
    expect(seen).toEqual([told[2]?.value, null, told[4]?.value, null]);
    expect(told.map(projection(of('none')).show).filter((value) => value !== null)).toHaveLength(2);
  });

  it.each([
    ['c1', 'Anna'],
    ['c3', null],
  ])('shows a call of their queues (%s), with its agent where that is one of theirs', (id, agentId) => {
    expect(projection(of('one')).call(call(id))).toEqual({ ...call(id), agentId });
  });

  it('shows no call of another queue, whoever talks', () => {
    expect(projection(of('one')).call(call('c2'))).toBeNull();
  });

  it('shows an agent of theirs, without what concerns other queues', () => {
    expect(agent('Anna')).toMatchObject({ queues: ['q1', 'q2'], pausedQueues: ['q2'], callId: 'c1' });
    const seen = { queues: ['q1'], pausedQueues: [] };
    expect(projection(of('one')).agent(agent('Anna'))).toEqual({ ...agent('Anna'), ...seen });
    expect(agent('Bob')).toMatchObject({ callId: 'c2', queueId: 'q2', callSince: expect.any(String) });
    expect(projection(of('one')).agent(agent('Bob'))).toEqual({
      ...agent('Bob'),
      ...seen,
      callId: null,
      callSince: null,
      queueId: null,
    });
  });

  it('shows no agent of others, even one who talks for them', () => {
    expect(agent('Carl')).toMatchObject({ queueId: 'q1' });
    expect(projection(of('one')).agent(agent('Carl'))).toBeNull();
  });

  it('shows what settings say now: an agent or queue that has moved is seen where it is', () => {
    const moved = {
      ...settings,
      agents: new Map([
        ...settings.agents,
        ['Carl', { name: 'Carl', sectorId: 'one', nickname: null }] as const,
      ]),
      queues: new Map([...settings.queues, ['q1', queueSettings('two')] as const]),
    };
    const now = createProjection({ ...WHOLE_SIGHT, ...of('one') }, { state, settings: moved }, (id) => id);
    expect(now.call(call('c1'))).toBeNull();
    expect(now.agent(agent('Carl'))).toMatchObject({ agentId: 'Carl', queues: [], callId: null });
  });
});

describe('[S81] a floor', () => {
  const floor = projection({ audience: 'floor' });

  it('shows initials, or the nickname where there is one, and a pseudonym for the id', () => {
    expect(floor.agent(agent('Anna'))).toEqual({ ...agent('Anna'), agentId: '~annA', name: 'AM' });
    expect(floor.agent(agent('Bob'))).toEqual({ ...agent('Bob'), agentId: '~boB', name: 'Bobcat' });
    expect(floor.nameOf(keyOf('agent', null, 'Bob'))).toBe('agent:~boB');
    expect(floor.nameOf(keyOf('queue', 'today', 'q1'))).toBe('queue:today:q1');
  });

  it('shows calls with the same pseudonym, and no caller', () => {
    expect(call('c1').caller).toBe('+49 c1');
    expect(floor.call(call('c1'))).toEqual({ ...call('c1'), agentId: '~annA', caller: null });
  });

  it('of some sectors shows no more than they do', () => {
    const scoped = projection({ ...of('one'), audience: 'floor' });
    expect(scoped.agent(agent('Carl'))).toBeNull();
    expect(scoped.call(call('c3'))).toMatchObject({ agentId: null, caller: null });
    expect(scoped.agent(agent('Bob'))).toMatchObject({ name: 'Bobcat', queues: ['q1'], callId: null });
  });
});

describe('[S81] a visitor', () => {
  const visitor = projection({ audience: 'visitor' });

  it('is told of nobody, neither alone nor in a call', () => {
    for (const id of ['Anna', 'Bob', 'Carl']) expect(visitor.agent(agent(id))).toBeNull();
    expect(visitor.call(call('c1'))).toEqual({ ...call('c1'), agentId: null, caller: null });
    expect(JSON.stringify(told.map(visitor.show))).not.toMatch(/Anna|Müller|Bob|Carl|\+49/);
  });

  it('is told how many there are', () => {
    expect(told.map(visitor.show)[0]).toMatchObject({ agentsSignedIn: 3, agentsOnCall: 3 });
  });
});
