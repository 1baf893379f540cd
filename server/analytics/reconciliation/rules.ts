import { createHash } from 'node:crypto';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { sectorsFingerprint } from '../../../shared/metrics/contacts.ts';
import { thresholdsFingerprint } from '../../../shared/metrics/thresholds.ts';

/** Equal for settings under which the same facts give the same figures: what was proven under others is to be proven again. */
export function rulesFingerprint(settings: LiveSettings): string {
  const { definition, genesys } = settings;
  const switches = definition === 'genesys' ? genesys : null;
  const text = JSON.stringify([
    thresholdsFingerprint(settings),
    sectorsFingerprint(settings),
    definition,
    switches,
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
