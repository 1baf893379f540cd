import { useSyncExternalStore } from 'react';

/**
 * What the page's address asks for behind `#/`: `''` is the wall, `settings/queues` a part of the settings. While something
 * is not kept that whoever leaves would lose, the address is held: the page stays where it is, and asks.
 */

/** Where the page stands, and who says whether it may go where somebody wanted to; null: nobody holds it. */
let held: { address: string; onLeave(address: string): boolean } | null = null;
const listeners = new Set<() => void>();

export function useAddress(): string {
  return useSyncExternalStore(subscribe, () => held?.address ?? addressNow());
}

/**
 * Links, the history's buttons and whatever else changes the address come to `onLeave` first, which says whether the page
 * may go there. Answers what lets go of it.
 */
export function holdAddress(onLeave: (address: string) => boolean): () => void {
  const mine = { address: addressNow(), onLeave };
  held = mine;
  return () => {
    if (held === mine) held = null;
  };
}

/** One listener for all: whoever holds the address is asked before anybody reads it. */
function onHashChange(): void {
  if (held !== null && addressNow() !== held.address) {
    if (held.onLeave(addressNow())) held.address = addressNow();
    // It tells nobody of a change: what is shown stays.
    else history.pushState(null, '', `#/${held.address}`);
  }
  for (const listener of listeners) listener();
}

export function addressNow(): string {
  return location.hash.replace(/^#\/?/, '');
}

function subscribe(onChange: () => void): () => void {
  if (listeners.size === 0) addEventListener('hashchange', onHashChange);
  listeners.add(onChange);
  return () => {
    listeners.delete(onChange);
    if (listeners.size === 0) removeEventListener('hashchange', onHashChange);
  };
}
