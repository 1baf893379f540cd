import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Real queue logs with independently computed figures. They lie beside the checkout and are never copied into it. */
const FOLDER = join(import.meta.dirname, '../../../shared/data/queue_log');

export const areThere = existsSync(FOLDER);

export function pathOf(name: string): string {
  return join(FOLDER, name);
}

export function textOf(name: string): string {
  return readFileSync(pathOf(name), 'utf8');
}

const productionQueue = z.looseObject({
  offered: z.number(),
  answered: z.number(),
  abandoned: z.number(),
  timeout: z.number(),
  unresolved_waiting_at_eof: z.number(),
  answered_without_completion: z.number(),
  asa_s: z.number(),
  max_hold_s: z.number(),
  talk_total_s: z.number(),
  avg_talk_s: z.number(),
  avg_abandon_wait_s: z.number(),
  by_agent: z.record(z.string(), z.object({ answered: z.number(), talk_s: z.number() })),
});
export type ProductionQueue = z.output<typeof productionQueue>;

const production = z.object({
  first_ts: z.number(),
  last_ts: z.number(),
  lines: z.number(),
  events: z.record(z.string(), z.number()),
  queues: z.record(z.string(), productionQueue),
});

const realtimeQueue = z.object({
  offered: z.number(),
  answered: z.number(),
  abandoned: z.number(),
  timeout: z.number().default(0),
  asa_s: z.number().optional(),
  talk_s: z.array(z.number()).default([]),
  abandon_waits: z.array(z.number()),
  ring_no_answer: z.number().default(0),
  ring_canceled: z.number().default(0),
});

const wazo = z.array(
  z.object({
    id: z.number(),
    scenario: z.string(),
    expected: z.array(
      z.object({ step: z.string(), header: z.array(z.string()), rows: z.array(z.array(z.string())) }),
    ),
  }),
);
export type WazoTable = z.output<typeof wazo>[number]['expected'][number];

function expected(file: string): unknown {
  return JSON.parse(textOf(file));
}

export function productionFigures(name: string): z.output<typeof production> {
  return production.parse(z.record(z.string(), z.unknown()).parse(expected('expected.json'))[name]);
}

export function realtimeFigures(): Record<string, z.output<typeof realtimeQueue>> {
  const all = z.record(z.string(), z.unknown()).parse(expected('expected.json'));
  return z.object({ expected: z.record(z.string(), realtimeQueue) }).parse(all['asterisk_realtime_2023.txt'])
    .expected;
}

export function wazoScenario(id: number): z.output<typeof wazo>[number] {
  const found = wazo.parse(expected('wazo/expected.json')).find((scenario) => scenario.id === id);
  if (!found) throw new Error(`There is no Wazo scenario ${id}.`);
  return found;
}
