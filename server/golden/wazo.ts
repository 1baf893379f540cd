import { exactly, type Figure, type Reader, type Readings } from './readings.ts';
import { type WazoTable, wazoScenario } from './sources.ts';

/** Columns that the hourly rows of a scenario have; the others only its total. */
const HOURLY = ['Received', 'Closed', 'Answered', 'Conversation', 'Login', 'Pause'];
const HOUR_MS = 3_600_000;

type Row = Record<string, number>;

/** Every table of a scenario: its total row and its hours, of a day in UTC. */
export async function figuresOfWazo(readings: Readings, id: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const table of wazoScenario(id).expected) {
    const { agent, queue, date } = subject(table);
    const midnight = Date.parse(`${date}T00:00:00Z`);
    // Instants of one local day west of Greenwich as well.
    const day = readings.days(midnight + 12 * HOUR_MS, midnight + 23 * HOUR_MS);
    for (const [label = '', ...values] of table.rows) {
      const isTotal = label === 'Total';
      const reader = isTotal ? day : readings.hour(midnight + Number.parseInt(label, 10) * HOUR_MS);
      const ours = agent ? await agentRow(reader, `Agent/${agent}`) : await queueRow(reader, queue ?? '');
      table.header.slice(1).forEach((column, index) => {
        const published = values[index] ?? '';
        if (published === '' || (!isTotal && !HOURLY.includes(column))) return;
        const what = `scenario ${id}, ${agent ?? queue}, ${label}, ${column}`;
        figures.push(exactly(what, ours[column] ?? Number.NaN, parse(published)));
      });
    }
  }
  return figures;
}

function subject({ step }: WazoTable): { agent?: string; queue?: string; date: string } {
  const [, kind, name, date = ''] = /statistics on (agent )?"([^"]+)" on "([\d-]+)"/.exec(step) ?? [];
  return kind ? { agent: name, date } : { queue: name, date };
}

async function queueRow(reader: Reader, queueId: string): Promise<Row> {
  const sums = await reader.queue(queueId);
  return {
    Received: sums.received,
    Answered: sums.answered,
    Abandoned: sums.abandoned,
    Closed: sums.refused,
    // Theirs are of whole seconds, and whole per cent of what was not turned away.
    AWT: Math.floor(sums.waitOfAbandonedMs / Math.max(1, sums.abandoned) / 1_000),
    'Answered rate': Math.round((sums.answered / Math.max(1, sums.received - sums.refused)) * 100),
  };
}

async function agentRow(reader: Reader, agentId: string): Promise<Row> {
  const sums = await reader.agent(agentId);
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
