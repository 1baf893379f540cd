import type { SAMPLE_ORDERS } from '../../shared/contract/qualityQuery.ts';
import type { ScoreState } from '../../shared/contract/qualityScores.ts';

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
