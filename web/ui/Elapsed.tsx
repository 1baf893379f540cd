import { useSecond } from '../live/hooks.ts';
import { formatDuration } from './format.ts';

/** How long ago an instant is, ticking with everything else on the wall. */
export function Elapsed({ since }: { since: string }) {
  const now = useSecond();
  return <span>{formatDuration(now - Date.parse(since))}</span>;
}
