import type { ScoreChange, ScoreDetail } from '../../shared/contract/qualityScores.ts';
import { Refused } from '../app/ask.ts';

/**
 * Keeps a draft with the server as it is written.
 *
 *   saved      the server has all of it
 *   waiting    something was written, and is sent in a moment
 *   saving     it is on its way; what is written meanwhile goes next
 *   failed     no answer, or a refusal: it is tried again with the next word, and every few seconds where nobody answered
 *   conflict   it was changed elsewhere: nothing is sent until somebody has chosen
 */
export interface Saving {
  name: 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';
  /** Why it failed, in the server's words; empty where it did not answer. */
  reason: string;
  /** Of a conflict: what there is. */
  current: ScoreDetail | null;
}

type Content = Omit<ScoreChange, 'version'>;

const PAUSE_MS = 700;
const AGAIN_MS = 4_000;
/** Once closed. */
const LAST_TRIES = 15;
export const SAVED: Saving = { name: 'saved', reason: '', current: null };

export interface Saver {
  state(): Saving;
  subscribe(onChange: () => void): () => void;
  write(content: Content): void;
  /** Everything that was written; the version it has then, null where it could not be had. */
  flush(): Promise<number | null>;
  /** After a conflict: what is here is sent over that version. */
  overwrite(version: number): void;
  /** After a conflict: what is there is taken. */
  yield(version: number): void;
  /** The last that was sent was not taken: what is written may not be kept by waiting. */
  isStuck(): boolean;
  /** What is not sent yet is forgotten. */
  drop(): void;
  /** Nobody writes here any more: sends what is left, and gives it up where nobody answers for a minute. */
  close(): Promise<number | null>;
}

export function createSaver(
  version: number,
  send: (change: ScoreChange) => Promise<ScoreDetail>,
  pauseMs = PAUSE_MS,
): Saver {
  const listeners = new Set<() => void>();
  let known = version;
  let state = SAVED;
  let unsent: Content | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let isStuck = false;
  let drops = 0;
  let triesLeft = Number.POSITIVE_INFINITY;

  const become = (name: Saving['name'], reason = '', current: ScoreDetail | null = null): void => {
    state = { name, reason, current };
    if (name === 'failed' || name === 'conflict') isStuck = true;
    if (name === 'saved') isStuck = false;
    for (const listener of listeners) listener();
  };
  const later = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  };

  const run = async (): Promise<void> => {
    while (unsent !== null) {
      const content = unsent;
      const dropsBefore = drops;
      unsent = null;
      become('saving');
      try {
        ({ version: known } = await send({ version: known, ...content }));
      } catch (error) {
        // Nobody waits for what was dropped on its way.
        if (drops !== dropsBefore) continue;
        // What was written meanwhile holds all of it.
        unsent ??= content;
        if (error instanceof Refused && error.code === 'conflict' && error.current)
          // As the address answers: docs/quality.md.
          return become('conflict', '', error.current as ScoreDetail);
        become('failed', error instanceof Refused ? (error.issues[0]?.message ?? error.message) : '');
        if (!(error instanceof Refused) && triesLeft-- > 0) later(AGAIN_MS);
        return;
      }
    }
    become('saved');
  };

  async function flush(): Promise<number | null> {
    clearTimeout(timer);
    if (state.name === 'conflict') return null;
    if (unsent !== null || running !== null) {
      running ??= run().finally(() => {
        running = null;
      });
      await running;
    }
    return state.name === 'saved' ? known : null;
  }

  return {
    state: () => state,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    write(content) {
      unsent = content;
      triesLeft = Number.POSITIVE_INFINITY;
      if (state.name === 'conflict') return;
      if (state.name !== 'saving') become('waiting');
      later(pauseMs);
    },
    flush,
    overwrite(version) {
      known = version;
      become('waiting');
      void flush();
    },
    yield(version) {
      known = version;
      unsent = null;
      become('saved');
    },
    isStuck: () => isStuck,
    drop() {
      clearTimeout(timer);
      drops += 1;
      unsent = null;
      become('saved');
    },
    close() {
      triesLeft = LAST_TRIES;
      return flush();
    },
  };
}
