/**
 * Counts within a second: the place of a line among those of its second, and its ordinal among identical ones.
 *
 * The place is the event's `sourceOrder` [L15]: a queue_log knows whole seconds, so only the order in the file tells
 * which line of a second came first. Line numbers would say the same within one file, but a second cut by a log
 * rotation would begin anew at line 1 and sort before its own first half; a place within the second does not
 * depend on where a file begins, so a follower that carries the window across files, and a re-read, agree.
 *
 * The ordinal keeps honest repeats (a second OUTDIAL in one second) apart [L2]. Counts of a second are forgotten
 * once lines are more than {@link REACH_SECONDS} away from it, so a stretch of log that was copied twice into a
 * file gets the keys of the first copy and is stored once.
 *
 * A reader that starts at `start()` with an empty window gives every later line the same counts as one that read
 * everything: this is where a follower resumes. Holds: whatever is kept was counted at or after `start()`, and
 * nothing at or after it has been forgotten because of a jump.
 */
const REACH_SECONDS = 2;

/** Distinct lines counted in one second: no telephone system writes so many; a garbage file must not fill memory [L13]. */
const DISTINCT_LIMIT = 20_000;

interface Second<Mark> {
  place: number;
  seen: Map<string, number>;
  start: Mark;
}

/** `Mark` is where a line begins, in the reader's own terms: a line number, or a file and an offset. */
export interface SecondsWindow<Mark> {
  /** Call once a line, in the order of the file. `content` is what makes two lines identical. */
  count(at: number, content: string, mark: Mark): { place: number; ordinal: number };
  /** Where the oldest second still counted begins; null when nothing is counted. */
  start(): Mark | null;
}

export function createSecondsWindow<Mark>(): SecondsWindow<Mark> {
  const seconds = new Map<number, Second<Mark>>();
  let newest = Number.NEGATIVE_INFINITY;

  function secondOf(second: number, mark: Mark): Second<Mark> {
    if (second < newest - REACH_SECONDS) {
      seconds.clear();
      newest = second;
    } else if (second > newest) {
      newest = second;
      for (const kept of seconds.keys()) if (kept < newest - REACH_SECONDS) seconds.delete(kept);
    }
    let entry = seconds.get(second);
    if (entry === undefined) {
      entry = { place: 0, seen: new Map(), start: mark };
      seconds.set(second, entry);
    }
    return entry;
  }

  return {
    count(at, content, mark) {
      const second = secondOf(Math.floor(at / 1_000), mark);
      const ordinal = second.seen.get(content) ?? 0;
      if (second.seen.size >= DISTINCT_LIMIT) second.seen.clear();
      second.seen.set(content, ordinal + 1);
      return { place: second.place++, ordinal };
    },
    start() {
      // Insertion order is the order of first lines, so the first entry began earliest.
      for (const second of seconds.values()) return second.start;
      return null;
    },
  };
}
