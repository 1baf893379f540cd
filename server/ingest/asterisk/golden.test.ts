import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './lines.ts';
import { createAsteriskReader, type LineResult } from './reader.ts';

const logs = resolve('../shared/data/queue_log');
const isPresent = existsSync(logs);
if (!isPresent) console.warn(`skipped: the real queue logs are not at ${logs}`);

function read(file: string): LineResult[] {
  const reader = createAsteriskReader<number>({
    source: 'asterisk',
    timeZone: 'UTC',
    secret: new Uint8Array(32),
    now: () => Date.now(),
  });
  const splitter = createLineSplitter();
  const lines = splitter.push(readFileSync(resolve(logs, file)));
  const last = splitter.end();
  return [...lines, ...(last === null ? [] : [last])].map((line) =>
    reader.line(line.text, line.offset, line.isEnded),
  );
}

/** Counts by kind, with what distinguishes it: outcome, reason, state. */
function tally(results: LineResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event } of results) {
    if (event === null) continue;
    const detail = 'outcome' in event ? event.outcome : 'reason' in event ? event.reason : undefined;
    const key = detail === undefined ? event.kind : `${event.kind} ${detail}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describe.skipIf(!isPresent)('real queue logs', () => {
  it('pbxware_2018: every line becomes the event its figures are computed from', () => {
    const results = read('pbxware_2018.log');
    const counts = tally(results);
    expect(results).toHaveLength(1_000);
    expect(results.filter((result) => result.fault !== null)).toEqual([]);
    expect(counts).toMatchObject({
      'call.queued': 108,
      'call.answered': 93,
      'call.ended': 89,
      'call.transferred': 2,
      'call.left abandoned': 12,
      'call.left timed_out': 1,
      'call.dialed': 128,
      'call.outbound connected': 77,
      'call.outbound not_connected': 51,
      'source.restarted': 7,
      'source.note': 1,
      'agent.joined': 26,
      'agent.left': 10,
      'agent.signed_in': 14,
      'agent.signed_out': 10,
    });
    const missed = Object.entries(counts).filter(([key]) => key.startsWith('call.missed'));
    expect(missed.reduce((sum, [, count]) => sum + count, 0)).toBe(360);
    // Logged hold = CONNECT − ENTERQUEUE in all 93 answered calls: no wait warning.
    expect(results.flatMap((result) => result.warnings)).toEqual([]);
    const keys = results.flatMap((result) => result.event?.sourceKey ?? []);
    expect(new Set(keys).size).toBe(1_000 - 11);
  });

  it('asterisk16_2010: reads the older forms, and its last line without a newline', () => {
    const results = read('asterisk16_2010.log');
    expect(results).toHaveLength(278);
    const counts = tally(results);
    expect(results.filter((result) => result.fault !== null)).toEqual([]);
    expect(counts).toMatchObject({
      'call.queued': 21,
      'call.answered': 8,
      'call.ended': 7,
      'call.left abandoned': 12,
    });
    expect((counts['call.missed unreachable'] ?? 0) + (counts['call.missed no_answer'] ?? 0)).toBe(221);
  });

  it('asterisk_realtime_2023: reads the table form', () => {
    const results = read('asterisk_realtime_2023.txt');
    expect(results.filter((result) => result.fault !== null)).toEqual([]);
    expect(tally(results)).toEqual({
      'source.restarted': 2,
      'call.queued': 8,
      'call.answered': 2,
      'call.ended': 2,
      'call.left abandoned': 5,
      'call.left timed_out': 1,
      'call.missed no_answer': 2,
      'call.missed canceled': 1,
    });
  });

  it.each([
    ['01', 7],
    ['02', 11],
    ['05', 6],
    ['07', 24],
    ['12', 18],
    ['13', 3],
    ['23', 12],
  ])('wazo/%s: no line is refused', (scenario) => {
    const results = read(`wazo/${scenario}.log`);
    expect(results.filter((result) => result.fault !== null || result.event === null)).toEqual([]);
  });
});
