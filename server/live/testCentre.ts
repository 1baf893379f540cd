import pino from 'pino';
import { Registry } from 'prom-client';
import { vi } from 'vitest';
import type { ServerMessage } from '../../shared/contract/protocol.ts';
import { DEFAULT_SETTINGS, type LiveSettings } from '../../shared/contract/settings.ts';
import { createState } from '../../shared/live/state.ts';
import { foldAll, MemoryLog, queueSettings, story } from '../../shared/live/testing.ts';
import type { LastWeek } from '../../shared/live/trend.ts';
import { createBroadcast } from './broadcast.ts';
import type { EngineStatus, LiveView } from './engine.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { createFollowing } from './sockets/following.ts';
import { createTelemetry } from './telemetry.ts';

/** A call centre in three sectors that is broadcast, for tests without a database. */

export const NOW = Date.UTC(2026, 10, 23, 12);
export const SECTORS = ['one', 'two', 'three'];
export const pseudonymOf = createPseudonyms(Buffer.alloc(32, 1))('tenant');

function settingsOf(
  queues: Map<string, string>,
  agents: Map<string, string>,
  nickname: string | null,
): LiveSettings {
  return {
    ...DEFAULT_SETTINGS,
    sectors: new Map(SECTORS.map((id) => [id, `Sector ${id}`])),
    queues: new Map([...queues].map(([id, sectorId]) => [id, queueSettings(sectorId, `Queue ${id}`)])),
    agents: new Map([...agents].map(([id, sectorId]) => [id, { name: `Person ${id}`, sectorId, nickname }])),
  };
}

/** A broadcast of one tenant whose clock and log are in the hand of the test. */
export function createCentre(seed: number) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const queues = new Map([
    ['q0', 'one'],
    ['q1', 'two'],
  ]);
  const agents = new Map(Array.from({ length: 5 }, (_, i) => [`Agent/${i}`, SECTORS[i % 3] ?? '']));
  let settings = settingsOf(queues, agents, null);
  const state = createState({ dayStart: NOW - 12 * 3_600_000, settings });
  const log = new MemoryLog();
  const events = story({
    seed,
    calls: 60,
    agents: 5,
    queues: 3,
    start: NOW - 1_500_000,
    alerts: true,
  }).filter(({ occurredAt }) => occurredAt <= NOW);
  const lastWeek: LastWeek = {
    dayStart: state.dayStart,
    offered: Array.from({ length: 1_440 }, () => 6),
    byQueue: new Map(['q0', 'q1', 'q2'].map((id, i) => [id, new Uint32Array(1_440).fill(i + 1)])),
  };
  let folded = 0;
  const view = (): LiveView => ({ state, settings, seq: state.seq, lastWeek });
  const telemetry = createTelemetry(new Registry(), () => null);
  const broadcast = createBroadcast({
    engine: {
      view,
      status: (): EngineStatus => ({
        feed: { state: 'following', since: null, headSeq: state.seq, readAt: NOW },
        seq: state.seq,
        caughtUp: true,
        lagMs: 0,
      }),
    },
    epoch: 'epoch',
    build: '',
    pseudonymOf,
    telemetry,
    log: pino({ level: 'silent' }),
    now: () => NOW,
    intervals: { flushMs: 0, tickMs: 1_000, agentsMs: 0 },
  });
  return {
    broadcast,
    view,
    telemetry,
    queues,
    agents,
    fold(count: number) {
      foldAll(state, events.slice(folded, folded + count), 20, log);
      folded += count;
      broadcast.onFolded();
    },
    decide(nickname: string | null = null) {
      settings = settingsOf(queues, agents, nickname);
      state.settings = settings;
      broadcast.onReset();
    },
    /** Everything that has happened is told. */
    async settle() {
      await broadcast.flush();
      vi.advanceTimersByTime(1_000);
      await broadcast.flush();
    },
    close() {
      broadcast.close();
      vi.useRealTimers();
    },
  };
}

/** Somebody who follows it, and what he was told. */
export function follower(centre: ReturnType<typeof createCentre>) {
  const told: ServerMessage[] = [];
  const following = createFollowing({
    transport: { bufferedBytes: () => 0 },
    send: ({ type, body }) => told.push({ ...JSON.parse(body), type }),
    onBehind() {},
    telemetry: centre.telemetry,
  });
  return { told, following };
}
