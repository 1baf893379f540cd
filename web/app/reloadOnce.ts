const KEY = 'callboard.reloadedAt';
/** A server that stays newer than its own page, behind a stale cache, must not make the screen blink for ever. */
const PAUSE_MS = 300_000;

/** Loads the page anew because the server speaks another version; not again within five minutes. */
export function reloadOnce(): void {
  try {
    if (Date.now() - Number(sessionStorage.getItem(KEY)) < PAUSE_MS) return;
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    return; // Storage is forbidden: nothing would remember that it was done.
  }
  location.reload();
}
