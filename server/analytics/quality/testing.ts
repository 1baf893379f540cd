import type { LightMyRequestResponse } from 'fastify';
import type { FormContent, FormDetail } from '../../../shared/contract/qualityForms.ts';
import type { ScoreDetail } from '../../../shared/contract/qualityScores.ts';
import type { TestApp } from '../../testing.ts';

/** What tests of quality share. */

export const QUALITY = '/analytics/quality';

/** Weights 1, 3 and 1; the last one is critical. */
export function formNamed(name: string): FormContent {
  const one = { guidance: '', scale: 'points', possible: 10, weight: 1, critical: false } as const;
  return {
    name,
    guidance: 'Listen to the whole call.',
    passMark: 80,
    sections: [
      {
        name: 'Talk',
        guidance: '',
        criteria: [
          { ...one, id: 'tone', name: 'Tone', allowNotApplicable: true },
          { ...one, id: 'help', name: 'Help', weight: 3, allowNotApplicable: false },
        ],
      },
      {
        name: 'Law',
        guidance: '',
        criteria: [
          {
            ...one,
            id: 'law',
            name: 'Data protection',
            scale: 'yesNo',
            critical: true,
            allowNotApplicable: false,
          },
        ],
      },
    ],
  };
}

/** Answers to such a form; left out: as good as can be. */
export function answersOf(points: { tone?: number | null; help?: number; law?: 0 | 10 } = {}) {
  return Object.entries({ tone: 10, help: 10, law: 10, ...points }).map(([criterionId, given]) => ({
    criterionId,
    points: given,
    comment: '',
  }));
}

export function okOf<T>(answer: LightMyRequestResponse): T {
  if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`);
  return answer.json().data;
}

export async function publishForm(
  app: Pick<TestApp, 'ask'>,
  manager: Record<string, string>,
  content: FormContent,
): Promise<FormDetail> {
  const made = okOf<FormDetail>(await app.ask('POST', `${QUALITY}/forms`, manager, content));
  return okOf(await app.ask('POST', `${QUALITY}/forms/${made.formId}/publish`, manager, { revision: 1 }));
}

/** A call, reviewed and signed. */
export async function scoreCall(
  app: Pick<TestApp, 'ask'>,
  reviewer: Record<string, string>,
  body: { callId: string; agentId: string; formId: string; answers?: ReturnType<typeof answersOf> },
): Promise<ScoreDetail> {
  const draft = okOf<ScoreDetail>(
    await app.ask('POST', `${QUALITY}/scores`, reviewer, { answers: answersOf(), ...body }),
  );
  return okOf(
    await app.ask('POST', `${QUALITY}/scores/${draft.id}/sign`, reviewer, { version: draft.version }),
  );
}
