import { DURATION_LIMIT_MS } from '../../../shared/contract/events.ts';
import { ID_LIMIT, isPrintable } from '../../../shared/contract/ids.ts';
import { type Fault, milliseconds, type QueueLogLine } from './line.ts';

const NUMBER = /^(-?)(\d{1,12})(?:\.(\d+))?$/;

/** Reads the data fields of one line by place, and remembers what was wrong with them. */
export interface Fields {
  readonly count: number;
  /** Absent, with a warning, where nobody could read it: a caller's broken name must not cost the call. */
  text(index: number, name: string): string | undefined;
  /** Milliseconds of a duration in seconds [T3]. */
  seconds(index: number, name: string): number | undefined;
  /** Milliseconds of a duration in milliseconds: rings are the one such. */
  milliseconds(index: number, name: string): number | undefined;
  position(index: number): number | undefined;
  fault(): Fault | null;
  warnings(): string[];
}

/**
 * An empty field is absent. Text where a number belongs is a malformed line. A number no call can have (negative,
 * longer than a week: clocks set during a call) is left out with a warning, since losing an answer would
 * be worse than measuring it by its instants.
 */
export function readFields(line: QueueLogLine): Fields {
  let fault: Fault | null = null;
  const warnings: string[] = [];

  function number(index: number, name: string, unitMs: number): number | undefined {
    const text = line.data[index];
    if (text === undefined || text === '') return undefined;
    const match = NUMBER.exec(text);
    if (match === null) {
      fault ??= {
        field: name,
        message: `data${index + 1} of ${line.event} must be a number, not ${quote(text)}`,
      };
      return undefined;
    }
    const whole = Number(match[2]) * unitMs + (unitMs === 1_000 ? milliseconds(match[3]) : 0);
    if (match[1] === '-' || whole > DURATION_LIMIT_MS) {
      warnings.push(`${name} of ${line.event} is impossible (${text}) and was left out`);
      return undefined;
    }
    return whole;
  }

  return {
    count: line.data.length,
    text(index, name) {
      const text = line.data[index] || undefined;
      if (text === undefined || (text.length <= ID_LIMIT && isPrintable(text))) return text;
      warnings.push(`${name} of ${line.event} cannot be kept as text and was left out`);
      return undefined;
    },
    seconds: (index, name) => number(index, name, 1_000),
    milliseconds: (index, name) => number(index, name, 1),
    position(index) {
      const text = line.data[index] ?? '';
      return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
    },
    fault: () => fault,
    warnings: () => warnings,
  };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
