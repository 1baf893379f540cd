import type { Centre } from './centres.ts';
import { agent, ago, queue, total, trend, waitingCall } from './figures.ts';
import { people } from './people.ts';

const LONG = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch '.repeat(4).slice(0, 200);
const HUGE = 1e12;

/** What no centre has and some sender will send all the same. */
export const extreme: Centre = {
  recent: total({ serviceLevel: Number.NaN, asaMs: HUGE, offered: HUGE }),
  today: total({
    offered: HUGE,
    answered: HUGE,
    abandoned: HUGE,
    abandonmentRate: 1,
    serviceLevel: 1,
    asaMs: HUGE,
    waiting: HUGE,
    waitingOverThreshold: HUGE,
    thresholdSeconds: 86_400,
    longestWaitSince: new Date(0).toISOString(),
    agentsSignedIn: HUGE,
    agentsAvailable: HUGE,
    agentsOnCall: HUGE,
    agentsRinging: HUGE,
    agentsWrapUp: HUGE,
    agentsPaused: HUGE,
  }),
  queues: [
    queue(LONG, {
      waiting: HUGE,
      offered: HUGE,
      longestWaitSince: new Date(0).toISOString(),
      serviceLevel: Number.NaN,
      abandonmentRate: 1,
      asaMs: HUGE,
      ahtMs: HUGE,
      agentsSignedIn: HUGE,
      callbackBacklog: HUGE,
    }),
    queue('خدمة العملاء والدعم الفني للشركات الكبرى', {
      offered: 3,
      agentsSignedIn: 1,
      waiting: 1,
      longestWaitSince: ago(3),
    }),
    queue('🛠️👩🏽‍💻🇪🇺 Support', { offered: 12, agentsSignedIn: 1 }),
    ...Array.from({ length: 197 }, (_, at) => queue(`Queue ${at + 1}`, { offered: at, agentsSignedIn: 1 })),
  ],
  agents: [
    agent(LONG, 'paused', 4_000_000, { reason: LONG }),
    agent('نور الهدى عبد الرحمن', 'talking', 10_000),
    agent('👩🏽‍💻 Zoë 🇪🇺', 'hold', 61),
    ...people(1_997, ['talking', 'available', 'paused']),
  ],
  calls: [
    waitingCall(LONG, 0, 4_000_000, { caller: LONG }),
    waitingCall('خدمة العملاء والدعم الفني للشركات الكبرى', 1, 30, { caller: null }),
    ...Array.from({ length: 500 }, (_, place) => waitingCall('Queue 1', place, 20 + place)),
  ],
  trend: trend(
    [0, HUGE, 0, 1, HUGE, 0, 0, 0, HUGE, 0, 0, HUGE],
    [null, null, HUGE, 0, 1, null, 3, 3, 3, null, HUGE, HUGE],
    1,
  ),
};
