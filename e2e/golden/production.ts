import { expect } from '@playwright/test';
import type { Api } from '../testing/api.ts';
import { agentSums, dayEnds, queueSums, serviceLevel } from './daySums.ts';
import { type ProductionQueue, productionFigures, realtimeFigures } from './sources.ts';

const THRESHOLDS = [10, 20, 30, 60] as const;

/** Every figure of a production log, mapped to metrics as the README beside it says. */
export async function expectProduction(api: Api, name: string): Promise<void> {
  const { first_ts, last_ts, queues } = productionFigures(name);
  const ends = dayEnds(first_ts * 1_000, last_ts * 1_000);
  for (const [queueId, figures] of Object.entries(queues)) {
    await expectCounts(api, queueId, ends, figures);
    await expectServiceLevels(api, queueId, ends, figures);
    for (const [agentId, { answered, talk_s }] of Object.entries(figures.by_agent)) {
      const sums = await agentSums(api, agentId, ends);
      expect.soft(sums.answered, `${agentId} answered`).toBe(answered);
      expect.soft(sums.talkMs / 1_000, `${agentId} talk`).toBeCloseTo(talk_s, 3);
    }
  }
}

async function expectCounts(
  api: Api,
  queueId: string,
  ends: string[],
  figures: ProductionQueue,
): Promise<void> {
  const sums = await queueSums(api, queueId, ends);
  expect
    .soft(
      {
        offered: sums.offered,
        answered: sums.answered,
        abandoned: sums.abandoned,
        timedOut: sums.timedOut,
        unresolved: sums.unresolved,
        answeredWithoutCompletion: sums.answered - sums.handled,
        maxAnsweredWaitMs: sums.maxAnsweredWaitMs,
        talkSeconds: Math.round(sums.talkMs) / 1_000,
      },
      `counts of ${queueId}`,
    )
    .toEqual({
      offered: figures.offered,
      answered: figures.answered,
      abandoned: figures.abandoned,
      timedOut: figures.timeout,
      unresolved: figures.unresolved_waiting_at_eof,
      answeredWithoutCompletion: figures.answered_without_completion,
      maxAnsweredWaitMs: figures.max_hold_s * 1_000,
      talkSeconds: figures.talk_total_s,
    });
  // The published means are rounded to milliseconds or hundredths of a second; half a unit of the last digit.
  expect.soft(sums.waitOfAnsweredMs / sums.answered / 1_000, 'ASA').toBeCloseTo(figures.asa_s, 3);
  expect.soft(sums.talkMs / sums.handled / 1_000, 'average talk').toBeCloseTo(figures.avg_talk_s, 2);
  expect
    .soft(sums.waitOfAbandonedMs / sums.abandoned / 1_000, 'average abandon wait')
    .toBeCloseTo(figures.avg_abandon_wait_s, 3);
}

async function expectServiceLevels(
  api: Api,
  queueId: string,
  ends: string[],
  figures: ProductionQueue,
): Promise<void> {
  for (const seconds of THRESHOLDS) {
    const asterisk = await serviceLevel(api, queueId, ends, 'asterisk', seconds);
    const strict = await serviceLevel(api, queueId, ends, 'strict', seconds);
    const talkdesk = await serviceLevel(api, queueId, ends, 'talkdesk', seconds);
    const figure = (name: string): number => Number(figures[name]);
    const at = `${queueId} at ${seconds} s`;
    expect.soft(asterisk.met, `answered within, ${at}`).toBeCloseTo(figure(`answered_within_${seconds}s`), 6);
    expect
      .soft(talkdesk.shortAbandoned, `abandoned within, ${at}`)
      .toBe(figure(`abandoned_within_${seconds}s`));
    expect.soft(asterisk.ratio, `[SL7] ${at}`).toBeCloseTo(figure(`SL${seconds}_answered_over_answered`), 6);
    expect.soft(strict.ratio, `[SL2] ${at}`).toBeCloseTo(figure(`SL${seconds}_answered_over_offered`), 6);
    expect
      .soft(talkdesk.ratio, `[SL5] ${at}`)
      .toBeCloseTo(figure(`SL${seconds}_over_offered_minus_short_abandons`), 6);
  }
}

/** The rows of the table form: local date-times, read in the zone the import named. */
export async function expectRealtime(api: Api): Promise<void> {
  const ends = dayEnds(Date.UTC(2023, 0, 18, 13, 35, 42), Date.UTC(2023, 1, 21, 22, 44, 57));
  for (const [queueId, figures] of Object.entries(realtimeFigures())) {
    const sums = await queueSums(api, queueId, ends);
    const seconds = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
    expect
      .soft(
        {
          offered: sums.offered,
          answered: sums.answered,
          abandoned: sums.abandoned,
          timedOut: sums.timedOut,
          talk: Math.round(sums.talkMs) / 1_000,
          abandonWaits: Math.round(sums.waitOfAbandonedMs) / 1_000,
          asa: sums.answered > 0 ? sums.waitOfAnsweredMs / sums.answered / 1_000 : undefined,
        },
        `counts of ${queueId}`,
      )
      .toEqual({
        offered: figures.offered,
        answered: figures.answered,
        abandoned: figures.abandoned,
        timedOut: figures.timeout,
        talk: seconds(figures.talk_s),
        abandonWaits: seconds(figures.abandon_waits),
        asa: figures.asa_s,
      });
  }
  const { Support } = realtimeFigures();
  const rings = await agentSums(api, 'PJSIP/400', ends);
  // Every ring of the file lasted longer than 5 s, so each that was not answered counts [A6].
  expect.soft(rings.missedRings).toBe((Support?.ring_no_answer ?? 0) + (Support?.ring_canceled ?? 0));
}
