import type { z } from 'zod';
import type { ExplainAnswer } from '../../shared/contract/explain.ts';
import type {
  calibrationAnswer,
  completionAnswer,
  dueAnswer,
  qualityAgentsAnswer,
  qualitySummaryAnswer,
  qualityTrendsAnswer,
  sampleAnswer,
  scoresAnswer,
} from '../../shared/contract/quality.ts';
import type { FormDetail, FormSummary } from '../../shared/contract/qualityForms.ts';
import type { ScoreDetail } from '../../shared/contract/qualityScores.ts';

/** What is answered about reviews, by the path it is found at, below `/api/v1`. */
export interface QualityAnswers {
  'analytics/quality/summary': z.infer<typeof qualitySummaryAnswer>;
  'analytics/quality/agents': z.infer<typeof qualityAgentsAnswer>;
  'analytics/quality/trends': z.infer<typeof qualityTrendsAnswer>;
  'analytics/quality/completion': z.infer<typeof completionAnswer>;
  'analytics/quality/calibration': z.infer<typeof calibrationAnswer>;
  'analytics/quality/scores': z.infer<typeof scoresAnswer>;
  'analytics/quality/scores/:id': { data: ScoreDetail };
  'analytics/quality/sample': z.infer<typeof sampleAnswer>;
  'analytics/quality/due': z.infer<typeof dueAnswer>;
  'analytics/quality/explain': ExplainAnswer;
  'analytics/quality/forms': { data: FormSummary[] };
  'analytics/quality/forms/:id': { data: FormDetail };
}
