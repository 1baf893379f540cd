import type { TransactionSql } from 'postgres';
import type { TenantSettings } from '../../shared/contract/settingsRest.ts';
import { found } from './found.ts';

/** Locked, where it is about to be changed: what it was before is what the one before left. */
export async function readTenant(
  tx: TransactionSql,
  tenantId: string,
  lock: 'lock' | 'look' = 'look',
): Promise<TenantSettings> {
  return found(
    await tx<TenantSettings[]>`
      select t.name, s.time_zone as "timeZone", s.week_start as "weekStart", s.day_start_minutes as "dayStartMinutes",
        s.definition, s.genesys_abandons_out as "genesysAbandonsOut",
        s.genesys_short_abandons_in as "genesysShortAbandonsIn", s.genesys_flow_outs_in as "genesysFlowOutsIn",
        s.threshold_seconds as "thresholdSeconds", s.short_abandon_seconds as "shortAbandonSeconds",
        s.wrap_up_seconds as "wrapUpSeconds", s.max_wait_seconds as "maxWaitSeconds",
        s.minimum_sample as "minimumSample", s.agent_unheard_hours as "agentUnheardHours",
        s.source_silent_seconds as "sourceSilentSeconds", s.pause_limits as "pauseLimits",
        s.service_level_target as "serviceLevelTarget", s.service_level_critical as "serviceLevelCritical",
        s.abandonment_limit as "abandonmentLimit", s.abandonment_critical as "abandonmentCritical",
        s.completion_target as "completionTarget", s.occupancy_limit as "occupancyLimit",
        s.asa_target_seconds as "asaTargetSeconds", s.aht_target_seconds as "ahtTargetSeconds",
        s.first_contact_days as "firstContactDays", s.enable_csat as "enableCsat",
        s.enable_quality as "enableQuality", s.enable_cost as "enableCost",
        s.reviews_per_agent_per_month as "reviewsPerAgentPerMonth",
        s.event_retention_months as "eventRetentionMonths", s.fact_retention_months as "factRetentionMonths",
        s.rollup_retention_months as "rollupRetentionMonths"
      from settings s join tenants t on t.id = s.tenant_id where s.tenant_id = ${tenantId}
      ${lock === 'lock' ? tx`for update` : tx``}`,
  );
}
