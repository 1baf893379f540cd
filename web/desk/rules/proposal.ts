import type { BusinessRules, BusinessRulesChange } from '../../../shared/contract/businessRules.ts';
import type { Definition, Targets } from '../../../shared/contract/metrics.ts';
import type { QueueSetting } from '../../../shared/contract/settingsRest.ts';
import { DEFINITION_NAMES, type Problem } from '../view.ts';

/** Rules somebody thinks of, as the address holds them: what is null stays as settings say. Pure. */
export interface Proposal {
  definition: Definition | null;
  /** In seconds. */
  threshold: number | null;
  shortAbandon: number | null;
  /** Ratios 0–1. */
  target: number | null;
  limit: number | null;
}

/** As the API has it (shared/contract/analyticsQuery.ts). */
export const SECONDS_LIMIT = 600;
export const SECONDS = ['threshold', 'shortAbandon'] as const;
export const RATIOS = ['target', 'limit'] as const;

export function proposalOf(query: string): { proposal: Proposal; problems: Problem[] } {
  const parameters = new URLSearchParams(query);
  const problems: Problem[] = [];
  const number = (name: string, pattern: RegExp, most: number): number | null => {
    const value = parameters.get(name);
    if (value === null || value === '') return null;
    if (pattern.test(value) && Number(value) <= most) return Number(value);
    problems.push({ kind: 'choice', value: `${name}=${value}` });
    return null;
  };
  const named = parameters.get('definition');
  const definition = DEFINITION_NAMES.find((one) => one === named) ?? null;
  if (named !== null && definition === null) problems.push({ kind: 'choice', value: named });
  // A percentage in the address, as people write it.
  const ratio = (name: string): number | null => {
    const percent = number(name, /^\d{1,3}(?:\.\d{1,3})?$/, 100);
    return percent === null ? null : Math.round(percent * 1_000) / 100_000;
  };
  const proposal = {
    definition,
    threshold: number('threshold', /^\d{1,3}$/, SECONDS_LIMIT),
    shortAbandon: number('shortAbandon', /^\d{1,3}$/, SECONDS_LIMIT),
    target: ratio('target'),
    limit: ratio('limit'),
  };
  return { proposal, problems };
}

export function addressOfRules(proposal: Proposal): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(proposal)) {
    if (value === null) continue;
    const isRatio = name === 'target' || name === 'limit';
    parameters.set(name, String(isRatio ? Math.round(value * 100_000) / 1_000 : value));
  }
  const query = parameters.toString();
  return query === '' ? '#/rules' : `#/rules?${query}`;
}

/** Without what is so already. */
export function onlyChanges(
  proposal: Proposal,
  { definition, thresholds, targets }: BusinessRules,
): Proposal {
  const unless = <T>(value: T, present: T): T | null => (value === present ? null : value);
  return {
    definition: unless(proposal.definition, definition),
    threshold: unless(proposal.threshold, thresholds.thresholdSeconds),
    shortAbandon: unless(proposal.shortAbandon, thresholds.shortAbandonSeconds),
    target: unless(proposal.target, targets.serviceLevel),
    limit: unless(proposal.limit, targets.abandonmentRate),
  };
}

export function isAny(proposal: Proposal): boolean {
  return Object.values(proposal).some((value) => value !== null);
}

/** The figures it is about, by their value or by what is wanted of them: definition and threshold are of service level alone. */
export function touchedBy({
  definition,
  threshold,
  shortAbandon,
  target,
  limit,
}: Proposal): ReadonlySet<string> {
  const touched = new Set<string>();
  if ([definition, threshold, shortAbandon, target].some((value) => value !== null))
    touched.add('serviceLevel');
  if (shortAbandon !== null || limit !== null) touched.add('abandonmentRate');
  if (shortAbandon !== null) touched.add('shortAbandoned');
  return touched;
}

/** The change of settings that makes it so. */
export function changeOf({
  definition,
  threshold,
  shortAbandon,
  target,
  limit,
}: Proposal): BusinessRulesChange {
  const thresholds = {
    ...(threshold !== null && { thresholdSeconds: threshold }),
    ...(shortAbandon !== null && { shortAbandonSeconds: shortAbandon }),
  };
  const targets = {
    ...(target !== null && { serviceLevel: target }),
    ...(limit !== null && { abandonmentRate: limit }),
  };
  return {
    ...(definition !== null && { definition }),
    ...(Object.keys(thresholds).length > 0 && { thresholds }),
    ...(Object.keys(targets).length > 0 && { targets }),
  };
}

type OwnRules = Pick<QueueSetting, 'thresholdSeconds' | 'shortAbandonSeconds'>;

/** As many queues as one question takes. */
const QUEUES_LIMIT = 200;

/** A question by the rules proposed; `queues` null: all of them. */
export interface Asked {
  queues: readonly string[] | null;
  rules: Readonly<Record<string, string>>;
}

/**
 * What to ask so that every queue is counted as it would be: one that has seconds of its own keeps them, whatever is
 * proposed. Where all are counted alike it is one question, and what it says of all of them together holds.
 */
export function questionsOf(
  queueIds: readonly string[],
  own: ReadonlyMap<string, OwnRules>,
  { definition, threshold, shortAbandon }: Proposal,
): Asked[] {
  const groups = new Map<string, { queues: string[]; rules: Record<string, string> }>();
  for (const id of queueIds) {
    const { thresholdSeconds = null, shortAbandonSeconds = null } = own.get(id) ?? {};
    const rules = {
      ...(definition !== null && { definition }),
      ...(threshold !== null && thresholdSeconds === null && { threshold: String(threshold) }),
      ...(shortAbandon !== null && shortAbandonSeconds === null && { shortAbandon: String(shortAbandon) }),
    };
    const key = JSON.stringify(rules);
    const group = groups.get(key) ?? { queues: [] as string[], rules };
    group.queues.push(id);
    groups.set(key, group);
  }
  if (groups.size <= 1) return [...groups.values()].map(({ rules }) => ({ queues: null, rules }));
  return [...groups.values()].flatMap(({ queues, rules }) =>
    Array.from({ length: Math.ceil(queues.length / QUEUES_LIMIT) }, (_, page) => ({
      queues: queues.slice(page * QUEUES_LIMIT, (page + 1) * QUEUES_LIMIT),
      rules,
    })),
  );
}

/** What is wanted of a queue, or of all of them, now and as proposed. */
export function targetsOf(
  { targets }: BusinessRules,
  { target, limit }: Pick<Proposal, 'target' | 'limit'>,
  own?: Pick<QueueSetting, 'serviceLevelTarget' | 'abandonmentLimit'>,
): Targets {
  return {
    serviceLevel: own?.serviceLevelTarget ?? target ?? targets.serviceLevel,
    serviceLevelCritical: targets.serviceLevelCritical,
    abandonmentRate: own?.abandonmentLimit ?? limit ?? targets.abandonmentRate,
    abandonmentCritical: targets.abandonmentCritical,
    completionRate: targets.completionRate,
    occupancy: targets.occupancy,
    asaMs: targets.asaSeconds === null ? null : targets.asaSeconds * 1_000,
    ahtMs: targets.ahtSeconds === null ? null : targets.ahtSeconds * 1_000,
  };
}
