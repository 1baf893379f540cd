import { describe, expect, it } from 'vitest';
import { boundsOf, linesOf } from './lines.ts';
import { CHART_METRICS, type ChartMetric } from './view.ts';

describe('small lines of agents', () => {
  const line = (metric: ChartMetric, startDate: string, endDate: string) =>
    linesOf({ metric }, { startDate, endDate });

  it('are of the figure looked at, or of what agents handled, by the step the server takes', () => {
    expect(CHART_METRICS.map((metric) => line(metric, '2026-11-01', '2026-11-30')?.metric)).toEqual([
      'handled',
      'handled',
      'answered',
      'handled',
      'asaMs',
      'ahtMs',
      'occupancy',
    ]);
    expect(line('ahtMs', '2026-11-01', '2026-11-01')).toBeNull();
    expect(line('ahtMs', '2026-10-01', '2026-10-31')?.step).toBe('day');
    expect(line('ahtMs', '2026-10-01', '2026-11-01')?.step).toBe('week');
    expect(line('ahtMs', '2026-01-01', '2026-08-05')?.step).toBe('week');
    expect(line('ahtMs', '2026-01-01', '2026-08-06')?.step).toBe('month');
  });

  it('share their bounds; counts begin at zero', () => {
    const lines = [
      [null, 4, 9],
      [2, null],
    ];
    expect(boundsOf(lines, 'handled')).toEqual({ low: 0, high: 9 });
    expect(boundsOf(lines, 'ahtMs')).toEqual({ low: 2, high: 9 });
    expect(boundsOf([[5, 5]], 'ahtMs')).toEqual({ low: 0, high: 5 });
    expect(boundsOf([], 'ahtMs')).toEqual({ low: 0, high: 1 });
  });
});
