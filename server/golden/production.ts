import { exactly, type Figure, type PublishedDefinition, type Reader, type Readings } from './readings.ts';
import { type ProductionQueue, productionFigures, realtimeFigures } from './sources.ts';

const THRESHOLDS = [10, 20, 30, 60] as const;

/** Every figure of a production log, mapped to metrics as the README beside it says. */
export async function figuresOfProduction(readings: Readings, name: string): Promise<Figure[]> {
  const { first_ts, last_ts, queues } = productionFigures(name);
  const reader = readings.days(first_ts * 1_000, last_ts * 1_000);
  const figures: Figure[] = [];
  for (const [queueId, published] of Object.entries(queues)) {
    figures.push(...(await countsOf(reader, queueId, published)));
    for (const seconds of THRESHOLDS)
      figures.push(...(await levelsOf(reader, queueId, published, seconds, readings.loses)));
    for (const [agentId, { answered, talk_s }] of Object.entries(published.by_agent)) {
      const sums = await reader.agent(agentId);
      figures.push(exactly(`${agentId} answered`, sums.answered, answered), {
        what: `${agentId} talk`,
        ours: sums.talkMs / 1_000,
        published: talk_s,
        decimals: 3,
      });
    }
  }
  return figures;
}

async function countsOf(reader: Reader, queueId: string, published: ProductionQueue): Promise<Figure[]> {
  const sums = await reader.queue(queueId);
  // The published means are rounded to milliseconds or hundredths of a second; half a unit of the last digit.
  const mean = (what: string, ms: number, of: number, value: number, decimals: number): Figure => ({
    what: `${what} of ${queueId}`,
    ours: ms / of / 1_000,
    published: value,
    decimals,
  });
  return [
    exactly(`offered of ${queueId}`, sums.offered, published.offered),
    exactly(`answered of ${queueId}`, sums.answered, published.answered),
    exactly(`abandoned of ${queueId}`, sums.abandoned, published.abandoned),
    exactly(`timed out of ${queueId}`, sums.timedOut, published.timeout),
    exactly(`unresolved of ${queueId}`, sums.unresolved, published.unresolved_waiting_at_eof),
    exactly(
      `answered without completion of ${queueId}`,
      sums.answered - sums.handled,
      published.answered_without_completion,
    ),
    exactly(`longest answered wait of ${queueId}`, sums.maxAnsweredWaitMs, published.max_hold_s * 1_000),
    { what: `talk of ${queueId}`, ours: sums.talkMs / 1_000, published: published.talk_total_s, decimals: 3 },
    mean('ASA', sums.waitOfAnsweredMs, sums.answered, published.asa_s, 3),
    mean('average talk', sums.talkMs, sums.handled, published.avg_talk_s, 2),
    mean('average abandon wait', sums.waitOfAbandonedMs, sums.abandoned, published.avg_abandon_wait_s, 3),
  ];
}

async function levelsOf(
  reader: Reader,
  queueId: string,
  published: ProductionQueue,
  seconds: number,
  loses: boolean,
): Promise<Figure[]> {
  const read = (definition: PublishedDefinition) => reader.serviceLevel(queueId, definition, seconds);
  const [asterisk, strict, talkdesk] = [await read('asterisk'), await read('strict'), await read('talkdesk')];
  const figure = (name: string): number => Number(published[name]);
  const at = `${queueId} at ${seconds} s`;
  // Who is lost by now is in no ratio of ours, but among the offered of the published ones.
  const lost = loses ? published.unresolved_waiting_at_eof : 0;
  return [
    exactly(`answered within, ${at}`, asterisk.met, figure(`answered_within_${seconds}s`)),
    exactly(`abandoned within, ${at}`, talkdesk.shortAbandoned, figure(`abandoned_within_${seconds}s`)),
    exactly(`[SL7] ${at}`, asterisk.met / asterisk.decided, figure(`SL${seconds}_answered_over_answered`)),
    exactly(
      `[SL2] ${at}`,
      strict.met / (strict.decided + lost),
      figure(`SL${seconds}_answered_over_offered`),
    ),
    exactly(
      `[SL5] ${at}`,
      talkdesk.met / (talkdesk.decided + lost),
      figure(`SL${seconds}_over_offered_minus_short_abandons`),
    ),
  ];
}

/** The rows of the table form: local date-times, read in the zone the import named. */
export async function figuresOfRealtime(readings: Readings): Promise<Figure[]> {
  const reader = readings.days(Date.UTC(2023, 0, 18, 13, 35, 42), Date.UTC(2023, 1, 21, 22, 44, 57));
  const figures: Figure[] = [];
  const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
  for (const [queueId, published] of Object.entries(realtimeFigures())) {
    const sums = await reader.queue(queueId);
    figures.push(
      exactly(`offered of ${queueId}`, sums.offered, published.offered),
      exactly(`answered of ${queueId}`, sums.answered, published.answered),
      exactly(`abandoned of ${queueId}`, sums.abandoned, published.abandoned),
      exactly(`timed out of ${queueId}`, sums.timedOut, published.timeout),
      exactly(`talk of ${queueId}`, sums.talkMs / 1_000, total(published.talk_s)),
      exactly(`abandon waits of ${queueId}`, sums.waitOfAbandonedMs / 1_000, total(published.abandon_waits)),
    );
    if (published.asa_s !== undefined)
      figures.push(
        exactly(`ASA of ${queueId}`, sums.waitOfAnsweredMs / sums.answered / 1_000, published.asa_s),
      );
  }
  const { Support } = realtimeFigures();
  const rings = await reader.agent('PJSIP/400');
  // Every ring of the file lasted longer than 5 s, so each that was not answered counts [A6].
  const missed = (Support?.ring_no_answer ?? 0) + (Support?.ring_canceled ?? 0);
  figures.push(exactly('missed rings', rings.missedRings, missed));
  return figures;
}
