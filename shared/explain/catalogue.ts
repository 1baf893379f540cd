import { LOOKED_UP_COUNTS } from '../contract/calls.ts';
import type { Definition } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';
import type { Formula, LeftOut, Term } from './formulas.ts';
import type { PartName, Unit } from './parts.ts';
import { RULE_OF_DEFINITION, serviceLevelFormula } from './serviceLevels.ts';

/** How each figure of history comes about. The words are in english.ts. Pure. */

export interface Entry {
  /** Of docs/metrics.md, without brackets. */
  ruleId: string;
  unit: Unit;
  formula: Formula;
  excluded: readonly LeftOut[];
  /** The observations it rests on: what it divides by, or picks from; null: a sum, which needs none [T4]. */
  sample: readonly Term[] | null;
  /** How many of them are enough; null: as many as the tenant says. */
  enough: number | null;
}

/** How visits are read. */
export interface VisitReading {
  definition: Definition;
  genesys: LiveSettings['genesys'];
  /** Over several queues: abandonment divides by calls [T5]. */
  isTotal: boolean;
}

const SETTLED = ['offered', '-open', '-lost'] as const;
const WAITED = ['offered', '-callbackOffered', '-waitingOrLost'] as const;
const ANSWERED = ['answered', '-callbackAnswered'] as const;
const ABANDONED = ['abandoned', '-callbackAbandoned'] as const;
const WORK = ['talkMs', 'holdMs', 'wrapUpMs'] as const;
const SIGNED_IN = [...WORK, 'ringingMs', 'availableMs', 'pausedMs'] as const;
const REACHABLE = [...WORK, 'ringingMs', 'availableMs', '-closedMs'] as const;

const refused: LeftOut = { reason: 'refused', terms: ['refused'] };
const callbacks: LeftOut = { reason: 'callbacks', terms: ['callbackOffered'] };
const waitingOrLost: LeftOut = { reason: 'waitingOrLost', terms: ['waitingOrLost'] };
const repeated: LeftOut = { reason: 'repeated', terms: ['repeated'] };
const callbacksAnswered: LeftOut = { reason: 'callbacksAnswered', terms: ['callbackAnswered'] };
const unhandled: LeftOut = { reason: 'unhandled', terms: ['answered', '-handled'] };
const unknownCallers: LeftOut = {
  reason: 'unknownCallers',
  terms: ['abandoned', '-callbackAbandoned', '-abandonedKnown'],
};
const paused: LeftOut = { reason: 'paused', terms: ['pausedMs'] };
const closed: LeftOut = { reason: 'closed', terms: ['closedMs'] };

function count(ruleId: string, over: readonly Term[], ...excluded: LeftOut[]): Entry {
  return { ruleId, unit: 'count', formula: { over, under: null }, excluded, sample: null, enough: null };
}

function time(ruleId: string, ...over: Term[]): Entry {
  return { ruleId, unit: 'ms', formula: { over, under: null }, excluded: [], sample: null, enough: null };
}

function mean(ruleId: string, over: readonly Term[], under: readonly Term[], ...excluded: LeftOut[]): Entry {
  return { ruleId, unit: 'ms', formula: { over, under }, excluded, sample: under, enough: null };
}

/** A value picked from the waits of all who left. */
function wait(name: PartName, enough: number | null): Entry {
  const formula = { over: [name], under: null };
  return { ruleId: 'V7', unit: 'ms', formula, excluded: [waitingOrLost, callbacks], sample: WAITED, enough };
}

const averageHold: Entry = {
  ...mean('H2', ['handledHoldMs'], ['handled'], unhandled),
  formula: { over: ['handledHoldMs'], under: ['handled'], needs: 'holdKnown' },
};

/** The same of queues and of agents. */
const SHARED = {
  answered: count('V2', ['answered']),
  handled: count('V2', ['handled'], unhandled),
  transferred: count('H3', ['transferred']),
  missedRings: count('A6', ['missedRings']),
  ahtMs: mean('H1', ['handledTalkMs', 'handledHoldMs', 'handledWrapUpMs'], ['handled'], unhandled),
  averageTalkMs: mean('H2', ['handledTalkMs'], ['handled'], unhandled),
  averageHoldMs: averageHold,
  averageWrapUpMs: mean('H2', ['handledWrapUpMs'], ['handled'], unhandled),
  signedInMs: time('A1', ...SIGNED_IN),
  availableMs: time('A1', 'availableMs'),
  closedMs: time('T8', 'closedMs'),
  ringingMs: time('A1', 'ringingMs'),
  talkMs: time('A1', 'talkMs'),
  holdMs: time('A1', 'holdMs'),
  wrapUpMs: time('A5', 'wrapUpMs'),
  pausedMs: time('A1', 'pausedMs'),
  outboundMs: time('A2', 'outboundMs'),
  occupancy: { ...rate('A2', WORK, REACHABLE, paused, closed), sample: null },
  utilisation: { ...rate('A3', WORK, [...SIGNED_IN, '-closedMs'], closed), sample: null },
} satisfies Record<string, Entry>;

function rate(ruleId: string, over: readonly Term[], under: readonly Term[], ...excluded: LeftOut[]): Entry {
  return { ruleId, unit: 'ratio', formula: { over, under }, excluded, sample: under, enough: null };
}

/** Figures of queues, sectors and totals, but for the two that are read in several ways. */
const OF_VISITS = {
  ...SHARED,
  received: count('V0', ['offered', 'refused']),
  refused: count('V0', ['refused']),
  offered: count('V1', ['offered'], refused),
  outsideHours: count('T8', ['outsideHours']),
  calls: count('T5', ['calls'], repeated, refused),
  abandoned: count('V3', ['abandoned']),
  shortAbandoned: count('V3', ['shortAbandoned']),
  timedOut: count('V1', ['timedOut']),
  noAgents: count('V1', ['noAgents']),
  keyExits: count('V1', ['keyExits']),
  callbacks: count('V11', ['callbacks']),
  overflowed: count('V1', ['overflowed']),
  withdrawn: count('V1', ['withdrawn']),
  lost: count('V10', ['lost']),
  open: count('V1', ['open']),
  completionRate: rate('V5', ['completed'], SETTLED, refused, {
    reason: 'openOrLost',
    terms: ['open', 'lost'],
  }),
  transferRate: rate('H3', ['transferred'], ['answered']),
  firstContactResolution: rate('H4', ['firstContactResolved'], ['firstContactCalls']),
  firstContactResolved: count('H4', ['firstContactResolved']),
  firstContactCalls: count('H4', ['firstContactCalls']),
  asaMs: mean('V6', ['answeredWaitMs'], ANSWERED, callbacksAnswered),
  averageAbandonMs: mean('V6', ['abandonedWaitMs'], ABANDONED, {
    reason: 'callbacksAbandoned',
    terms: ['callbackAbandoned'],
  }),
  maxWaitMs: wait('maxWaitMs', 1),
  maxAnsweredWaitMs: { ...wait('maxAnsweredWaitMs', 1), excluded: [callbacksAnswered], sample: ANSWERED },
  waitP50Ms: wait('waitP50Ms', null),
  waitP80Ms: wait('waitP80Ms', null),
  waitP90Ms: wait('waitP90Ms', 10),
  waitP95Ms: wait('waitP95Ms', 20),
} satisfies Record<string, Entry>;

/** Figures of agents. */
const OF_AGENT = {
  ...SHARED,
  outbound: count('A2', ['outbound']),
  callbackAnswered: count('V11', ['callbackAnswered']),
  asaMs: mean('V6', ['answeredWaitMs'], ANSWERED, callbacksAnswered),
  transferRate: rate('H3', ['transferred'], ['answered']),
} satisfies Record<string, Entry>;

/** Figures of queues, and of agents, that no roll-up holds: counted from the visits that are kept. */
const OF_FACTS = {
  shortTalks: count('H5', ['shortTalks']),
  shortTalkRate: rate('H5', ['shortTalks'], ['answered']),
  transferredToQueue: count('H6', ['transferredToQueue']),
  transferredElsewhere: count('H6', ['transferredElsewhere']),
  abandonedKnown: count('V12', ['abandonedKnown'], unknownCallers),
  abandonedReturned: count('V12', ['abandonedReturned']),
  abandonedReturnRate: rate('V12', ['abandonedReturned'], ['abandonedKnown'], unknownCallers),
} satisfies Record<string, Entry>;

const drafts: LeftOut = { reason: 'drafts', terms: ['drafts'] };
const unknownCalls: LeftOut = { reason: 'unknownCalls', terms: ['reviews', '-knownReviews'] };

/** A mean of points. */
function points(ruleId: string, over: Term, under: Term, ...excluded: LeftOut[]): Entry {
  return { ...mean(ruleId, [over], [under], ...excluded), unit: 'points' };
}

/** Figures of reviews, and of the agents' calls they stand beside. */
const OF_REVIEWS = {
  reviews: count('Q1', ['reviews'], drafts),
  qualityScore: points(
    'Q1',
    'scorePoints',
    'scored',
    { reason: 'unscored', terms: ['reviews', '-scored'] },
    drafts,
  ),
  passRate: rate('Q2', ['passed'], ['judged'], { reason: 'unjudged', terms: ['reviews', '-judged'] }, drafts),
  criticalFailures: count('Q1', ['criticalFailures'], drafts),
  reviewed: count('Q2', ['reviewed'], unknownCalls, drafts),
  coverage: rate('Q2', ['reviewed'], ['answered'], unknownCalls, drafts),
  calibration: points('Q2', 'differencePoints', 'pairs'),
  answered: SHARED.answered,
  ahtMs: SHARED.ahtMs,
  completionRate: rate('V5', ['completed'], ['answered']),
} satisfies Record<string, Entry>;

export type FactMetric = keyof typeof OF_FACTS;
export type VisitMetric = keyof typeof OF_VISITS | 'serviceLevel' | 'abandonmentRate';
export type AgentMetric = keyof typeof OF_AGENT;
export type ReviewMetric = keyof typeof OF_REVIEWS;
export type Metric = VisitMetric | AgentMetric | FactMetric;

// Keys of the tables themselves.
export const VISIT_METRICS = [...Object.keys(OF_VISITS), 'serviceLevel', 'abandonmentRate'] as VisitMetric[];
export const AGENT_METRICS = Object.keys(OF_AGENT) as AgentMetric[];
export const FACT_METRICS = Object.keys(OF_FACTS) as FactMetric[];
export const METRICS = [...new Set([...VISIT_METRICS, ...AGENT_METRICS, ...FACT_METRICS])] as [
  Metric,
  ...Metric[],
];
export const REVIEW_METRICS = Object.keys(OF_REVIEWS) as [ReviewMetric, ...ReviewMetric[]];

export function isVisitMetric(metric: Metric): metric is VisitMetric {
  return VISIT_METRICS.some((name) => name === metric);
}

export function isAgentMetric(metric: Metric): metric is AgentMetric {
  return AGENT_METRICS.some((name) => name === metric);
}

export function isFactMetric(metric: Metric): metric is FactMetric {
  return FACT_METRICS.some((name) => name === metric);
}

const LOOKED_UP: readonly FactMetric[] = [...LOOKED_UP_COUNTS, 'abandonedReturnRate'];

/** Where for each visit others are looked up: those of its caller, or of its call. */
export function isLookedUp(metric: Metric): boolean {
  return LOOKED_UP.some((name) => name === metric);
}

/** Of agents, too. */
export const AGENT_FACT_METRICS = ['shortTalks', 'shortTalkRate'] as const satisfies readonly FactMetric[];

export function isAgentFactMetric(metric: Metric): metric is (typeof AGENT_FACT_METRICS)[number] {
  return AGENT_FACT_METRICS.some((name) => name === metric);
}

export function factEntry(metric: FactMetric): Entry {
  return OF_FACTS[metric];
}

export function agentEntry(metric: AgentMetric): Entry {
  return OF_AGENT[metric];
}

export function reviewEntry(metric: ReviewMetric): Entry {
  return OF_REVIEWS[metric];
}

export function visitEntry(metric: VisitMetric, reading: VisitReading): Entry {
  switch (metric) {
    case 'serviceLevel':
      return serviceLevelEntry(reading.definition, reading.genesys);
    case 'abandonmentRate':
      return abandonmentEntry(reading.isTotal);
    default:
      return OF_VISITS[metric];
  }
}

export function serviceLevelEntry(definition: Definition, genesys: LiveSettings['genesys']): Entry {
  const { formula, excluded } = serviceLevelFormula(definition, genesys);
  return {
    ruleId: RULE_OF_DEFINITION[definition],
    unit: 'ratio',
    formula,
    excluded: [...excluded, refused],
    sample: formula.under,
    enough: null,
  };
}

/** By visits, or of a total by calls. */
export function abandonmentEntry(byCalls: boolean): Entry {
  const under: Term[] = [
    byCalls ? 'calls' : 'offered',
    '-callbackOffered',
    '-waitingOrLost',
    '-shortAbandoned',
  ];
  const shortAbandons: LeftOut = { reason: 'shortAbandons', terms: ['shortAbandoned'] };
  const excluded = [shortAbandons, waitingOrLost, callbacks, ...(byCalls ? [repeated] : []), refused];
  return rate('V4', [...ABANDONED, '-shortAbandoned'], under, ...excluded);
}
