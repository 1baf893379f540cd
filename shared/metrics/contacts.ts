import { FIRST_CONTACT_DAYS_LIMIT, type LiveSettings, UNASSIGNED_SECTOR } from '../contract/settings.ts';
import { together, type Waits } from './histogram.ts';
import { repeatKey } from './repeats.ts';
import { ratio } from './serviceLevel.ts';

/**
 * First contacts [H4] as roll-ups keep them: answered calls with a caller id, by the day (24 hours from when they entered)
 * within which the same caller called the same sector again. So any number of days is a sum, and exact. Callbacks are calls
 * of ours and count on neither side.
 */
export interface Contacts {
  /** Calls by that day, from 1; under {@link NEVER_AGAIN} those without such a call. */
  days: Map<number, number>;
  /**
   * Those among them that had been answered before on the same local day: by those queues and the day, `[queues, day]` as
   * JSON. A total counts a call once, where it was first answered in any of its queues [T5].
   */
  repeats: Map<string, number>;
}

/** As it is kept: each queues and day once. */
export type ContactRepeatEntry = [queues: string[], day: number, calls: number];

/** The same to be read and no more, as rows keep it; both may name a day several times. */
export interface ContactsRead {
  days: Waits;
  repeats: readonly ContactRepeatEntry[];
}

export const NEVER_AGAIN = FIRST_CONTACT_DAYS_LIMIT + 1;

export function emptyContacts(): Contacts {
  return { days: new Map(), repeats: new Map() };
}

/** Adds calls answered before in `queues`, none perhaps, whose callers called again within `day` days. */
export function addContact(into: Contacts, queues: readonly string[], day: number, calls: number): void {
  add(into.days, day, calls);
  if (queues.length > 0) add(into.repeats, `[${repeatKey(queues)},${day}]`, calls);
}

export function addContacts(into: Contacts, from: Contacts): void {
  for (const [day, calls] of from.days) add(into.days, day, calls);
  for (const [key, calls] of from.repeats) add(into.repeats, key, calls);
}

/** Added up. */
export function mergedContacts(all: readonly ContactsRead[]): ContactsRead {
  // As with visits: a step of a trend mostly is one row.
  if (all.length === 1 && all[0]) return all[0];
  return { days: together(all.map(({ days }) => days)), repeats: all.flatMap(({ repeats }) => repeats) };
}

export function contactRepeatEntries({ repeats }: Contacts): ContactRepeatEntry[] {
  return [...repeats].sort().map(([key, calls]) => [...parsed(key), calls]);
}

export function contactsOf(days: Map<number, number>, entries: Iterable<ContactRepeatEntry>): Contacts {
  const contacts: Contacts = { days, repeats: new Map() };
  for (const [queues, day, calls] of entries) add(contacts.repeats, `[${repeatKey(queues)},${day}]`, calls);
  return contacts;
}

/** Of all queues: whatever a call had been answered in before, it was one of them. */
export function totalContacts({ days, repeats }: Contacts): Contacts {
  const total: Contacts = { days: new Map(days), repeats: new Map() };
  for (const [key, calls] of repeats) add(total.days, parsed(key)[1], -calls);
  return total;
}

/** How many calls there were, and whose callers did not call again within `days` days. `queues` null: of all there are. */
export function firstContacts(
  { days: all, repeats }: ContactsRead,
  queues: ReadonlySet<string> | null,
  days: number,
): { calls: number; resolved: number } {
  let calls = 0;
  let resolved = 0;
  const count = (day: number, by: number) => {
    calls += by;
    if (day > days) resolved += by;
  };
  all.forEach((by, day) => {
    count(day, by);
  });
  for (const [earlier, day, by] of repeats) {
    if (queues === null || earlier.some((id) => queues.has(id))) count(day, -by);
  }
  return { calls, resolved };
}

/** First-contact resolution [H4] and what it is made of; `first` null while that is being counted again. */
export function firstContactMetrics(
  first: { calls: number; resolved: number } | null,
  { firstContactDays, minimumSample }: Pick<LiveSettings, 'firstContactDays' | 'minimumSample'>,
) {
  return {
    firstContactResolution: first && ratio(first.resolved, first.calls),
    firstContactResolved: first?.resolved ?? null,
    firstContactCalls: first?.calls ?? null,
    firstContactDays,
    isSmall: first !== null && first.calls > 0 && first.calls < minimumSample,
  };
}

/** Of every queue there is the sector it is in. */
export type Sectors = ReadonlyMap<string, string>;

/** Equal where every queue is in the same sector: those that somebody has put into one. A new queue changes nothing. */
export function fingerprintOf(sectors: Sectors): string {
  const assigned = [...sectors].filter(([, sectorId]) => sectorId !== UNASSIGNED_SECTOR);
  return JSON.stringify(assigned.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same of settings. */
export function sectorsFingerprint({ queues }: Pick<LiveSettings, 'queues'>): string {
  return fingerprintOf(new Map([...queues].map(([id, { sectorId }]) => [id, sectorId])));
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  const sum = (counts.get(key) ?? 0) + by;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

function parsed(key: string): [queues: string[], day: number] {
  return JSON.parse(key) as [string[], number]; // Written by `addContact` or `contactsOf`.
}
