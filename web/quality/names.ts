import type { SAMPLE_ORDERS } from '../../shared/contract/qualityQuery.ts';
import type { ReviewCount, ScoreState } from '../../shared/contract/qualityScores.ts';
import type { ReviewMetric } from '../../shared/explain/catalogue.ts';

/** The contract's names without its schemas, which stay out of the page. */
export const SCORE_STATE_NAMES = [
  'draft',
  'signed',
  'acknowledged',
  'disputed',
  'resolved',
] as const satisfies readonly ScoreState[];
export const SAMPLE_ORDER_NAMES = [
  'random',
  'longest',
  'shortest',
  'lowScore',
] as const satisfies readonly (typeof SAMPLE_ORDERS)[number][];
export const REVIEW_COUNT_NAMES = [
  'reviews',
  'scored',
  'judged',
  'passed',
  'criticalFailures',
  'knownReviews',
] as const satisfies readonly ReviewCount[];
/** What there is an explanation of. */
export const EXPLAINED_REVIEWS = [
  'reviews',
  'qualityScore',
  'passRate',
  'criticalFailures',
  'reviewed',
  'coverage',
  'calibration',
  'answered',
  'ahtMs',
  'completionRate',
] as const satisfies readonly ReviewMetric[];
