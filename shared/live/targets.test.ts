import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { targetsOf } from './targets.ts';
import { queueSettings } from './testing.ts';

const settings = {
  ...DEFAULT_SETTINGS,
  queues: new Map([
    ['plain', queueSettings('one')],
    ['own', { ...queueSettings('one'), targets: { serviceLevel: 0.5, abandonmentRate: 0.3, asaMs: 9_000 } }],
  ]),
};

it('a queue has the tenant’s targets but for its own, a total the tenant’s', () => {
  expect(targetsOf(settings)).toEqual(DEFAULT_SETTINGS.targets);
  expect(targetsOf(settings, 'plain')).toEqual(DEFAULT_SETTINGS.targets);
  expect(targetsOf(settings, 'never heard of')).toEqual(DEFAULT_SETTINGS.targets);
  expect(targetsOf(settings, 'own')).toMatchObject({
    serviceLevel: 0.5,
    abandonmentRate: 0.3,
    asaMs: 9_000,
    ahtMs: null,
  });
});

it('what is on target is not critical', () => {
  expect(targetsOf(settings, 'own')).toMatchObject({ serviceLevelCritical: 0.5, abandonmentCritical: 0.3 });
});
