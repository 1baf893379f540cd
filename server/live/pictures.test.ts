import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Window } from '../../shared/contract/metrics.ts';
import { LIVE_KINDS, type ServerMessage } from '../../shared/contract/protocol.ts';
import { queueIds, sectorOf } from '../../shared/live/sectors.ts';
import { measureTrend } from '../../shared/live/trend.ts';
import { measureSource, sourceIds } from '../../shared/live/views.ts';
import { type Sight, WHOLE_SIGHT } from '../access/principal.ts';
import { agentsAnswer, callsAnswer, metricsAnswer } from './answers.ts';
import type { LiveView } from './engine.ts';
import { allKeys, canonicalScope, measurer } from './keys.ts';
import { createPicture, reader } from './picture.ts';
import { valuesOf } from './sockets/clients.ts';
import { createFollowing, type Following } from './sockets/following.ts';
import { createStream } from './streams.ts';
import { createCentre, follower, NOW, pseudonymOf, SECTORS } from './testCentre.ts';

/** What streams of different sights carry, beside what requests with the same sight are answered. */

const WINDOWS: Window[] = ['last30', 'today'];
const SCOPE = { kinds: [...LIVE_KINDS], windows: WINDOWS };

const sights: Sight[] = [
  WHOLE_SIGHT,
  { sectors: new Set(['one']), audience: 'supervisor' },
  { sectors: new Set(['two', 'three']), audience: 'supervisor' },
  { sectors: new Set(['gone']), audience: 'supervisor' },
  { sectors: null, audience: 'floor' },
  { sectors: new Set(['one', 'two']), audience: 'floor' },
  { sectors: null, audience: 'visitor' },
  { sectors: new Set(['two']), audience: 'visitor' },
];

/** Every value of every key, put together from the answers to requests. */
function answered(view: LiveView, sight: Sight): Record<string, unknown> {
  const seen = { view, at: NOW, sight, pseudonymOf };
  const values: Record<string, unknown> = {};
  for (const window of WINDOWS) {
    const { totals, sectors, queues } = metricsAnswer(seen, { window });
    values[`tenant:${window}`] = totals;
    for (const sector of sectors) values[`sector:${window}:${sector.sectorId}`] = sector;
    for (const queue of queues) values[`queue:${window}:${queue.queueId}`] = queue;
  }
  for (const agent of agentsAnswer(seen, { limit: 1_000 }).data.agents)
    values[`agent:${agent.agentId}`] = agent;
  for (const call of callsAnswer(seen, { limit: 1_000 }).data.calls) values[`call:${call.callId}`] = call;
  const { state, settings } = view;
  for (const id of sourceIds(state)) values[`source:${id}`] = measureSource(state, settings, NOW, id);
  const queues = sight.sectors && new Set(queueIds(state, settings, sight.sectors));
  values['trend:today'] = measureTrend(state, NOW, view.lastWeek, queues);
  return JSON.parse(JSON.stringify(values));
}

async function expectAnswered(
  centre: ReturnType<typeof createCentre>,
  watchers: readonly { told: ServerMessage[]; sight: Sight }[],
): Promise<void> {
  await centre.settle();
  for (const { told, sight } of watchers) {
    expect(valuesOf({ told }).values).toEqual(answered(centre.view(), sight));
  }
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('fold' as const), count: fc.integer({ min: 1, max: 25 }) }),
  },
  fc.record({
    does: fc.constant('moveQueue' as const),
    id: fc.constantFrom('q0', 'q1', 'q2'),
    to: fc.constantFrom(...SECTORS),
  }),
  fc.record({
    does: fc.constant('moveAgent' as const),
    id: fc.integer({ min: 0, max: 4 }).map((i) => `Agent/${i}`),
    to: fc.constantFrom(...SECTORS),
  }),
  fc.record({ does: fc.constant('nickname' as const), nickname: fc.constantFrom('Ace', null) }),
  fc.record({
    does: fc.constant('rescope' as const),
    who: fc.integer({ min: 0, max: 5 }),
    to: fc.constantFrom(...sights),
  }),
  fc.record({ does: fc.constant('leave' as const), who: fc.integer({ min: 0, max: 5 }) }),
);

it('[L8] snapshot and patches of every sight add up to what a request with it is answered, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.array(fc.constantFrom(...sights), { minLength: 6, maxLength: 6 }),
      fc.array(fc.tuple(step, fc.boolean()), { minLength: 5, maxLength: 14 }),
      async (seed, begin, steps) => {
        const centre = createCentre(seed);
        const watchers = begin.map((sight) => ({ sight, ...follower(centre) }));
        try {
          const follow = (watcher: { following: Following; sight: Sight }) =>
            watcher.following.follow({ broadcast: centre.broadcast, scope: SCOPE, sight: watcher.sight });
          centre.fold(20);
          for (const watcher of watchers) follow(watcher);
          for (const [one, waits] of steps) {
            switch (one.does) {
              case 'fold':
                centre.fold(one.count);
                break;
              case 'moveQueue':
                centre.queues.set(one.id, one.to);
                centre.decide();
                break;
              case 'moveAgent':
                centre.agents.set(one.id, one.to);
                centre.decide();
                break;
              case 'nickname':
                centre.decide(one.nickname);
                break;
              case 'rescope': {
                const watcher = watchers[one.who];
                if (!watcher) break;
                watcher.sight = one.to;
                expect(watcher.following.see(one.to, SCOPE)).toBe(true);
                break;
              }
              case 'leave': {
                const watcher = watchers[one.who];
                watcher?.following.leave();
                if (watcher) follow(watcher);
                break;
              }
            }
            // Some steps come upon each other.
            if (waits) await expectAnswered(centre, watchers);
          }
          await expectAnswered(centre, watchers);
          for (const { following } of watchers) following.leave();
          expect(centre.broadcast.streamCount()).toBe(0);
        } finally {
          centre.close();
        }
      },
    ),
    { numRuns: 40, seed: Number(process.env.FC_SEED ?? 42) },
  );
}, 120_000);

it('[L8] equal sights share a stream and its bytes, however their sectors are listed; others do not', async () => {
  const centre = createCentre(3);
  const messages: string[][] = [];
  const watch = (sight: Sight) => {
    const told: string[] = [];
    messages.push(told);
    createFollowing({
      transport: { bufferedBytes: () => 0 },
      send: ({ body }) => told.push(body),
      onBehind() {},
      telemetry: centre.telemetry,
    }).follow({ broadcast: centre.broadcast, scope: SCOPE, sight });
  };
  watch({ sectors: new Set(['one', 'two']), audience: 'supervisor' });
  watch({ sectors: new Set(['two', 'one']), audience: 'supervisor' });
  expect(centre.broadcast.streamCount()).toBe(1);
  watch({ sectors: new Set(['one', 'two']), audience: 'floor' });
  watch({ sectors: new Set(['one']), audience: 'supervisor' });
  watch({ sectors: new Set(['one,two']), audience: 'supervisor' });
  expect(centre.broadcast.streamCount()).toBe(4);
  for (let i = 0; i < 5; i++) {
    centre.fold(15);
    await centre.settle();
  }
  const [first, same, floor] = messages;
  expect(first?.length).toBeGreaterThan(4);
  expect(same?.slice(1)).toEqual(first?.slice(1));
  expect(floor?.slice(1)).not.toEqual(first?.slice(1));
  centre.close();
});

it('[S81] a floor’s agents come in the order of their pseudonyms, which tells nothing of who they are', async () => {
  const centre = createCentre(3);
  centre.fold(200);
  const { told, following } = follower(centre);
  following.follow({
    broadcast: centre.broadcast,
    scope: SCOPE,
    sight: { sectors: null, audience: 'floor' },
  });
  await centre.settle();
  const keys = Object.keys(valuesOf({ told }).values).filter((key) => key.startsWith('agent:'));
  expect(keys.length).toBeGreaterThan(3);
  expect(keys).toEqual([...keys].sort());
  centre.close();
});

it('[L13] a tenant has at most 200 streams, of all its sights together', () => {
  const centre = createCentre(1);
  const follow = (sector: string) =>
    follower(centre).following.follow({
      broadcast: centre.broadcast,
      scope: SCOPE,
      sight: { sectors: new Set([sector]), audience: 'supervisor' },
    });
  for (let i = 0; i < 200; i++) expect(follow(`s${i}`)).toBe(true);
  expect(follow('one more')).toBe(false);
  expect(follow('s7')).toBe(true);
  expect(centre.broadcast.streamCount()).toBe(200);
  centre.close();
});

it('[L8] a scoped total counts the queues in scope: that of one sector is the sector’s', async () => {
  const centre = createCentre(5);
  const { told, following } = follower(centre);
  const sight: Sight = { sectors: new Set(['one']), audience: 'supervisor' };
  following.follow({ broadcast: centre.broadcast, scope: SCOPE, sight });
  centre.fold(200);
  await centre.settle();
  const { values } = valuesOf({ told });
  const { sectorId: _id, name: _name, ...sector } = values['sector:today:one'] as Record<string, unknown>; // By its key.
  expect(values['tenant:today']).toEqual(sector);
  expect(sector.offered).toBeGreaterThan(5);
  expect(
    metricsAnswer({ view: centre.view(), at: NOW, sight: WHOLE_SIGHT, pseudonymOf }, { window: 'today' })
      .totals.offered,
  ).toBeGreaterThan(Number(sector.offered));
  for (const id of queueIds(centre.view().state, centre.view().settings)) {
    expect(`queue:today:${id}` in values).toBe(sectorOf(centre.view().settings, id) === 'one');
  }
  centre.close();
});

it('[L13] what only those who left during a flush had asked for is not kept', () => {
  const centre = createCentre(2);
  centre.fold(60);
  const picture = createPicture(WHOLE_SIGHT, pseudonymOf);
  const [calls, queues] = (['call', 'queue'] as const).map((kind) => {
    const only = canonicalScope({ kinds: [kind], windows: ['today'] });
    return createStream(only, { epoch: '', sent: picture.sent, seq: () => 0, now: () => NOW });
  });
  if (!calls || !queues) throw new Error('Two were made.');
  picture.add(calls);
  picture.add(queues);
  const keys = picture.widen(false).flatMap(([kind, window]) => [...allKeys(centre.view(), kind, window)]);
  expect(new Set(keys.map(({ kind }) => kind))).toEqual(new Set(['call', 'queue']));
  const read = reader(measurer(centre.view(), NOW));
  picture.begin(centre.view());
  for (const key of keys) picture.look(key, read);
  picture.remove(calls);
  expect(new Set(picture.take().map(({ key }) => key.kind))).toEqual(new Set(['queue']));
  expect(new Set([...picture.sent.values()].map(({ key }) => key.kind))).toEqual(new Set(['queue']));
  picture.remove(queues);
  expect(picture.sent.size).toBe(0);
  centre.close();
});
