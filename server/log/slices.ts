import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longer than this on the event loop at a stretch and heartbeats, sockets and requests begin to wait for us. */
const SLICE_MS = 8;
/** Reading the clock costs as much as folding an event: look at it once in this many items. */
const ITEMS_PER_LOOK = 16;

/** Works through `items` in order, giving the event loop a turn every few milliseconds. Stops early once `isOver`. */
export async function inSlices<T>(
  items: Iterable<T>,
  work: (item: T) => void,
  options: { itemsPerLook?: number; isOver?: () => boolean } = {},
): Promise<void> {
  const perLook = options.itemsPerLook ?? ITEMS_PER_LOOK;
  let since = performance.now();
  let done = 0;
  for (const item of items) {
    work(item);
    if (++done % perLook !== 0 || performance.now() - since < SLICE_MS) continue;
    await nextTurn();
    if (options.isOver?.()) return;
    since = performance.now();
  }
}

/** Runs a computation that pauses between its steps, giving the event loop a turn every few milliseconds. */
export async function runInSlices<T>(steps: Generator<void, T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await nextTurn();
    since = performance.now();
  }
}
