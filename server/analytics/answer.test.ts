import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/contract/settings.ts';
import { sectorsFingerprint } from '../../shared/metrics/contacts.ts';
import { thresholdsFingerprint } from '../../shared/metrics/thresholds.ts';
import { WHOLE_SIGHT } from '../access/principal.ts';
import type { Database } from '../db/connect.ts';
import { versionOf } from './answer.ts';
import type { Centre } from './centre.ts';

const centre: Centre = {
  tenantId: '0a000000-0000-4000-8000-000000000001',
  settings: DEFAULT_SETTINGS,
  calendar: { timeZone: 'UTC', dayStartMinutes: 0, weekStart: 1 },
  checkpoint: {
    settingsVersion: 1,
    version: 1,
    seq: 5,
    headSeq: 5,
    recordedAt: null,
    factsSince: 0,
    stamped: thresholdsFingerprint(DEFAULT_SETTINGS),
    sectors: sectorsFingerprint(DEFAULT_SETTINGS),
  },
  people: () => Promise.reject(new Error('nobody is asked for')),
};
/** Within a quarter of an hour, so that nothing but what waits tells its seconds apart. */
const NOON = Date.UTC(2026, 10, 25, 12, 1);

/** A version asks the database nothing. */
const named = (now: number, query: { startDate: string; endDate: string; [rule: string]: unknown }) =>
  versionOf({ db: {} as Database, centre, sight: WHOLE_SIGHT, now }, { route: 'summary', query });

describe('the version of an answer whose roll-ups stand still', () => {
  const today = { startDate: '2026-11-25', endDate: '2026-11-25' };
  const past = { startDate: '2026-11-01', endDate: '2026-11-20' };

  it('is the same a minute later under the thresholds that roll-ups are stamped with', () => {
    expect(named(NOON + 60_000, today)).toBe(named(NOON, today));
  });

  it.each(['threshold', 'shortAbandon'])(
    '[SL0] is another a second later by %s, while somebody may wait',
    (rule) => {
      expect(named(NOON + 1_000, { ...today, [rule]: 7 })).not.toBe(named(NOON, { ...today, [rule]: 7 }));
      expect(named(NOON + 1_000, { ...past, [rule]: 7 })).toBe(named(NOON, { ...past, [rule]: 7 }));
    },
  );
});
