import type {
  AgentView,
  CallView,
  QueueMetrics,
  TotalMetrics,
  Trend,
} from '../../shared/contract/metrics.ts';
import { ago, queue, total, trend, waitingCall } from './figures.ts';
import { people } from './people.ts';

/** Call centres to show: what all their figures are at one instant. */
export interface Centre {
  recent: TotalMetrics;
  today: TotalMetrics;
  queues: QueueMetrics[];
  agents: AgentView[];
  calls: CallView[];
  trend: Trend;
}

export const quiet: Centre = {
  recent: total({ offered: 41, answered: 40, serviceLevel: 0.93, asaMs: 9_000 }),
  today: total({
    offered: 486,
    answered: 470,
    abandoned: 12,
    abandonmentRate: 0.024,
    serviceLevel: 0.89,
    asaMs: 11_000,
    agentsSignedIn: 22,
    agentsAvailable: 11,
    agentsOnCall: 8,
    agentsWrapUp: 1,
    agentsPaused: 2,
  }),
  queues: ['General', 'Billing', 'New business', 'Technical help'].map((name, at) =>
    queue(name, {
      offered: 160 - at * 28,
      answered: 155 - at * 28,
      abandonmentRate: 0.02 + at * 0.003,
      serviceLevel: 0.93 - at * 0.02,
      asaMs: 9_000 + at * 1_500,
      ahtMs: 290_000 + at * 40_000,
      agentsSignedIn: 9 - at,
      agentsAvailable: 4 - at,
      opening: at === 2 ? { isOpen: false, changesAt: ago(-4_662) } : null,
    }),
  ),
  agents: people(22, ['available', 'talking', 'available', 'talking', 'paused', 'wrap_up']),
  calls: [],
  trend: trend(
    [9, 11, 8, 12, 10, 9, 12, 14, 11, 10, 9, 4],
    [10, 10, 9, 11, 12, 10, 11, 12, 12, 11, 10, 10],
    471,
  ),
};

export const busy: Centre = {
  recent: total({ offered: 118, answered: 109, serviceLevel: 0.74, asaMs: 24_000 }),
  today: total({
    offered: 1_498,
    answered: 1_419,
    abandoned: 64,
    abandonmentRate: 0.043,
    serviceLevel: 0.81,
    asaMs: 16_000,
    waiting: 4,
    waitingOverThreshold: 2,
    longestWaitSince: ago(47),
    agentsSignedIn: 38,
    agentsAvailable: 3,
    agentsRinging: 1,
    agentsOnCall: 24,
    agentsWrapUp: 3,
    agentsPaused: 7,
  }),
  queues: ['General', 'Billing', 'Retention', 'Technical help', 'New business', 'Outages'].map((name, at) =>
    queue(name, {
      waiting: at === 0 ? 3 : at === 1 ? 1 : 0,
      waitingOverThreshold: at === 0 ? 2 : 0,
      longestWaitSince: at === 0 ? ago(47) : at === 1 ? ago(12) : null,
      offered: 559 - at * 83,
      answered: 530 - at * 80,
      abandonmentRate: 0.052 - at * 0.006,
      serviceLevel: 0.74 + at * 0.038,
      asaMs: 24_000 - at * 3_000,
      ahtMs: 288_000 + at * 47_000,
      agentsSignedIn: 18 - at * 2,
      agentsAvailable: at < 2 ? 0 : at,
      callbackBacklog: at === 2 ? 3 : 0,
    }),
  ),
  agents: people(38, [
    'talking',
    'talking',
    'paused',
    'talking',
    'wrap_up',
    'talking',
    'available',
    'hold',
    'ringing',
  ]),
  calls: [
    waitingCall('General', 1, 47),
    waitingCall('General', 2, 31, { origin: 'transfer' }),
    waitingCall('Billing', 1, 12, { state: 'ringing', caller: null }),
    waitingCall('General', 3, 4, { origin: 'callback' }),
  ],
  trend: trend(
    [20, 16, 20, 18, 16, 14, 21, 17, 16, 25, 27, 10],
    [17, 22, 23, 20, 20, 16, 22, 20, 17, 21, 20, 22],
    1_655,
  ),
};

export const stormy: Centre = {
  recent: total({ offered: 263, answered: 171, serviceLevel: 0.38, asaMs: 142_000 }),
  today: total({
    ...busy.today,
    offered: 1_744,
    abandoned: 231,
    abandonmentRate: 0.132,
    serviceLevel: 0.63,
    asaMs: 61_000,
    waiting: 27,
    waitingOverThreshold: 23,
    longestWaitSince: ago(431),
    agentsAvailable: 0,
    agentsOnCall: 31,
    agentsWrapUp: 2,
    agentsPaused: 4,
  }),
  queues: busy.queues.map((figures, at) => ({
    ...figures,
    waiting: Math.max(0, 13 - at * 3),
    waitingOverThreshold: Math.max(0, 12 - at * 3),
    longestWaitSince: at < 5 ? ago(431 - at * 83) : null,
    abandonmentRate: 0.19 - at * 0.03,
    serviceLevel: 0.41 + at * 0.09,
    asaMs: 142_000 - at * 22_000,
    agentsAvailable: 0,
    callbackBacklog: 11 - at * 2,
  })),
  agents: people(37, [
    'talking',
    'talking',
    'talking',
    'hold',
    'talking',
    'wrap_up',
    'talking',
    'talking',
    'paused',
  ]),
  calls: Array.from({ length: 27 }, (_, place) =>
    waitingCall(busy.queues[place % 5]?.name ?? '', place, 431 - place * 15),
  ),
  trend: trend(
    [22, 24, 21, 26, 25, 31, 39, 48, 52, 55, 51, 23],
    [17, 22, 23, 20, 20, 16, 22, 20, 17, 21, 20, 22],
    1_655,
  ),
};

/** Early in the day: figures stand on too little to mean much [T4]. */
export const fewCalls: Centre = {
  recent: total({
    offered: 4,
    answered: 3,
    serviceLevel: 1,
    asaMs: 12_000,
    lowSample: ['serviceLevel', 'asaMs'],
  }),
  today: total({
    offered: 4,
    answered: 3,
    abandoned: 1,
    abandonmentRate: 0.25,
    serviceLevel: 0.667,
    asaMs: 12_000,
    agentsSignedIn: 2,
    agentsAvailable: 2,
    lowSample: ['serviceLevel', 'asaMs', 'abandonmentRate'],
  }),
  queues: [
    queue('Night desk', {
      offered: 4,
      answered: 3,
      serviceLevel: 0.667,
      abandonmentRate: 0.25,
      asaMs: 12_000,
      ahtMs: 200_000,
      agentsSignedIn: 2,
      agentsAvailable: 2,
      lowSample: ['serviceLevel', 'asaMs', 'ahtMs', 'abandonmentRate'],
    }),
  ],
  agents: people(2, ['available']),
  calls: [],
  trend: trend([0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0], null, null),
};

export const empty: Centre = {
  recent: total({}),
  today: total({}),
  queues: [],
  agents: [],
  calls: [],
  trend: trend(
    Array.from({ length: 12 }, () => 0),
    null,
    null,
  ),
};
