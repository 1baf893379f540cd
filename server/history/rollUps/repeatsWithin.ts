import type { ContactRepeatEntry, Sectors } from '../../../shared/metrics/contacts.ts';
import { packWaits } from '../../../shared/metrics/packedWaits.ts';
import type { RepeatEntry } from '../../../shared/metrics/repeats.ts';

/**
 * What a queue's row says of calls that had been in queues before, added up for the two questions that are asked of every queue
 * at once: had it been in this one, had it been in any of its sector [T5]. The lists themselves answer for any queues, and are long.
 */
export interface RepeatsWithin {
  repeatsInQueue: number;
  repeatsInSector: number;
  /** By the day within which the caller called again, packed like waits. */
  contactRepeatsInQueue: Uint8Array;
  contactRepeatsInSector: Uint8Array;
}

const NOTHING: RepeatsWithin = {
  repeatsInQueue: 0,
  repeatsInSector: 0,
  contactRepeatsInQueue: new Uint8Array(),
  contactRepeatsInSector: new Uint8Array(),
};

/** Of the row of queue `queueId`; in that of all queues, '', nothing is told apart. */
export function repeatsWithin(
  queueId: string,
  {
    repeats,
    contactRepeats,
  }: { repeats: readonly RepeatEntry[]; contactRepeats: readonly ContactRepeatEntry[] },
  sectors: Sectors,
): RepeatsWithin {
  if (queueId === '') return NOTHING;
  const isOwn = (id: string) => id === queueId;
  const sector = sectors.get(queueId);
  const isOfSector = (id: string) => sector !== undefined && sectors.get(id) === sector;
  return {
    repeatsInQueue: sumOf(repeats, isOwn),
    repeatsInSector: sumOf(repeats, isOfSector),
    contactRepeatsInQueue: daysOf(contactRepeats, isOwn),
    contactRepeatsInSector: daysOf(contactRepeats, isOfSector),
  };
}

function sumOf(repeats: readonly RepeatEntry[], isMeant: (id: string) => boolean): number {
  let sum = 0;
  for (const [queues, visits] of repeats) if (queues.some(isMeant)) sum += visits;
  return sum;
}

function daysOf(repeats: readonly ContactRepeatEntry[], isMeant: (id: string) => boolean): Uint8Array {
  const days = new Map<number, number>();
  for (const [queues, day, calls] of repeats)
    if (queues.some(isMeant)) days.set(day, (days.get(day) ?? 0) + calls);
  return packWaits(days);
}
