/** The settings that are ratios. */
export const RATIO_FIELDS = [
  'serviceLevelTarget',
  'serviceLevelCritical',
  'abandonmentLimit',
  'abandonmentCritical',
  'completionTarget',
  'occupancyLimit',
] as const;

/** Ratios 0–1 as people write them: 80, 82.5; '' where there is none. */
export function percentOf(ratio: number | null): string {
  return ratio === null ? '' : String(Math.round(ratio * 100_000) / 1_000);
}

/** Null where nothing is written. */
export function ratioOf(text: string): number | null {
  return text === '' ? null : Math.round(Number(text) * 1_000) / 100_000;
}
