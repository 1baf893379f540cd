import type { Level } from '../board/TileFrame.tsx';

/** Worse as it grows. */
export function levelAbove(value: number, warning: number, critical: number): Level {
  if (value >= critical) return 'critical';
  return value >= warning ? 'warning' : 'calm';
}

/** Worse as it grows; what just keeps to a limit keeps to it. */
export function levelBeyond(value: number, limit: number, critical: number): Level {
  if (value > critical) return 'critical';
  return value > limit ? 'warning' : 'calm';
}

/** Better the smaller it is; within the limit is good, and without a limit it is neither. Small samples as below [T4]. */
export function levelOfLimit(value: number | null, limit: number | null, isLowSample: boolean): Level {
  if (value === null || limit === null || isLowSample) return 'calm';
  return value <= limit ? 'good' : 'warning';
}

/** Better as it grows; on target is good. Too small a sample says nothing [T4]. */
export function levelOfTarget(
  ratio: number | null,
  target: number,
  critical: number,
  isLowSample: boolean,
): Level {
  if (ratio === null || !Number.isFinite(ratio) || isLowSample) return 'calm';
  if (ratio >= target) return 'good';
  return ratio < critical ? 'critical' : 'warning';
}
