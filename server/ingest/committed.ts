import { type Committed, logEvent } from '../../shared/contract/logEvent.ts';
import type { Appended } from './append.ts';

/** An item as `eventItem` writes it; what `append_events` puts into columns by these names. */
interface Item {
  kind: string;
  occurredAt: number;
  source: string;
  sourceKey: string;
  sourceOrder?: number;
  callId?: string;
  queue?: string;
  agent?: string;
  body: Record<string, unknown>;
}

/** The events that are in the log now, of the items given to it, as reading them there would give them; null where none is new. */
export function committedBy(items: readonly string[], { seqs, recordedAt }: Appended): Committed | null {
  const firstSeq = seqs.find((seq) => seq !== null);
  if (firstSeq === undefined || firstSeq === null || recordedAt === null) return null;
  return {
    firstSeq,
    events: () =>
      items.flatMap((text, index) => {
        const seq = seqs[index] ?? null;
        if (seq === null) return [];
        const item = JSON.parse(text) as Item; // Written by `eventItem`.
        // What the item says comes last: fields after a spread each cost V8 a shape of its own.
        return [
          logEvent({ seq, recordedAt, sourceOrder: 0, callId: null, queue: null, agent: null, ...item }),
        ];
      }),
  };
}
