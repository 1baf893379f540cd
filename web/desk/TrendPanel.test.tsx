import { renderToString } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { BucketRow } from '../../shared/contract/analytics.ts';
import { type Desk, DeskContext } from './desk.ts';
import { TrendPanel } from './TrendPanel.tsx';
import { DEFAULT_VIEW } from './view.ts';

test('no point is made while nobody knows how much room there is', () => {
  const start = '2026-11-02T05:00:00.000Z';
  const end = '2026-11-02T06:00:00.000Z';
  const row = { start, end, partial: false, offered: 1 } as BucketRow; // No chart of a count without a target reads more.
  const days = { startDate: '2026-11-02', endDate: '2026-11-03' };
  const told = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
  renderToString(
    <DeskContext value={desk}>
      <TrendPanel
        view={{ ...DEFAULT_VIEW, range: days, metric: 'offered' }}
        possible={['hour']}
        rows={[row]}
        days={days}
        step="hour"
        targets={null}
        comparedTo={null}
      />
    </DeskContext>,
  );
  expect(told).not.toHaveBeenCalled();
});

const desk: Desk = {
  read: () => Promise.reject(new Error('nothing is asked')),
  write: () => Promise.reject(new Error('nothing is changed')),
  file: () => Promise.reject(new Error('nothing is saved')),
  may: () => false,
  calendar: { timeZone: 'Europe/Madrid', weekStart: 1, dayStartMinutes: 0 },
  now: () => Date.parse('2026-11-03T05:00:00Z'),
};
