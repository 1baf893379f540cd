import { expect } from '@playwright/test';
import type { IngestEvent } from '../../shared/contract/events.ts';
import { DEFAULT_SETTINGS, UNASSIGNED_SECTOR } from '../../shared/contract/settings.ts';
import { evolve } from '../../shared/live/evolve.ts';
import { measure } from '../../shared/live/measure.ts';
import { compareOrder } from '../../shared/live/order.ts';
import { createState } from '../../shared/live/state.ts';
import type { Api } from './api.ts';
import { dateAt, midnightOf } from './noon.ts';

/** What a server at noon says now is what these events, folded once and in order, come to: nothing lost, nothing twice. */
export async function expectExactly(api: Api, events: IngestEvent[]): Promise<void> {
  const { asOf, seq, totals, queues } = await api.live({ window: 'today', minSeq: events.length });
  expect(seq).toBe(events.length);
  const now = Date.parse(asOf);
  const names = new Set(events.flatMap((event) => ('queue' in event && event.queue ? [event.queue] : [])));
  const settings = {
    ...DEFAULT_SETTINGS,
    queues: new Map(
      [...names].map((name) => [
        name,
        {
          name,
          sectorId: UNASSIGNED_SECTOR,
          thresholdSeconds: null,
          shortAbandonSeconds: null,
          wrapUpSeconds: null,
          maxWaitSeconds: null,
          openingHours: null,
          targets: {},
        },
      ]),
    ),
  };
  const state = createState({ dayStart: midnightOf(dateAt(now)), settings });
  const log = events.map((event, index) => ({ ...event, seq: index + 1, recordedAt: event.occurredAt }));
  for (const event of log.sort(compareOrder)) evolve(state, event);
  const expected = measure(state, settings, now, { window: 'today' });
  expect(totals).toEqual(expected.totals);
  expect(queues).toEqual(expected.queues);
}
