import { type Days, type Preset, stepFor } from '../desk/presets.ts';
import {
  comparisonOf,
  DEFAULT_VIEW,
  type Problem,
  queryOf as queryOfDesk,
  type View,
  viewOf,
} from '../desk/view.ts';
import { EXPLAINED_REVIEWS, REVIEW_COUNT_NAMES, SAMPLE_ORDER_NAMES, SCORE_STATE_NAMES } from './names.ts';

/** Everything chosen on the quality page, as the address holds it; days, queues, sectors and order are as on all of the desk. Pure. */
export interface QualityView {
  desk: View;
  reviewer: string | null;
  form: string | null;
  /** Of `form`: the share of its points is drawn. */
  criterion: string | null;
  metric: QualityMetric;
  step: QualityStep | null;
  /** What agents' scores are drawn beside. */
  beside: (typeof BESIDES)[number];
  tab: QualityTab;
  /** Of the list of scores. */
  state: (typeof SCORE_STATE_NAMES)[number] | null;
  critical: boolean;
  /** The counts that take them, none: all; and of those not what these take. */
  counted: readonly ReviewCountName[];
  notCounted: readonly ReviewCountName[];
  /** Of the calls to be reviewed. */
  order: (typeof SAMPLE_ORDER_NAMES)[number];
  seed: string;
}

type ReviewCountName = (typeof REVIEW_COUNT_NAMES)[number];

export const QUALITY_TABS = [
  'agents',
  'criteria',
  'reviewers',
  'completion',
  'scores',
  'calibration',
  'due',
  'sample',
] as const;
export type QualityTab = (typeof QUALITY_TABS)[number];

/** What is drawn over time. */
export const QUALITY_METRICS = [
  'qualityScore',
  'passRate',
  'criticalFailures',
  'coverage',
  'reviews',
  'completionRate',
] as const;
export type QualityMetric = (typeof QUALITY_METRICS)[number];

export const BESIDES = ['ahtMs', 'completionRate'] as const;

export const QUALITY_STEPS = ['day', 'week', 'month'] as const;
export type QualityStep = (typeof QUALITY_STEPS)[number];

export const DEFAULT_QUALITY_VIEW: QualityView = {
  desk: DEFAULT_VIEW,
  reviewer: null,
  form: null,
  criterion: null,
  metric: 'qualityScore',
  step: null,
  beside: 'ahtMs',
  tab: 'agents',
  state: null,
  critical: false,
  counted: [],
  notCounted: [],
  order: 'random',
  seed: '0',
};

/** What the pages of the desk have in common; the rest of their address means something else here. */
const SHARED = ['range', 'start', 'end', 'queue', 'sector', 'agent', 'sort', 'compare'];
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function qualityViewOf(query: string): { view: QualityView; problems: Problem[] } {
  const parameters = new URLSearchParams(query);
  const shared = [...parameters].filter(([name]) => SHARED.includes(name));
  const { view: desk, problems } = viewOf(new URLSearchParams(shared).toString());
  const oneOf = <T extends string>(name: string, known: readonly T[], kind: Problem['kind'] = 'choice') => {
    const value = parameters.get(name);
    if (value === null || value === '') return null;
    const found = known.find((one) => one === value);
    if (found === undefined) problems.push({ kind, value });
    return found ?? null;
  };
  const asked = parameters.get('form') || null;
  const form = asked !== null && UUID.test(asked) ? asked : null;
  if (asked !== form) problems.push({ kind: 'choice', value: `form=${asked}` });
  const usual = DEFAULT_QUALITY_VIEW;
  const explained = oneOf('explain', EXPLAINED_REVIEWS);
  const explain = explained && { metric: explained, row: parameters.get('row') || null };
  const counts = (name: string) =>
    REVIEW_COUNT_NAMES.filter((count) => parameters.getAll(name).includes(count));
  return {
    view: {
      desk: { ...desk, explain },
      reviewer: parameters.get('reviewer') || null,
      form,
      criterion: form === null ? null : parameters.get('criterion') || null,
      metric: oneOf('metric', QUALITY_METRICS) ?? usual.metric,
      step: oneOf('step', QUALITY_STEPS),
      beside: oneOf('beside', BESIDES) ?? usual.beside,
      tab: oneOf('tab', QUALITY_TABS, 'tab') ?? usual.tab,
      state: oneOf('state', SCORE_STATE_NAMES),
      critical: parameters.get('critical') === 'true',
      counted: counts('counted'),
      notCounted: counts('notCounted'),
      order: oneOf('order', SAMPLE_ORDER_NAMES) ?? usual.order,
      seed: (parameters.get('seed') ?? '').slice(0, 40) || usual.seed,
    },
    problems,
  };
}

/** The address of a view; what is as usual is not in it. */
export function qualityAddressOf(view: QualityView): string {
  const { range, queues, sectors, agent, sort, compare, explain } = view.desk;
  const parameters = new URLSearchParams(
    queryOfDesk({ ...DEFAULT_VIEW, range, queues, sectors, agent, sort, compare, explain }),
  );
  for (const name of [
    'reviewer',
    'form',
    'criterion',
    'metric',
    'step',
    'beside',
    'tab',
    'state',
    'critical',
    'order',
    'seed',
  ] as const) {
    const value = view[name];
    if (value !== null && value !== DEFAULT_QUALITY_VIEW[name]) parameters.set(name, String(value));
  }
  for (const name of ['counted', 'notCounted'] as const)
    for (const count of view[name]) parameters.append(name, count);
  const query = parameters.toString();
  return `#/quality${query === '' ? '' : `?${query}`}`;
}

/** Where there may be reviews while there are none here: other days, and of everything; without where somebody is already. */
export function otherViews(view: QualityView): { range: Preset; address: string }[] {
  const here = qualityAddressOf({
    ...view,
    desk: { ...view.desk, sort: null, compare: null, explain: null },
  });
  return (['last30', 'yearToDate', 'lastYear'] as const)
    .map((range) => ({
      range,
      address: qualityAddressOf({
        ...DEFAULT_QUALITY_VIEW,
        tab: view.tab,
        desk: { ...DEFAULT_VIEW, range },
      }),
    }))
    .filter(({ address }) => address !== here);
}

/** What the API is asked about a view. */
export function qualityParametersOf({ desk, reviewer, form }: QualityView, days: Days): URLSearchParams {
  const parameters = partParametersOf(desk, days);
  if (reviewer !== null) parameters.set('reviewer', reviewer);
  if (form !== null) parameters.set('form', form);
  return parameters;
}

/** The same of what knows no reviewer and no form: calls. */
export function partParametersOf(
  { queues, sectors, agent }: Pick<View, 'queues' | 'sectors' | 'agent'>,
  { startDate, endDate }: Days,
): URLSearchParams {
  const parameters = new URLSearchParams({ startDate, endDate });
  for (const id of queues) parameters.append('queue', id);
  for (const id of sectors) parameters.append('sector', id);
  if (agent !== null) parameters.append('agent', agent);
  return parameters;
}

/** The same, held against the days that are compared with. */
export function withComparison(parameters: URLSearchParams, desk: View, days: Days): URLSearchParams {
  const compare = comparisonOf(desk, days);
  if (compare !== null) parameters.set('compare', compare);
  return parameters;
}

/** By what a range is told: whole days at least, since a score counts on the day of its call. */
export function qualityStepOf({ step }: Pick<QualityView, 'step'>, days: Days): QualityStep {
  const usual = stepFor(days);
  return step ?? (usual === 'interval' ? 'day' : usual);
}
