/** What happens when, in a simulated day: a binary heap of things to do by their instant, first come first at a tie. */
export interface Agenda {
  at(instant: number, run: (now: number) => void): void;
  /** Does the next things there are to do, and what they lead to, at most so many. Whether there is more. */
  run(most: number): boolean;
}

interface Entry {
  instant: number;
  order: number;
  run: (now: number) => void;
}

export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let order = 0;
  const isBefore = (a: Entry, b: Entry): boolean =>
    a.instant < b.instant || (a.instant === b.instant && a.order < b.order);

  const push = (entry: Entry): void => {
    let at = heap.length;
    heap.push(entry);
    for (let up = (at - 1) >> 1; at > 0; up = (at - 1) >> 1) {
      const parent = heap[up];
      if (!parent || !isBefore(entry, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
  };

  const pop = (): Entry | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      let smaller = left;
      if (right !== undefined && isBefore(right, left)) {
        smaller = right;
        child++;
      }
      if (!isBefore(smaller, last)) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = last;
    return first;
  };

  return {
    at: (instant, run) => push({ instant, order: order++, run }),
    run(most) {
      for (let done = 0; done < most; done++) {
        const next = pop();
        if (next === undefined) return false;
        next.run(next.instant);
      }
      return heap.length > 0;
    },
  };
}
