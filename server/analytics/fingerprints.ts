import type { LiveSettings } from '../../shared/contract/settings.ts';
import { sectorsFingerprint } from '../../shared/metrics/contacts.ts';
import { thresholdsFingerprint } from '../../shared/metrics/thresholds.ts';

interface Fingerprints {
  thresholds: string;
  sectors: string;
}

const known = new WeakMap<LiveSettings, Fingerprints>();

/** What roll-ups are compared with, of settings as a centre has them: nobody changes those, and every answer asks several times. */
export function fingerprintsOf(settings: LiveSettings): Fingerprints {
  let found = known.get(settings);
  if (found === undefined) {
    found = { thresholds: thresholdsFingerprint(settings), sectors: sectorsFingerprint(settings) };
    known.set(settings, found);
  }
  return found;
}
