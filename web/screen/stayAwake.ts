/**
 * Keeps the display on, where the browser lets a page do that (over HTTPS, or on the machine itself); elsewhere it is
 * up to the display's own settings. The lock ends whenever the page is hidden.
 */
export function stayAwake(): void {
  const lock = (): void => {
    if (document.visibilityState !== 'visible') return;
    // Older browsers do not have it, whatever the types say; a battery that is low refuses it.
    const wakeLock: WakeLock | undefined = navigator.wakeLock;
    wakeLock?.request('screen').catch(() => {});
  };
  lock();
  document.addEventListener('visibilitychange', lock);
}
