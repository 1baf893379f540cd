import { disturbancesOf } from '../calendar.ts';
import { REVIEW_CRITERIA } from '../feedback.ts';
import { deviation, mean, quantile, sectorOf, type Told } from './days.ts';
import type { Figure } from './plainDays.ts';
import type { CountedVisit } from './visits.ts';

/** Figures of storms, and of whole fortnights: what callers do next, and what is said afterwards. */

const MINUTE_MS = 60_000;

interface Storm {
  day: Told;
  from: number;
  to: number;
  visits: CountedVisit[];
}

/** Storms of so many times as many calls, with those who came in them. */
const stormsOf = (days: readonly Told[], factor?: number): Storm[] =>
  days.flatMap((day) =>
    disturbancesOf(day.day)
      .filter(({ calls }) => (factor === undefined ? calls('General') > 1 : calls('General') === factor))
      .map(({ from, to }) => {
        const [since, until] = [day.day.instant(from), day.day.instant(to)];
        const visits = day.visits.filter((v) => v.enteredAt >= since && v.enteredAt < until);
        return { day, from: since, to: until, visits };
      }),
  );

const all = (storms: readonly Storm[]): CountedVisit[] => storms.flatMap(({ visits }) => visits);

const isShort = ({ outcome, waitMs }: CountedVisit): boolean => outcome === 'abandoned' && waitMs <= 5_000;

const levelOf = (visits: readonly CountedVisit[]): number => {
  const decided = visits.filter((v) => !isShort(v));
  return decided.filter((v) => v.outcome === 'answered' && v.waitMs <= 20_000).length / decided.length;
};
const abandonmentOf = (visits: readonly CountedVisit[]): number => {
  const long = visits.filter((v) => !isShort(v));
  return long.filter((v) => v.outcome === 'abandoned').length / long.length;
};
const speedOf = (visits: readonly CountedVisit[]): number =>
  mean(visits.filter((v) => v.outcome === 'answered').map((v) => v.waitMs / 1_000));

/** Of the quarters of an hour that lie wholly in it. */
const occupancyOf = (storms: readonly Storm[]): number =>
  mean(
    storms.flatMap(({ day, from, to }) =>
      day.quarters.flatMap(({ occupancy }, place) => {
        const end = day.day.instant((place + 1) * 15);
        return end - 15 * MINUTE_MS >= from && end <= to && occupancy !== null ? occupancy : [];
      }),
    ),
  );

const mostWaiting = (storms: readonly Storm[]): number[] =>
  storms.map(({ day, from, to }) =>
    Math.max(...day.lines.filter(({ at }) => at >= from && at < to).map(({ waiting }) => waiting)),
  );

const longestWait = (storms: readonly Storm[]): number[] =>
  storms.map(({ visits }) => Math.max(...visits.map(({ waitMs }) => waitMs / MINUTE_MS)));

/** Minutes after its end until the service level of the last quarter of an hour is as it should be again. */
const recovery = (storms: readonly Storm[]): number[] =>
  storms.map(({ day, to }) => {
    for (let minutes = 1; ; minutes++) {
      const now = to + minutes * MINUTE_MS;
      const last = day.visits.filter((v) => v.enteredAt > now - 15 * MINUTE_MS && v.enteredAt <= now);
      if (last.length === 0 || levelOf(last) >= 0.7) return minutes;
    }
  });

/** Those who gave up, and whether they were back within half an hour. */
const returned = (days: readonly Told[]): number => {
  let [gone, back] = [0, 0];
  for (const { visits } of days) {
    visits.forEach((visit, place) => {
      if (visit.outcome !== 'abandoned' || visit.origin !== 'inbound') return;
      // Who was back already and gives up again is the same person, counted once.
      const until = visit.enteredAt + visit.waitMs + 30 * MINUTE_MS;
      const isBack = visits.some(
        (v, at) =>
          at > place && v.caller === visit.caller && v.callId !== visit.callId && v.enteredAt <= until,
      );
      gone++;
      if (isBack) back++;
    });
  }
  return back / gone;
};

/** [H4] Over the first week of a fortnight, with the whole of it known. */
const firstContact = (days: readonly Told[]): number => {
  let [answered, settled] = [0, 0];
  for (const seed of new Set(days.map((day) => day.seed))) {
    const visits = days.filter((day) => day.seed === seed).flatMap((day) => day.visits);
    const [first] = visits;
    const latest = new Map<string, CountedVisit[]>();
    for (const visit of visits) {
      const key = `${visit.caller} ${sectorOf(visit.queue)}`;
      latest.set(key, [...(latest.get(key) ?? []), visit]);
    }
    for (const visit of visits) {
      if (visit.outcome !== 'answered' || visit.enteredAt > (first?.enteredAt ?? 0) + 7 * 24 * 60 * MINUTE_MS)
        continue;
      const later = (latest.get(`${visit.caller} ${sectorOf(visit.queue)}`) ?? []).some(
        (v) =>
          v.callId !== visit.callId &&
          v.enteredAt > visit.enteredAt &&
          v.enteredAt <= visit.enteredAt + 7 * 24 * 60 * MINUTE_MS,
      );
      answered++;
      if (!later) settled++;
    }
  }
  return settled / answered;
};

const ofKind = <K extends Told['events'][number]['kind']>(days: readonly Told[], kind: K) =>
  days.flatMap(({ events }) =>
    events.filter((event): event is Extract<Told['events'][number], { kind: K }> => event.kind === kind),
  );

/** Callbacks asked for, and when they were made. */
const callbacks = (days: readonly Told[]) =>
  days.flatMap(({ events, visits }) => {
    const done = new Map(
      ofKind([{ events } as Told], 'callback.completed').map((event) => [event.callId, event] as const),
    );
    return visits
      .filter(({ outcome }) => outcome === 'callback_requested')
      .map((visit) => ({ visit, done: done.get(visit.callId) ?? null }));
  });

const answeredCount = (days: readonly Told[]): number =>
  days.reduce((sum, { visits }) => sum + visits.filter(({ outcome }) => outcome === 'answered').length, 0);

const netPromoters = (days: readonly Told[]): number => {
  const scores = ofKind(days, 'survey.answered').flatMap(({ nps }) => nps ?? []);
  const share = (fits: (score: number) => boolean) => scores.filter(fits).length / scores.length;
  return 100 * (share((score) => score >= 9) - share((score) => score <= 6));
};

/** [Q1] Points of a review, 0–100, the critical criterion left out of account; null where it was failed. */
const reviewScores = (days: readonly Told[]): (number | null)[] =>
  ofKind(days, 'quality.scored').map(({ answers }) => {
    let [points, possible] = [0, 0];
    for (const criterion of REVIEW_CRITERIA) {
      const answer = answers[criterion.id];
      if (criterion.isCritical && answer === false) return null;
      if (answer === null || answer === undefined) continue;
      points += Number(answer) * criterion.weight;
      possible += criterion.possible * criterion.weight;
    }
    return (100 * points) / possible;
  });
const passed = (days: readonly Told[]): number[] => reviewScores(days).flatMap((score) => score ?? []);

const STORM_FIGURES = (factor: number, level: number, gone: number, asa: number, busy: number): Figure[] => [
  [`× ${factor}: service level`, (days) => levelOf(all(stormsOf(days, factor))), level - 0.09, level + 0.09],
  [
    `× ${factor}: abandonment`,
    (days) => abandonmentOf(all(stormsOf(days, factor))),
    gone - 0.05,
    gone + 0.05,
  ],
  [
    `× ${factor}: average speed of answer, s`,
    (days) => speedOf(all(stormsOf(days, factor))),
    asa * 0.75,
    asa * 1.25,
  ],
  [`× ${factor}: occupancy`, (days) => occupancyOf(stormsOf(days, factor)), busy - 0.03, busy + 0.02],
];

export const STORMS: readonly Figure[] = [
  ...STORM_FIGURES(1.5, 0.31, 0.16, 56, 0.94),
  ...STORM_FIGURES(1.8, 0.09, 0.28, 98, 0.97),
  ['most waiting, smallest storm', (days) => Math.min(...mostWaiting(stormsOf(days))), 8, 45],
  ['most waiting, largest storm', (days) => Math.max(...mostWaiting(stormsOf(days))), 15, 48],
  ['most waiting, median', (days) => quantile(mostWaiting(stormsOf(days)), 0.5), 15, 45],
  ['longest wait, median, min', (days) => quantile(longestWait(stormsOf(days)), 0.5), 3, 6],
  ['recovery, median, min', (days) => quantile(recovery(stormsOf(days)), 0.5), 15, 30],
];

export const FORTNIGHTS: readonly Figure[] = [
  ['abandoners who are back within 30 min', returned, 0.35, 0.45],
  ['first-contact resolution', firstContact, 0.78, 0.86],
  [
    'callers above 3 min of expected wait who asked to be called back',
    (days) => {
      const offered = days.flatMap(({ visits }) => visits).filter(({ ahead }) => ahead >= 9);
      return offered.filter(({ outcome }) => outcome === 'callback_requested').length / offered.length;
    },
    0.15,
    0.3,
  ],
  [
    'callbacks reached',
    (days) => {
      const made = callbacks(days).filter(({ done }) => done !== null);
      return made.filter(({ done }) => done?.outcome === 'connected').length / made.length;
    },
    0.77,
    0.93,
  ],
  [
    'slowest callback, min',
    (days) =>
      Math.max(
        ...callbacks(days).map(({ visit, done }) =>
          done === null ? 0 : (done.occurredAt - (visit.settledAt ?? 0)) / MINUTE_MS,
        ),
      ),
    30,
    60,
  ],
  [
    'surveys answered, of answered calls',
    (days) => ofKind(days, 'survey.answered').length / answeredCount(days),
    0.12,
    0.18,
  ],
  [
    'CSAT',
    (days) => {
      const answers = ofKind(days, 'survey.answered').flatMap(({ csat }) => csat ?? []);
      return answers.filter((answer) => answer >= 4).length / answers.length;
    },
    0.82,
    0.88,
  ],
  ['NPS', netPromoters, 25, 45],
  ['quality score, mean', (days) => mean(passed(days)), 82.5, 85.5],
  ['quality score, deviation', (days) => deviation(passed(days)), 7, 9],
  [
    'critical failures',
    (days) => reviewScores(days).filter((score) => score === null).length / reviewScores(days).length,
    0.02,
    0.04,
  ],
  ['review coverage', (days) => ofKind(days, 'quality.scored').length / answeredCount(days), 0.02, 0.03],
];

/** Longest time after midnight at which anything of a day is still told, min. */
export const tailMinutes = ({ day, events }: Told): number =>
  ((events.at(-1)?.occurredAt ?? 0) - day.instant(24 * 60)) / MINUTE_MS;
