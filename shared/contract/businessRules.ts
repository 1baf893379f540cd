import { z } from 'zod';
import { tenantFields as of, type TenantSettings, type TenantSettingsChange } from './settingsRest.ts';

/**
 * `/api/v1/settings/business-rules`: by what a call centre is measured, in groups. The same settings as `/settings` has
 * flat, kept in one place; whichever is changed, both have it.
 */

const targets = {
  /** Ratios 0–1. On target a wall is good, beyond the critical value critical. */
  serviceLevel: of.serviceLevelTarget,
  serviceLevelCritical: of.serviceLevelCritical,
  abandonmentRate: of.abandonmentLimit,
  abandonmentCritical: of.abandonmentCritical,
  /** Null in any of these: no such target. */
  completionRate: of.completionTarget,
  occupancy: of.occupancyLimit,
  asaSeconds: of.asaTargetSeconds,
  ahtSeconds: of.ahtTargetSeconds,
};
const thresholds = {
  thresholdSeconds: of.thresholdSeconds,
  shortAbandonSeconds: of.shortAbandonSeconds,
  wrapUpSeconds: of.wrapUpSeconds,
  maxWaitSeconds: of.maxWaitSeconds,
};
const genesys = {
  abandonsOut: of.genesysAbandonsOut,
  shortAbandonsIn: of.genesysShortAbandonsIn,
  flowOutsIn: of.genesysFlowOutsIn,
};
/** Null: kept. */
const retention = {
  eventMonths: of.eventRetentionMonths,
  factMonths: of.factRetentionMonths,
  rollupMonths: of.rollupRetentionMonths,
};
const single = {
  definition: of.definition,
  weekStart: of.weekStart,
  dayStartMinutes: of.dayStartMinutes,
  minimumSample: of.minimumSample,
  firstContactDays: of.firstContactDays,
  enableCsat: of.enableCsat,
  enableQuality: of.enableQuality,
  enableCost: of.enableCost,
  reviewsPerAgentPerMonth: of.reviewsPerAgentPerMonth,
};

export const businessRules = z.object({
  targets: z.object(targets),
  thresholds: z.object(thresholds),
  genesys: z.object(genesys),
  retention: z.object(retention),
  ...single,
});
export type BusinessRules = z.output<typeof businessRules>;

export const businessRulesChange = z
  .strictObject({
    targets: z.strictObject(targets).partial(),
    thresholds: z.strictObject(thresholds).partial(),
    genesys: z.strictObject(genesys).partial(),
    retention: z.strictObject(retention).partial(),
    ...single,
  })
  .partial();
export type BusinessRulesChange = z.output<typeof businessRulesChange>;

export function rulesOf(settings: TenantSettings): BusinessRules {
  const { definition, weekStart, dayStartMinutes, minimumSample, firstContactDays } = settings;
  const { thresholdSeconds, shortAbandonSeconds, wrapUpSeconds, maxWaitSeconds } = settings;
  const { enableCsat, enableQuality, enableCost, reviewsPerAgentPerMonth } = settings;
  return {
    targets: {
      serviceLevel: settings.serviceLevelTarget,
      serviceLevelCritical: settings.serviceLevelCritical,
      abandonmentRate: settings.abandonmentLimit,
      abandonmentCritical: settings.abandonmentCritical,
      completionRate: settings.completionTarget,
      occupancy: settings.occupancyLimit,
      asaSeconds: settings.asaTargetSeconds,
      ahtSeconds: settings.ahtTargetSeconds,
    },
    thresholds: { thresholdSeconds, shortAbandonSeconds, wrapUpSeconds, maxWaitSeconds },
    genesys: {
      abandonsOut: settings.genesysAbandonsOut,
      shortAbandonsIn: settings.genesysShortAbandonsIn,
      flowOutsIn: settings.genesysFlowOutsIn,
    },
    retention: {
      eventMonths: settings.eventRetentionMonths,
      factMonths: settings.factRetentionMonths,
      rollupMonths: settings.rollupRetentionMonths,
    },
    definition,
    weekStart,
    dayStartMinutes,
    minimumSample,
    firstContactDays,
    enableCsat,
    enableQuality,
    enableCost,
    reviewsPerAgentPerMonth,
  };
}

/** The same change of the settings; what is left out stays out. */
export function settingsChangeOf(change: BusinessRulesChange): TenantSettingsChange {
  const { targets, thresholds, genesys, retention, ...rest } = change;
  const fields: TenantSettingsChange = {
    ...rest,
    ...thresholds,
    serviceLevelTarget: targets?.serviceLevel,
    serviceLevelCritical: targets?.serviceLevelCritical,
    abandonmentLimit: targets?.abandonmentRate,
    abandonmentCritical: targets?.abandonmentCritical,
    completionTarget: targets?.completionRate,
    occupancyLimit: targets?.occupancy,
    asaTargetSeconds: targets?.asaSeconds,
    ahtTargetSeconds: targets?.ahtSeconds,
    genesysAbandonsOut: genesys?.abandonsOut,
    genesysShortAbandonsIn: genesys?.shortAbandonsIn,
    genesysFlowOutsIn: genesys?.flowOutsIn,
    eventRetentionMonths: retention?.eventMonths,
    factRetentionMonths: retention?.factMonths,
    rollupRetentionMonths: retention?.rollupMonths,
  };
  // An entry that is there but undefined would be taken for a value.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
