import type { Issue } from '../../shared/contract/errors.ts';
import { type IngestEvent, ingestEvent } from '../../shared/contract/events.ts';
import { instantProblem } from './instants.ts';

export type Checked = { event: IngestEvent } | { issues: Issue[] };

/** Problems told of one event: a hostile one must not make an answer of a megabyte [L13]. */
const ISSUES_PER_EVENT = 10;

/** One event of a batch against the contract and the clock; every problem names the event's index and field. */
export function checkEvent(value: unknown, index: number, now: number): Checked {
  const parsed = ingestEvent.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, ISSUES_PER_EVENT).flatMap((issue) => {
      if (issue.code !== 'unrecognized_keys') return [problem(index, issue.path.join('.'), issue.message)];
      return issue.keys
        .slice(0, ISSUES_PER_EVENT)
        .map((key) => problem(index, key.slice(0, 128), 'is not a field of this kind'));
    });
    return { issues };
  }
  const late = instantProblem(parsed.data.occurredAt, now, 'live');
  return late === null ? { event: parsed.data } : { issues: [problem(index, 'occurredAt', late)] };
}

function problem(index: number, path: string, message: string): Issue {
  return { index, path: path === '' ? 'event' : path, message };
}
