import type { Level } from '../board/TileFrame.tsx';

/** Worse as it grows. */
export function levelAbove(value: number, warning: number, critical: number): Level {
  if (value >= critical) return 'critical';
  return value >= warning ? 'warning' : 'calm';
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
