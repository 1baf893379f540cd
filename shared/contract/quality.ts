import { z } from 'zod';
import { compared, explained, historyMeta } from './analytics.ts';
import { scoreRow } from './qualityScores.ts';

/**
 * Answers of `/api/v1/analytics/quality` [Q1] [Q2] [V5]. Scores are 0–100, ratios 0–1, durations ms, `null` where there was
 * nothing to divide by [T4]. Parameters: qualityQuery.ts; single scores: qualityScores.ts; forms: qualityForms.ts.
 */

const count = z.number().int();
const ratio = z.number().nullable();
const points = z.number().nullable();
const instant = z.iso.datetime();
const meta = historyMeta;
/** `comparedTo`: of which days `previous` is, where `compare` asked for it. */
const comparedMeta = historyMeta.extend(compared);
const paged = historyMeta.extend({ nextCursor: z.string().nullable() });

/** What scores add up to. Drafts are in none of it; what is disputed counts as it stands. */
const scoreFigures = {
  /** Reviews that were signed; `scored`: those of them that have a score. */
  reviews: count,
  scored: count,
  qualityScore: points,
  passRate: ratio,
  /** Reviews in which a critical criterion was failed. */
  criticalFailures: count,
  /** Answered calls that were reviewed, by however many; `coverage`: of all `answered` [Q2]. */
  reviewed: count,
  answered: count,
  coverage: ratio,
};
const lowSample = z.array(z.string());

/** What a range comes to, and the one it is compared with. */
const rangeFigures = {
  ...scoreFigures,
  medianScore: points,
  /** Mean absolute difference between reviewers of one call [Q2], in points; `calibrationPairs`: of how many pairs. */
  calibration: points,
  calibrationPairs: count,
  lowSample,
};
export type RangeFigures = z.output<z.ZodObject<typeof rangeFigures>>;

export const criterionFigures = z.object({
  formId: z.uuid(),
  criterionId: z.string(),
  /** As the newest of the versions that were scored on calls it. */
  name: z.string(),
  critical: z.boolean(),
  answered: count,
  notApplicable: count,
  /** Points given of points possible, 0–1. */
  share: ratio,
  /** How often it was failed, being critical; 0 of others. */
  criticalFailures: count,
});
export type CriterionFigures = z.output<typeof criterionFigures>;

export const reviewerFigures = z.object({
  /** Null for an integrator's. */
  reviewerId: z.uuid().nullable(),
  reviewer: z.string(),
  reviews: count,
  qualityScore: points,
  passRate: ratio,
  /** How far above (+) or below (−) others this reviewer scores calls that both have scored, in points; of `pairs`. */
  leniency: points,
  pairs: count,
});
export type ReviewerFigures = z.output<typeof reviewerFigures>;

export const qualitySummary = z.object({
  ...rangeFigures,
  previous: z.object(rangeFigures).optional(),
  /** How many stand in which state. */
  states: z.object({ signed: count, acknowledged: count, disputed: count, resolved: count }),
  /** By form, in the order of the newest version. */
  criteria: z.array(criterionFigures),
  /** The busiest first, at most 200. */
  reviewers: z.array(reviewerFigures),
});
export type QualitySummary = z.output<typeof qualitySummary>;
export const qualitySummaryAnswer = z.object({
  data: qualitySummary,
  meta: comparedMeta.extend(explained),
});

/** An agent who has answered calls or been reviewed. With `queue`, counts, times and completion are of those queues. */
export const qualityAgentRow = z.object({
  agentId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  ...scoreFigures,
  ahtMs: z.number().nullable(),
  /** Of the calls he answered, those that were brought to an end [V5]. */
  completionRate: ratio,
  lowSample,
});
export type QualityAgentRow = z.output<typeof qualityAgentRow>;
export const qualityAgentsAnswer = z.object({
  data: z.array(qualityAgentRow),
  meta: paged.extend(explained),
});

const stepFigures = {
  ...scoreFigures,
  medianScore: points,
  /** With `criterion`: points given of points possible, 0–1, and how many answers. Null without. */
  criterionShare: ratio,
  criterionAnswered: count.nullable(),
  lowSample,
};
export type StepFigures = z.output<z.ZodObject<typeof stepFigures>>;

/** A step; `previous`: the one in its place of the range it is compared with, null where that has none. */
const stepOf = <Figures extends z.ZodRawShape, Names extends z.ZodRawShape>(figures: Figures, names: Names) =>
  z.object({
    start: instant,
    end: instant,
    /** It has not ended, or the range holds only a part of it. */
    partial: z.boolean(),
    ...names,
    ...figures,
    previous: z
      .object({ start: instant, end: instant, ...figures })
      .nullable()
      .optional(),
  });

export const qualityBucketRow = stepOf(stepFigures, {});
export type QualityBucketRow = z.output<typeof qualityBucketRow>;
export const qualityTrendsAnswer = z.object({ data: z.array(qualityBucketRow), meta: comparedMeta });

/** Completion [V5] of one step: of everything, of a queue (of its visits) or of an agent (of the calls he answered). */
const completionFigures = {
  completed: count,
  /** Of so many: offered − open − lost, or answered. */
  of: count,
  completionRate: ratio,
  lowSample,
};
export type CompletionFigures = z.output<z.ZodObject<typeof completionFigures>>;

export const completionRow = stepOf(completionFigures, {
  queueId: z.string().nullable(),
  agentId: z.string().nullable(),
  name: z.string().nullable(),
});
export type CompletionRow = z.output<typeof completionRow>;
export const completionAnswer = z.object({
  data: z.array(completionRow),
  /** `target`: the tenant's, 0–1; null: none. */
  meta: paged.extend({ target: ratio, ...compared }),
});

/** Newest calls first. */
export const scoresAnswer = z.object({ data: z.array(scoreRow), meta: paged });

/** A call that several have scored on one form. */
export const calibrationRow = z.object({
  callId: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  calledAt: instant,
  formId: z.uuid(),
  formName: z.string(),
  /** Mean absolute difference of its pairs, and between the highest and the lowest, in points. */
  difference: points,
  spread: points,
  scores: z.array(
    z.object({
      scoreId: z.uuid(),
      reviewerId: z.uuid().nullable(),
      reviewer: z.string(),
      score: points,
      isPassed: z.boolean().nullable(),
    }),
  ),
  /** Criteria in the form's order; `points` in the order of `scores`, null: not applicable or not asked. */
  criteria: z.array(
    z.object({
      criterionId: z.string(),
      name: z.string(),
      points: z.array(z.number().nullable()),
      /** Highest less lowest share of the possible points, 0–1; 1 where one of them found it not applicable; null for one answer. */
      difference: ratio,
    }),
  ),
});
/** As a file: a line for each score of a call. */
export const calibrationLine = calibrationRow
  .omit({ scores: true, criteria: true })
  .extend(calibrationRow.shape.scores.element.shape);
export type CalibrationRow = z.output<typeof calibrationRow>;
export const calibrationAnswer = z.object({
  data: z.array(calibrationRow),
  meta: paged.extend({ calibration: points, pairs: count }),
});

/** A call nobody has reviewed or begun to. */
export const sampleRow = z.object({
  callId: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  sectorId: z.string(),
  queueId: z.string(),
  queueName: z.string(),
  calledAt: instant,
  talkMs: count,
  holdMs: count.nullable(),
  isTransferred: z.boolean(),
});
export type SampleRow = z.output<typeof sampleRow>;
export const sampleAnswer = z.object({ data: z.array(sampleRow), meta });

/** How many of an agent's calls of a month are to be reviewed, and how many are. */
export const dueRow = z.object({
  agentId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  answered: count,
  /** The tenant's `reviewsPerAgentPerMonth`, or as many calls as there were. */
  due: count,
  /** Calls reviewed, and calls with a draft of anybody's. */
  done: count,
  begun: count,
});
export type DueRow = z.output<typeof dueRow>;
export const dueAnswer = z.object({ data: z.array(dueRow), meta: paged.extend({ perAgent: count }) });
