import { z } from 'zod';

/** Answers of `/api/v1/imports`: the logs that were taken in as one, and can be taken back as one. */

export const IMPORT_STATES = ['running', 'done', 'failed', 'voided'] as const;

/** What became of one import. `voided`: how many events were taken back, 0 until then. */
export const keptImport = z.object({
  id: z.uuid(),
  source: z.string(),
  /** What whoever sent it called it, such as its file's name. */
  name: z.string(),
  state: z.enum(IMPORT_STATES),
  lines: z.number().int(),
  accepted: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.number().int(),
  warnings: z.number().int(),
  voided: z.number().int(),
  /** Why it failed. */
  error: z.string().nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  voidedAt: z.iso.datetime().nullable(),
});
export type KeptImport = z.infer<typeof keptImport>;

/** Newest first. */
export const importsQuery = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
