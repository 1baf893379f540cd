import { describe, expect, test } from 'vitest';
import {
  DEFAULT_QUALITY_VIEW,
  otherViews,
  qualityAddressOf,
  qualityStepOf,
  qualityViewOf,
} from './qualityView.ts';

const FORM = '0b7c2f5e-6f0e-4f0a-9a51-0d2f6a3f5c11';

describe('the quality page’s address', () => {
  test('is empty for the usual view, and holds every choice', () => {
    expect(qualityAddressOf(DEFAULT_QUALITY_VIEW)).toBe('#/quality');
    const query =
      `start=2026-10-01&end=2026-10-31&queue=sales&agent=ann&sort=-reviews&reviewer=Eve&form=${FORM}` +
      '&criterion=tone&metric=passRate&step=week&tab=sample&order=longest&seed=3';
    const { view, problems } = qualityViewOf(query);
    expect(problems).toEqual([]);
    expect(qualityViewOf(qualityAddressOf(view).split('?')[1] ?? '').view).toEqual(view);
    expect(qualityAddressOf(view)).toBe(`#/quality?${query}`);
  });

  test('says what in it cannot be, and shows the usual', () => {
    const { view, problems } = qualityViewOf(
      'start=2026-10-31&end=2026-10-01&tab=nowhere&form=mine&criterion=tone&state=lost',
    );
    expect(view).toMatchObject({ tab: 'agents', form: null, criterion: null, state: null });
    expect(view.desk.range).toEqual({ startDate: '2026-10-01', endDate: '2026-10-31' });
    expect(problems.map(({ kind }) => kind).sort()).toEqual(['choice', 'choice', 'reversed', 'tab']);
  });

  test('what is offered in place of days without a call is never where one is already', () => {
    const offered = (query: string) => otherViews(qualityViewOf(query).view).map(({ address }) => address);
    expect(offered('')).toEqual(['#/quality?range=yearToDate', '#/quality?range=lastYear']);
    expect(offered('compare=none&sort=-reviews')).toEqual(offered(''));
    expect(offered('range=lastYear&tab=due')).toEqual([
      '#/quality?tab=due',
      '#/quality?range=yearToDate&tab=due',
    ]);
    // Of one queue there is none: of all there may be some in the same days.
    expect(offered('queue=sales')).toEqual(['#/quality', ...offered('')]);
  });

  test('scores count by the day of their call: no step is shorter', () => {
    expect(qualityStepOf({ step: null }, { startDate: '2026-10-01', endDate: '2026-10-01' })).toBe('day');
    expect(qualityStepOf({ step: null }, { startDate: '2026-01-01', endDate: '2026-12-31' })).toBe('month');
  });
});
