const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * A zone in which it is about noon when a journey begins: what it tells of today is of today until it has ended, and yesterday
 * has settled, whatever the hour is outside.
 */

const EAST_HOURS = 12 - new Date().getUTCHours();

/** Of a server. The sign of these zones is the other way round: -3 is three hours before UTC. */
export const AT_NOON = {
  TENANT_TIME_ZONE: `Etc/GMT${EAST_HOURS > 0 ? '-' : '+'}${Math.abs(EAST_HOURS)}`,
};

/** The date there, e.g. 2026-11-30, or of so many days before: such a zone has no summer time. */
export function dateAt(at: number, daysBefore = 0): string {
  return new Date(at + EAST_HOURS * HOUR_MS - daysBefore * DAY_MS).toISOString().slice(0, 10);
}

/** When a day begins there, in epoch ms. */
export function midnightOf(date: string): number {
  return Date.parse(date) - EAST_HOURS * HOUR_MS;
}
