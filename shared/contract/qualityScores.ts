import { z } from 'zod';
import { id, text } from './ids.ts';
import { prose } from './qualityForms.ts';

/**
 * `/api/v1/analytics/quality/scores`: one call of one agent, reviewed on one version of a form.
 *
 *   draft → signed → acknowledged
 *                  → disputed → resolved
 *
 * A draft is its reviewer's alone: nobody else sees it, and no figure counts it. Signed, it is locked; only a resolution may
 * change what it says, and then what it said before is kept. Agents have no accounts: what they say to it is entered for
 * them, and who entered it is kept.
 */

export const SCORE_STATES = ['draft', 'signed', 'acknowledged', 'disputed', 'resolved'] as const;
export type ScoreState = (typeof SCORE_STATES)[number];

/** Where a score comes from: a person here, or an integrator's `quality.scored`. */
export const SCORE_ORIGINS = ['review', 'event'] as const;

/**
 * Numbers of reviews that figures are made of, by which lists take and leave out reviews: all that were signed; those with a
 * score, held to a pass mark, passed, with a critical failure, of calls that are among those answered here.
 */
export const REVIEW_COUNTS = [
  'reviews',
  'scored',
  'judged',
  'passed',
  'criticalFailures',
  'knownReviews',
] as const;
export type ReviewCount = (typeof REVIEW_COUNTS)[number];

export const ANSWERS_LIMIT = 100;

const comment = prose(2_000);

export const criterionAnswer = z.strictObject({
  criterionId: id,
  /** Null: not applicable, and in no sum [Q1]. Of yes and no: all points or none. */
  points: z
    .number({ error: 'must be a number of points, or null' })
    .min(0, 'must be at least 0')
    .max(1_000_000)
    .nullable(),
  comment: comment.default(''),
});
export type CriterionAnswer = z.output<typeof criterionAnswer>;

const answers = z.array(criterionAnswer).max(ANSWERS_LIMIT, `must be at most ${ANSWERS_LIMIT}`);
/** Of the score as it was read: one that has been changed meanwhile is refused with 409, and `error.current` has it. */
const version = z.number({ error: 'must be the number of the version you have read' }).int().min(1);

/** Begins a draft. */
export const scoreBody = z.strictObject({
  /** Chosen by the client, so that sending it twice makes one score. */
  id: z.uuid('must be a UUID').optional(),
  callId: id,
  /** Any of the agent's names. */
  agentId: id,
  /** Its published version is taken. */
  formId: z.uuid('must be the id of a form'),
  answers: answers.default([]),
  comment: comment.default(''),
});
export type ScoreBody = z.output<typeof scoreBody>;

/** All answers and the comment; what is left out stays. */
export const scoreChange = z.strictObject({
  version,
  answers: answers.optional(),
  comment: comment.optional(),
});
export type ScoreChange = z.output<typeof scoreChange>;

export const scoreStep = z.strictObject({ version });
/** `comment`: what the agent says to it, if anything. */
export const acknowledgement = z.strictObject({ version, comment: comment.default('') });
export const dispute = z.strictObject({ version, reason: comment.min(1, 'must say why') });
/** `answers`: those the score has from now on, all of them; left out: it stands as it was. */
export const resolution = z.strictObject({
  version,
  comment: comment.min(1, 'must say why'),
  answers: answers.optional(),
});
export type Resolution = z.output<typeof resolution>;

const instant = z.iso.datetime();
const said = z.object({ at: instant, by: z.string(), comment: z.string() });

const shownAnswer = z.object({ criterionId: z.string(), points: z.number().nullable(), comment: z.string() });

/** A score as lists have it. */
export const scoreRow = z.object({
  id: z.uuid(),
  state: z.enum(SCORE_STATES),
  version: z.number().int(),
  callId: z.string(),
  /** Null: the source named nobody, and the call is not known. */
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  sectorId: z.string().nullable(),
  queueId: z.string().nullable(),
  queueName: z.string().nullable(),
  /** When the call entered the queue; of a call that is not known, when it was reviewed. */
  calledAt: instant,
  /** Whether the call is among those answered here. */
  isCallKnown: z.boolean(),
  origin: z.enum(SCORE_ORIGINS),
  /** Null for an integrator's reviewer. */
  reviewerId: z.uuid().nullable(),
  reviewer: z.string(),
  /** Null: not one of our forms; `score` is then what the source gave. */
  formId: z.uuid().nullable(),
  formName: z.string(),
  formVersion: z.number().int().nullable(),
  /** 0–100 [Q1]; null: nothing was applicable, or the source gave none. Of a draft: as far as it is answered. */
  score: z.number().nullable(),
  /** Null where there is no score or no pass mark. */
  isPassed: z.boolean().nullable(),
  /** Ids of critical criteria that were failed. */
  failedCritical: z.array(z.string()),
  signedAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type ScoreRow = z.output<typeof scoreRow>;

/** One score whole. */
export const scoreDetail = scoreRow.extend({
  /** The version it was scored on, for GET …/forms/:formId. */
  formVersionId: z.uuid().nullable(),
  passMark: z.number().nullable(),
  answers: z.array(shownAnswer),
  comment: z.string(),
  acknowledged: said.nullable(),
  disputed: said.nullable(),
  resolved: said.nullable(),
  /** What it said before a resolution changed it. */
  original: z
    .object({
      answers: z.array(shownAnswer),
      score: z.number().nullable(),
      isPassed: z.boolean().nullable(),
      failedCritical: z.array(z.string()),
    })
    .nullable(),
});
export type ScoreDetail = z.output<typeof scoreDetail>;

/** A name for filters: an account's id, or an integrator's reviewer by name. */
export const reviewerFilter = text(128).min(1, 'must not be empty');
