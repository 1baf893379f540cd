import type { Agenda } from './agenda.ts';
import type { Tell } from './day.ts';
import { type Random, randomOf } from './random.ts';

/** What is said about calls afterwards: by callers who answer a survey, and by colleagues who listen to recordings. */

/** A handled call, at the end of its talk. */
export interface HandledCall {
  callId: string;
  queue: string;
  agent: string;
  waitMs: number;
  talkMs: number;
}

interface Criterion {
  id: string;
  /** Most points there are; 1 of yes and no. */
  possible: number;
  weight: number;
  /** Failed, it makes the whole review worth nothing [Q1]. */
  isCritical: boolean;
}

/** How calls are reviewed. `answers` of quality.scored: by criterion, points, yes or no, or null where it did not apply [Q1]. */
export const REVIEW_FORM = 'Call review';
export const REVIEW_CRITERIA: readonly Criterion[] = [
  { id: 'Greeting', possible: 5, weight: 1, isCritical: false },
  { id: 'Understanding', possible: 10, weight: 2, isCritical: false },
  { id: 'Solution', possible: 10, weight: 3, isCritical: false },
  { id: 'Tone', possible: 10, weight: 2, isCritical: false },
  { id: 'Closing', possible: 5, weight: 1, isCritical: false },
  { id: 'Data protection', possible: 1, weight: 1, isCritical: true },
];
const REVIEWERS = ['Helen Brandt', 'Marco Silva', 'Sana Mirza'] as const;

const ANSWERS_SURVEY = 0.155;
const REVIEWED = 0.028;
const NOT_APPLICABLE = 0.06;
const FAILS_CRITICAL = 0.03;
/** How well an agent does what can be scored: share of the points, and how far single calls stray from that. */
const SCORE = { mean: 0.838, ofAgents: 0.03, ofCalls: 0.065 };
const MINUTE_MS = 60_000;

/** By how content the caller is: what he is likely to say to the three questions. */
const SAYS = {
  delighted: { csat: 5, nps: [9, 9, 9, 10, 10, 10, 10, 8, 8, 7], ces: [6, 7, 7, 7] },
  content: { csat: 4, nps: [7, 7, 8, 8, 8, 8, 9, 9, 9, 6], ces: [5, 5, 6, 6] },
  indifferent: { csat: 3, nps: [5, 6, 6, 7, 7], ces: [3, 4, 4, 5] },
  annoyed: { csat: 2, nps: [2, 3, 4, 5, 6], ces: [2, 3, 3, 4] },
  angry: { csat: 1, nps: [0, 0, 1, 2, 3], ces: [1, 1, 2, 3] },
} as const;
type Mood = keyof typeof SAYS;

const COMMENTS: Record<Mood, readonly [string, ...string[]]> = {
  delighted: ['Very friendly, and solved in one go.', 'Thank you, that was quick!'],
  content: ['All good.', 'Helpful, once I was through.'],
  indifferent: ['It took a while.', 'I hope it works now.'],
  annoyed: ['I had to explain everything twice.', 'Waited too long.'],
  angry: ['Nobody could help me.', 'This is the third time I have called about it.'],
};

export function createFeedback(options: {
  agenda: Agenda;
  random: Random;
  tell: Tell;
  seed: string;
  /** Reviewers work in these hours, epoch ms; null: not today. */
  reviews: { from: number; to: number } | null;
  /** No more is asked or said on this day afterwards. */
  midnight: number;
}): { handled(call: HandledCall, now: number): void } {
  const { agenda, random, tell, reviews, midnight } = options;
  const skills = new Map<string, number>();
  /** How good somebody is at it, standard normal: the same on every day. */
  const skillOf = (agent: string): number => {
    const known = skills.get(agent) ?? randomOf(`${options.seed} skill ${agent}`).normal();
    skills.set(agent, known);
    return known;
  };

  const moodOf = ({ agent, waitMs }: HandledCall): Mood => {
    const isSatisfied = random.chance(
      0.865 + 0.03 * skillOf(agent) - 0.2 * Math.min(1, waitMs / (4 * MINUTE_MS)),
    );
    if (isSatisfied) return random.chance(0.7) ? 'delighted' : 'content';
    return random.chance(0.5) ? 'indifferent' : random.chance(0.5) ? 'annoyed' : 'angry';
  };

  const survey = (call: HandledCall, now: number): void => {
    const mood = moodOf(call);
    const channel = random.chance(0.6) ? 'ivr' : 'sms';
    const later =
      channel === 'ivr' ? random.between(20_000, 90_000) : random.between(3 * MINUTE_MS, 120 * MINUTE_MS);
    const { csat, nps, ces } = SAYS[mood];
    const pick = (answers: readonly number[]): number =>
      answers[Math.floor(random.next() * answers.length)] ?? 0;
    const said = {
      csat,
      ...(random.chance(0.8) && { nps: pick(nps) }),
      ...(random.chance(0.5) && { ces: pick(ces) }),
      ...(channel === 'sms' && random.chance(0.25) && { comment: random.pick(COMMENTS[mood]) }),
    };
    if (now + later >= midnight) return;
    const { callId, queue, agent } = call;
    agenda.at(now + later, (then) =>
      tell({ kind: 'survey.answered', occurredAt: then, callId, queue, agent, ...said, channel }),
    );
  };

  const review = ({ callId, agent }: HandledCall, now: number): void => {
    if (reviews === null) return;
    const from = Math.max(now + 20 * MINUTE_MS, reviews.from);
    if (from >= reviews.to) return;
    const at = random.between(from, Math.min(from + 180 * MINUTE_MS, reviews.to));
    const well = SCORE.mean + SCORE.ofAgents * skillOf(agent) + SCORE.ofCalls * random.normal();
    const answers: Record<string, number | boolean | null> = {};
    for (const { id, possible, isCritical } of REVIEW_CRITERIA) {
      const points = Math.round(possible * well + random.between(-1, 1));
      if (isCritical) answers[id] = !random.chance(FAILS_CRITICAL);
      else answers[id] = random.chance(NOT_APPLICABLE) ? null : Math.max(0, Math.min(possible, points));
    }
    const reviewer = random.pick(REVIEWERS);
    agenda.at(at, (then) =>
      tell({ kind: 'quality.scored', occurredAt: then, callId, agent, reviewer, form: REVIEW_FORM, answers }),
    );
  };

  return {
    handled(call, now) {
      if (call.talkMs < 20_000) return;
      if (random.chance(ANSWERS_SURVEY)) survey(call, now);
      if (random.chance(REVIEWED)) review(call, now);
    },
  };
}
