import { z } from 'zod';
import { id, isPrintable, text } from './ids.ts';

/** `/api/v1/analytics/quality/forms`: by what calls are reviewed. A form has versions; those that are published never change. */

/** What people write in several lines: kept as text, shown as text. */
export function prose(limit: number) {
  // Overwritten rather than transformed: answers have this shape, too.
  return z
    .string({ error: 'must be text' })
    .overwrite((value) => value.replaceAll('\r\n', '\n').trim())
    .max(limit, `must be at most ${limit} characters`)
    .refine(
      (value) => isPrintable(value.replace(/[\n\t]/g, ' ')),
      'must not contain control characters, lone surrogates or direction overrides',
    );
}

const name = text(100).min(1, 'must not be empty');
const guidance = prose(1_000).default('');

/** `points`: whole points from 0 to `possible`. `yesNo`: none of them or all. */
export const SCALES = ['points', 'yesNo'] as const;

export const criterion = z
  .strictObject({
    /** The form's own, the same in every version: figures by criterion follow it. */
    id,
    name,
    /** What to listen for. */
    guidance,
    scale: z.enum(SCALES),
    possible: z
      .number({ error: 'must be a number of points' })
      .int('must be whole points')
      .min(1, 'must be at least 1')
      .max(100, 'must be at most 100'),
    weight: z
      .number({ error: 'must be a number' })
      .min(0.01, 'must be at least 0.01')
      .max(100, 'must be at most 100'),
    /** Failed (no point), it makes the whole score 0 [Q1]. */
    critical: z.boolean(),
    allowNotApplicable: z.boolean(),
  })
  .refine(({ critical, scale }) => !critical || scale === 'yesNo', {
    path: ['scale'],
    message: 'must be yesNo: a critical criterion is met or failed',
  });
export type Criterion = z.output<typeof criterion>;

const section = z.strictObject({
  name,
  guidance,
  criteria: z.array(criterion).min(1, 'must have a criterion').max(50, 'must be at most 50'),
});

export const CRITERIA_LIMIT = 100;
export const FORMS_LIMIT = 100;

const formShape = {
  name,
  guidance: prose(2_000).default(''),
  /** A score from here on is a pass, 0–100. */
  passMark: z
    .number({ error: 'must be a number' })
    .min(0, 'must be at least 0')
    .max(100, 'must be at most 100'),
  sections: z.array(section).min(1, 'must have a section').max(30, 'must be at most 30'),
};

/** What a form asks: all of it, every time it is saved. */
export const formContent = z.strictObject(formShape).superRefine(({ sections }, context) => {
  const seen = { id: new Set<string>(), name: new Set<string>() };
  let count = 0;
  for (const [at, { criteria }] of sections.entries()) {
    for (const [place, one] of criteria.entries()) {
      count++;
      for (const field of ['id', 'name'] as const) {
        if (seen[field].has(one[field]))
          context.addIssue({
            code: 'custom',
            path: ['sections', at, 'criteria', place, field],
            message: 'is another criterion’s already',
          });
        seen[field].add(one[field]);
      }
    }
  }
  if (count > CRITERIA_LIMIT)
    context.addIssue({
      code: 'custom',
      path: ['sections'],
      message: `must hold at most ${CRITERIA_LIMIT} criteria`,
    });
});
export type FormContent = z.output<typeof formContent>;

/** `revision`: of the draft that was changed, or null where there was none: a draft somebody else has changed meanwhile stays. */
export const formChange = z.strictObject({
  revision: z.number().int().min(1).nullable(),
  content: formContent,
});
export const formStep = z.strictObject({ revision: z.number().int().min(1) });

export const FORM_STATES = ['draft', 'published', 'retired'] as const;
export type FormState = (typeof FORM_STATES)[number];

export const formVersion = z.object({
  /** Of this version; scores name it. */
  versionId: z.uuid(),
  formId: z.uuid(),
  /** 1, 2, 3 … within the form. */
  version: z.number().int(),
  state: z.enum(FORM_STATES),
  /** Moves with every change of a draft. */
  revision: z.number().int(),
  ...formShape,
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  publishedAt: z.iso.datetime().nullable(),
  retiredAt: z.iso.datetime().nullable(),
  /** How many scores, drafts among them, were made on it. */
  scores: z.number().int(),
});
export type FormVersion = z.output<typeof formVersion>;

export const formSummary = z.object({
  formId: z.uuid(),
  /** Of the published version, else of the newest. */
  name: z.string(),
  /** `published`: calls can be scored on it. `draft`: it never was. */
  state: z.enum(FORM_STATES),
  /** The published version's id and number; null: none is. */
  published: z.object({ versionId: z.uuid(), version: z.number().int() }).nullable(),
  /** A next version that is being written. */
  draft: z.object({ version: z.number().int(), revision: z.number().int() }).nullable(),
  versions: z.number().int(),
  scores: z.number().int(),
});
export type FormSummary = z.output<typeof formSummary>;

/** Versions, the newest first. */
export const formDetail = formSummary.extend({ versions: z.array(formVersion) });
export type FormDetail = z.output<typeof formDetail>;
