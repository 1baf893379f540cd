import { useSyncExternalStore } from 'react';

/** What the page's address asks for behind `#/`: `''` is the wall, `settings/queues` a part of the settings. */
export function useAddress(): string {
  return useSyncExternalStore(subscribe, addressNow);
}

export function addressNow(): string {
  return location.hash.replace(/^#\/?/, '');
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
