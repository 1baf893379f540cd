/**
 * What `make` makes of each item, made each time it is read: a row of an answer that is written at once and let go of dies young,
 * where thousands that wait for each other are moved by every collection.
 */
export function lazily<Item, Made>(
  items: readonly Item[],
  make: (item: Item, place: number) => Made,
): Iterable<Made> {
  return {
    *[Symbol.iterator]() {
      for (let place = 0; place < items.length; place++) yield make(items[place] as Item, place); // One of them.
    },
  };
}
