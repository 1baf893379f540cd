import { useSyncExternalStore } from 'react';

/**
 * What the page's address asks for behind `#/`: `''` is the wall, `settings/queues` a part of the settings. While something
 * is not kept that whoever leaves would lose, the address is held: the page stays where it is, and asks.
 */

/** Where the page stands, and who is told where somebody wanted to go; null: nobody holds it. */
let held: { address: string; onLeave(address: string): boolean } | null = null;

export function useAddress(): string {
  return useSyncExternalStore(subscribe, () => held?.address ?? current());
}

/**
 * Links, the history's buttons and whatever else changes the address come to `onLeave` first, which says whether the page
 * may go there. Answers what lets go of it.
 */
export function holdAddress(onLeave: (address: string) => boolean): () => void {
  const mine = { address: current(), onLeave };
  held = mine;
  const onChange = (): void => {
    if (held !== mine || current() === mine.address) return;
    if (onLeave(current())) mine.address = current();
    // It tells nobody of a change: what is shown stays.
    else history.pushState(null, '', `#/${mine.address}`);
  };
  // Before anybody reads the new address.
  addEventListener('hashchange', onChange, { capture: true });
  return () => {
    removeEventListener('hashchange', onChange, { capture: true });
    if (held === mine) held = null;
  };
}

function current(): string {
  return location.hash.replace(/^#\/?/, '');
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
