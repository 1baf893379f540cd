import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { type Desk, DeskContext } from '../desk.ts';
import { Effect } from './Effect.tsx';

const DAYS = { startDate: '2026-11-23', endDate: '2026-11-29' };
const RANGE = 'startDate=2026-11-23&endDate=2026-11-29';
const NOTHING = { definition: null, threshold: null, shortAbandon: null, target: null, limit: null };

/** Of figures no more than a row reads. */
const FIGURES = { offered: 8, serviceLevel: 0.75, abandonmentRate: 0.1, shortAbandoned: 1, lowSample: [] };
const QUEUE = { ...FIGURES, queueId: 'sales', name: 'Sales' };
const RULES = {
  targets: {
    serviceLevel: 0.8,
    serviceLevelCritical: 0.5,
    abandonmentRate: 0.05,
    abandonmentCritical: 0.1,
    completionRate: null,
    occupancy: null,
    asaSeconds: null,
    ahtSeconds: null,
  },
} as Parameters<typeof Effect>[0]['rules'];

it.each([true, false])('says of queues that go on behind the last of the list that they do: %s', (isCut) => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] });
  const client = new QueryClient();
  const all = (path: string, rows: readonly object[]) =>
    client.setQueryData(['all', path], { rows, explain: '', isCut });
  client.setQueryData(['analytics/performance/summary', `analytics/performance/summary?${RANGE}`], {
    data: FIGURES,
  });
  all(`analytics/performance/trends?groupBy=queue&${RANGE}`, [QUEUE]);
  all('settings/queues', []);
  const html = renderToString(
    <QueryClientProvider client={client}>
      <DeskContext value={desk}>
        <Effect rules={RULES} proposal={NOTHING} days={DAYS} />
      </DeskContext>
    </QueryClientProvider>,
  );
  expect(html).toContain('75.0%');
  expect(html.includes('desk.preview.cut')).toBe(isCut);
  // Nothing is proposed: there is no column of what would be.
  expect(html).not.toContain('desk.preview.column');
});

const desk: Desk = {
  read: () => Promise.reject(new Error('nothing is asked')),
  write: () => Promise.reject(new Error('nothing is changed')),
  file: () => Promise.reject(new Error('nothing is saved')),
  may: () => false,
  calendar: { timeZone: 'UTC', weekStart: 1, dayStartMinutes: 0 },
  now: () => Date.parse('2026-12-01T09:00:00Z'),
};
