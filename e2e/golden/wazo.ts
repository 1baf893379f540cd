import { expect } from '@playwright/test';
import type { Api } from '../testing/api.ts';
import { agentSums, queueSums } from './daySums.ts';
import { type WazoTable, wazoScenario } from './sources.ts';

/** Columns whose hourly rows follow from two readings: what `today` counted by the hour's end, less by its start. */
const HOURLY = ['Received', 'Closed', 'Answered', 'Conversation', 'Login', 'Pause'];

type Row = Record<string, number>;

/** Every table of a scenario: its total row at the day's end, its hours as the growth of today's figures. */
export async function expectWazo(api: Api, id: number): Promise<void> {
  for (const table of wazoScenario(id).expected) {
    const { agent, queue, date } = subject(table);
    const readAt = (instant: string): Promise<Row> =>
      agent ? agentRow(api, `Agent/${agent}`, instant) : queueRow(api, queue ?? '', instant);
    for (const cells of table.rows) {
      const [label = '', ...values] = cells;
      const actual =
        label === 'Total' ? await readAt(`${date}T23:59:59.999Z`) : await hour(readAt, date, label);
      table.header.slice(1).forEach((column, index) => {
        const published = values[index] ?? '';
        if (published === '' || (label !== 'Total' && !HOURLY.includes(column))) return;
        expect
          .soft(actual[column], `scenario ${id}, ${agent ?? queue}, ${label}, ${column}`)
          .toBe(parse(published));
      });
    }
  }
}

function subject({ step }: WazoTable): { agent?: string; queue?: string; date: string } {
  const [, kind, name, date = ''] = /statistics on (agent )?"([^"]+)" on "([\d-]+)"/.exec(step) ?? [];
  return kind ? { agent: name, date } : { queue: name, date };
}

async function hour(readAt: (instant: string) => Promise<Row>, date: string, label: string): Promise<Row> {
  const start = Date.parse(`${date}T00:00:00Z`) + Number.parseInt(label, 10) * 3_600_000;
  const before = await readAt(new Date(start - 1).toISOString());
  const after = await readAt(new Date(start + 3_600_000 - 1).toISOString());
  return Object.fromEntries(
    Object.entries(after).map(([column, value]) => [column, value - (before[column] ?? 0)]),
  );
}

async function queueRow(api: Api, queueId: string, asOf: string): Promise<Row> {
  const sums = await queueSums(api, queueId, [asOf]);
  return {
    Received: sums.received,
    Answered: sums.answered,
    Abandoned: sums.abandoned,
    Closed: sums.refused,
    AWT: Math.floor(sums.waitOfAbandonedMs / Math.max(1, sums.abandoned) / 1_000),
    'Answered rate': Math.round((sums.answered / Math.max(1, sums.received - sums.refused)) * 100),
  };
}

async function agentRow(api: Api, agentId: string, asOf: string): Promise<Row> {
  const sums = await agentSums(api, agentId, [asOf]);
  return {
    Answered: sums.answered,
    Conversation: Math.round(sums.talkMs / 1_000),
    Login: Math.round(sums.signedInMs / 1_000),
    Pause: Math.round(sums.pausedMs / 1_000),
  };
}

/** `00:01:30` in seconds, `50 %` as 50, a count as it is. */
function parse(published: string): number {
  if (published.includes(':')) {
    return published.split(':').reduce((total, part) => total * 60 + Number(part), 0);
  }
  return Number.parseInt(published, 10);
}
