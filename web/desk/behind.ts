import type { CallsBehind } from '../../shared/contract/explain.ts';

/** Pages behind a figure. Pure. */

/**
 * The page of the calls, legs or reviews that an address of the API lists; `timeZone`: the other zone, if any, whose days the
 * figure is of. Instants do not say it, and told by the call centre's own clock such a day would be of two.
 */
export function behindAddress({ href }: Pick<CallsBehind, 'href'>, timeZone: string | null): string {
  const [path = '', query = ''] = href.split('?');
  const parameters = new URLSearchParams(query);
  if (!isOfReviews(path)) {
    if (timeZone !== null) parameters.set('timeZone', timeZone);
    return `#/${path.endsWith('/legs') ? 'legs' : 'calls'}?${parameters}`;
  }
  const names = { startDate: 'start', endDate: 'end' } as const;
  for (const [name, said] of Object.entries(names)) {
    parameters.set(said, parameters.get(name) ?? '');
    parameters.delete(name);
  }
  parameters.set('tab', 'scores');
  return `#/quality?${parameters}`;
}

export function isOfReviews(address: string): boolean {
  return address.includes('/analytics/quality/');
}

/** One call; `timeZone`: the other zone by whose clock the list it is in is told. */
export function callAddress(callId: string, timeZone: string | null): string {
  const query = timeZone === null ? '' : `?${new URLSearchParams({ timeZone })}`;
  return `#/calls/${encodeURIComponent(callId)}${query}`;
}
