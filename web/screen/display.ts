import type { ClaimedPairing, OpenedPairing, ScreenFace } from '../../shared/contract/screens.ts';
import { ask, Refused } from '../app/ask.ts';
import type { Keepsake } from './keepsake.ts';

/**
 * Whose screen this display is. What outlasts a power cut is its token, and what it showed last.
 *
 *   opening    asks for a code; asks again until the server answers
 *   pairing    shows the code, waits for somebody to enter it; takes another when it has expired
 *   paired     has a token, renewed once a day, until the server says that it is good for nothing: then opening
 */
export type DisplayState =
  | { name: 'opening'; isUnreachable: boolean }
  | { name: 'pairing'; code: string; isUnreachable: boolean }
  | { name: 'paired'; face: ScreenFace };

export interface Display {
  state(): DisplayState;
  subscribe(onChange: () => void): () => void;
  start(): void;
  /** Called with every new token. */
  onToken(onToken: (token: string) => void): void;
  /** What the server says it is to show. */
  show(face: ScreenFace): void;
  /** A token that holds for now; `afresh` when the last one was refused. Rejects when none can be had. */
  token(afresh: boolean): Promise<string>;
}

const RETRY_MS = 3_000;
/** The server answers a claim within fifteen seconds; a network that swallowed the question never does. */
const ANSWER_MS = 30_000;
const RENEW_AFTER_MS = 86_400_000;
const LOOK_MS = 3_600_000;

export function createDisplay(base: URL, keepsake: Keepsake): Display {
  const listeners = new Set<() => void>();
  const tokenListeners = new Set<(token: string) => void>();
  const kept = keepsake.read();
  let state: DisplayState = kept
    ? { name: 'paired', face: kept.face }
    : { name: 'opening', isUnreachable: false };
  let renewing: Promise<void> | null = null;

  const become = (next: DisplayState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const post = async <T>(path: string, options: { body?: object; token?: string }): Promise<T> => {
    const answer = await ask(base, 'POST', path, { ...options, signal: AbortSignal.timeout(ANSWER_MS) });
    return (await answer.json()).data;
  };
  const pause = (): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, RETRY_MS * (0.5 + Math.random())));

  const pair = async (): Promise<void> => {
    for (;;) {
      try {
        const { code, secret } = await post<OpenedPairing>('screens/pairings', {});
        become({ name: 'pairing', code, isUnreachable: false });
        if (await claim(code, secret)) return;
      } catch {
        become({ name: 'opening', isUnreachable: true });
        await pause();
      }
    }
  };

  /** Until it is paired: true; false when the code has expired. */
  const claim = async (code: string, secret: string): Promise<boolean> => {
    for (;;) {
      try {
        const claimed = await post<ClaimedPairing>('screens/pairings/claim', { body: { secret } });
        if (claimed.state === 'paired') {
          const { token, face } = claimed;
          keepsake.write({ token, face, renewedAt: Date.now() });
          become({ name: 'paired', face });
          return true;
        }
        become({ name: 'pairing', code, isUnreachable: false });
      } catch (error) {
        if (error instanceof Refused && error.code === 'not_found') return false;
        become({ name: 'pairing', code, isUnreachable: true });
        await pause();
      }
    }
  };

  /** Rejects where the server could not be asked. */
  const renew = (): Promise<void> => {
    renewing ??= exchange().finally(() => {
      renewing = null;
    });
    return renewing;
  };

  const exchange = async (): Promise<void> => {
    const old = keepsake.read();
    if (old === null) return;
    try {
      const { token } = await post<{ token: string }>('screens/renewal', { token: old.token });
      // Kept before it is used: the one before is good until then.
      keepsake.write({ ...old, token, renewedAt: Date.now() });
      for (const listener of tokenListeners) listener(token);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === 'conflict') return; // Given to another window, which has kept it.
      if (error.code !== 'unauthorized') throw error;
      // Unless another window has a newer one, this is nobody's screen any more.
      if (keepsake.read()?.token !== old.token) return;
      keepsake.forget();
      become({ name: 'opening', isUnreachable: false });
      void pair();
    }
  };

  const renewWhenDue = (): void => {
    const age = Date.now() - (keepsake.read()?.renewedAt ?? Date.now());
    // Below zero: the clock was wrong then, or is now.
    if (age > RENEW_AFTER_MS || age < 0) renew().catch(() => {}); // Asked again in an hour.
  };

  return {
    state: () => state,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    start() {
      if (state.name !== 'paired') void pair();
      renewWhenDue();
      setInterval(renewWhenDue, LOOK_MS);
    },
    onToken: (onToken) => void tokenListeners.add(onToken),
    show(face) {
      const before = keepsake.read();
      if (before === null) return;
      keepsake.write({ ...before, face });
      become({ name: 'paired', face });
    },
    async token(afresh) {
      if (afresh) await renew();
      const now = keepsake.read();
      if (now === null) throw new Error('There is no token.');
      return now.token;
    },
  };
}
