import { expect } from 'vitest';
import { type CallsBehind, type ExplainAnswer, explainAnswer } from '../../../shared/contract/explain.ts';
import { filledAddress } from '../../../shared/explain/address.ts';
import type { Bearer } from '../../testing.ts';
import type { History } from '../testing.ts';

/** Tests only: follows what an answer links to, and the lists those explanations link to. */
export function createExplaining(history: History) {
  /** Lengths of lists walked already, by who walked them. */
  const walked = new Map<string, number>();

  /** What a template leads to, its blanks filled from a row. */
  async function explained(
    template: string,
    metric: string,
    row: object = {},
    who?: Bearer,
  ): Promise<ExplainAnswer> {
    const address = filledAddress(template, metric, row);
    const answer = await history.get(address, who);
    expect(answer.statusCode, `${address} ${answer.body}`).toBe(200);
    return explainAnswer.parse(answer.json());
  }

  async function lengthOf(href: string, who?: Bearer): Promise<number> {
    const name = `${who ? 'held ' : ''}${href}`;
    const known = walked.get(name);
    if (known !== undefined) return known;
    let length = 0;
    for (let cursor: string | null = ''; cursor !== null; ) {
      const address: string = `${href}&limit=500${cursor && `&cursor=${cursor}`}`;
      const answer = await history.get(address, who);
      expect(answer.statusCode, `${address} ${answer.body}`).toBe(200);
      length += answer.json().data.length;
      cursor = answer.json().meta.nextCursor;
    }
    walked.set(name, length);
    return length;
  }

  async function expectLists(answer: ExplainAnswer, who?: Bearer): Promise<void> {
    for (const { href, count } of listsOf(answer)) expect(await lengthOf(href, who), href).toBe(count);
  }

  /** Each metric of a row by what explains it. */
  async function expectExplained(template: string, row: object, metrics: readonly string[], who?: Bearer) {
    for (const metric of metrics) {
      const answer = await explained(template, metric, row, who);
      expect(answer.data.value, `${metric} ${template}`).toBe(Reflect.get(row, metric));
      const { lowSample } = row as { lowSample: string[] }; // Every row has it.
      expect(answer.data.sample?.isLow ?? false, metric).toBe(lowSample.includes(metric));
      await expectLists(answer, who);
    }
  }
  return { explained, expectLists, expectExplained };
}

function* listsOf({ data }: ExplainAnswer): Iterable<CallsBehind> {
  const all = [data, ...data.variants].flatMap(({ calls }) => [calls.numerator, calls.denominator]);
  for (const calls of [...all, ...[...data.parts, ...data.excluded].map(({ calls }) => calls)])
    if (calls !== null) yield calls;
}
