import { expect, it } from 'vitest';
import { businessRules, businessRulesChange, rulesOf, settingsChangeOf } from './businessRules.ts';
import { type TenantSettings, tenantSettings } from './settingsRest.ts';

const SETTINGS: TenantSettings = tenantSettings.parse({
  name: 'Acme',
  timeZone: 'UTC',
  weekStart: 1,
  dayStartMinutes: 30,
  definition: 'strict',
  genesysAbandonsOut: true,
  genesysShortAbandonsIn: false,
  genesysFlowOutsIn: true,
  thresholdSeconds: 21,
  shortAbandonSeconds: 6,
  wrapUpSeconds: 7,
  maxWaitSeconds: 8,
  minimumSample: 9,
  agentUnheardHours: 10,
  sourceSilentSeconds: 11,
  pauseLimits: [],
  serviceLevelTarget: 0.81,
  serviceLevelCritical: 0.61,
  abandonmentLimit: 0.051,
  abandonmentCritical: 0.11,
  completionTarget: 0.9,
  occupancyLimit: 0.85,
  asaTargetSeconds: 12,
  ahtTargetSeconds: 13,
  firstContactDays: 14,
  enableCsat: false,
  enableQuality: true,
  enableCost: false,
  reviewsPerAgentPerMonth: 17,
  eventRetentionMonths: 15,
  factRetentionMonths: 16,
  rollupRetentionMonths: null,
});

it('the rules say what the settings say, and a change to all of them is a change to all of those', () => {
  const rules = rulesOf(SETTINGS);
  expect(businessRules.parse(rules)).toEqual(rules);
  const {
    name: _n,
    timeZone: _z,
    agentUnheardHours: _a,
    sourceSilentSeconds: _s,
    pauseLimits: _p,
    ...ruled
  } = SETTINGS;
  expect(settingsChangeOf(businessRulesChange.parse(rules))).toEqual(ruled);
});

it('a change names only what it changes, null included', () => {
  expect(settingsChangeOf(businessRulesChange.parse({ targets: { asaSeconds: null } }))).toEqual({
    asaTargetSeconds: null,
  });
  expect(settingsChangeOf({})).toEqual({});
});
