import type { Window } from '../../shared/contract/metrics.ts';
import type { LiveKind } from '../../shared/contract/protocol.ts';
import type { Sectors } from '../../shared/live/sectors.ts';
import type { Sight } from '../access/principal.ts';
import type { LiveView } from './engine.ts';
import {
  type CanonicalScope,
  type LiveKey,
  type LiveValue,
  type Measure,
  spaceOf,
  spacesOf,
} from './keys.ts';
import type { PseudonymOf } from './pseudonyms.ts';
import { createProjection, type Projection } from './sight.ts';
import type { Change, LastSent, Stream } from './streams.ts';

/**
 * What one sight shows of a tenant: what was last sent to those who have it, by key, and their streams [L8]. In a flush
 *
 *   begin   with the settings of now
 *   look    at each key that may have changed: what of it is in sight, compared with what was last sent
 *   take    what differs, in one go with its publishing, so that nobody sees a patch without its snapshot
 *
 * The whole sight is a picture like any other, with a projection that gives every value as it is. What has left a
 * sight, by an event or by settings, differs from what was sent by being nothing, and is removed.
 */
export interface Picture {
  /** By the name of their scope. */
  readonly streams: ReadonlyMap<string, Stream>;
  add(stream: Stream): void;
  /** Forgets with it what nobody else asks for. */
  remove(stream: Stream): void;
  /** Whether there is a snapshot for it. */
  covers(scope: CanonicalScope): boolean;
  /** The kinds and windows that its streams ask for and that it begins to show, or all; it covers them from now on. */
  widen(all: boolean): [LiveKind, Window | null][];
  /** Everything last sent to anybody, by measured key. */
  readonly sent: ReadonlyMap<string, LastSent>;
  begin(view: LiveView): void;
  look(key: LiveKey, read: Read): void;
  take(): readonly Change[];
}

/** A value and its JSON, each made once, however many pictures show it. */
export interface Reading {
  told: LiveValue;
  json(): string;
}

export type Read = (key: LiveKey, sectors: Sectors) => Reading | null;

/** Measures a key once for all who ask for it one after the other, but what is summed anew for each set of sectors. */
export function reader(measure: Measure): Read {
  let last: { key: LiveKey; reading: Reading | null } | null = null;
  return (key, sectors) => {
    if (sectors !== null && (key.kind === 'tenant' || key.kind === 'trend'))
      return readingOf(measure(key, sectors));
    if (last?.key !== key) last = { key, reading: readingOf(measure(key, null)) };
    return last.reading;
  };
}

function readingOf(told: LiveValue | null): Reading | null {
  if (told === null) return null;
  let json: string | null = null;
  return {
    told,
    json() {
      json ??= JSON.stringify(told.value);
      return json;
    },
  };
}

export function createPicture(sight: Sight, pseudonymOf: PseudonymOf): Picture {
  const streams = new Map<string, Stream>();
  const sent = new Map<string, LastSent>();
  /** Kinds and windows that `sent` covers. */
  const covered = new Set<string>();
  let projection: Projection | null = null;
  let changed: Change[] = [];

  const asked = (): Iterable<[LiveKind, Window | null]> =>
    spacesOf([...streams.values()].map(({ scope }) => scope));

  return {
    streams,
    sent,
    add: (stream) => void streams.set(stream.scope.name, stream),
    remove(stream) {
      streams.delete(stream.scope.name);
      const wanted = new Set([...asked()].map(([kind, window]) => spaceOf(kind, window)));
      for (const space of covered) if (!wanted.has(space)) covered.delete(space);
      for (const [text, { key }] of sent) if (!wanted.has(key.space)) sent.delete(text);
    },
    covers: (scope) => [...spacesOf([scope])].every(([kind, window]) => covered.has(spaceOf(kind, window))),
    widen(all) {
      const spaces = [...asked()].filter(([kind, window]) => all || !covered.has(spaceOf(kind, window)));
      for (const [kind, window] of spaces) covered.add(spaceOf(kind, window));
      return spaces;
    },
    begin(view) {
      projection = createProjection(sight, view, pseudonymOf);
      changed = [];
    },
    look(key, read) {
      if (!projection || !covered.has(key.space)) return;
      const reading = read(key, sight.sectors);
      const value = reading && projection.show(reading.told);
      // What is shown as it is shares its JSON with whoever else shows it.
      const json = value && (value === reading.told.value ? reading.json() : JSON.stringify(value));
      if (json !== (sent.get(key.text)?.json ?? null)) {
        changed.push({ key, name: projection.nameOf(key), json });
      }
    },
    take() {
      // Whoever left meanwhile has taken along what only they asked for.
      const kept = changed.filter(({ key }) => covered.has(key.space));
      // In the order of what is shown: that of the ids behind it would tell something of them [S81].
      if (sight.audience !== 'supervisor') kept.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const { key, name, json } of kept) {
        if (json === null) sent.delete(key.text);
        else sent.set(key.text, { key, name, json });
      }
      changed = [];
      return kept;
    },
  };
}
