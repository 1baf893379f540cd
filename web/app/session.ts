import type { SetupRequest } from '../../shared/contract/platform.ts';
import type { Session } from '../../shared/contract/rest.ts';
import { ask, Refused } from './ask.ts';

/**
 * Who looks at this page. The access token lives in memory only; what outlasts a reload is the refresh cookie, which
 * no script can read.
 *
 *   unknown      just loaded: asking whether the cookie still holds; asks again until the server answers
 *   signedOut    a person has to sign in
 *   signedIn     renewed in time, for as long as the cookie holds
 */
export type SessionState =
  | { name: 'unknown'; isUnreachable: boolean }
  | { name: 'signedOut' }
  | { name: 'signedIn'; session: Session };

export interface Sessions {
  state(): SessionState;
  subscribe(onChange: () => void): () => void;
  /** Called with every new token but for the first of another tenant: a connection stays with one. */
  onToken(onToken: (token: string) => void): void;
  /** Finds out whether the cookie holds. */
  restore(): Promise<void>;
  /** Rejects with `Refused` where the server says no. */
  signIn(email: string, password: string): Promise<void>;
  /** Accepts an invitation, which signs in. Rejects as `signIn` does. */
  accept(invitation: { token: string; name?: string; password: string }): Promise<void>;
  /** Sets the installation up and is signed in to it; rejects likewise. */
  setUp(request: SetupRequest): Promise<void>;
  /** Leaves for another tenant of this account; rejects likewise. */
  switchTo(tenantId: string): Promise<void>;
  signOut(): Promise<void>;
  /** A token that holds for now, at once; null where one has to be asked for. */
  held(): string | null;
  /** A token that holds for now; `afresh` asks for another. Rejects when none can be had. */
  token(afresh: boolean): Promise<string>;
}

const RETRY_MS = 3_000;
const MARGIN_MS = 30_000;
/** Renewed after this share of its life, so that several failures fit before it ends. */
const RENEW_AT = 0.6;

export function createSessions(base: URL): Sessions {
  const listeners = new Set<() => void>();
  const tokenListeners = new Set<(token: string) => void>();
  let state: SessionState = { name: 'unknown', isUnreachable: false };
  /** By our own clock, which may differ from the server's: the life of a token is measured from its arrival. */
  let expiresAt = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let renewing: Promise<void> | null = null;

  const become = (next: SessionState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const renewIn = (ms: number): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void renew(), ms);
  };

  const take = (session: Session, serverNow: number): void => {
    const isElsewhere = state.name === 'signedIn' && state.session.tenant.id !== session.tenant.id;
    const lifeMs = Date.parse(session.expiresAt) - serverNow;
    expiresAt = Date.now() + lifeMs;
    renewIn(lifeMs * RENEW_AT * (0.9 + Math.random() * 0.2));
    become({ name: 'signedIn', session });
    if (isElsewhere) return;
    for (const listener of tokenListeners) listener(session.accessToken);
  };

  const leave = (): void => {
    if (timer) clearTimeout(timer);
    become({ name: 'signedOut' });
  };

  const start = async (path: string, body?: object): Promise<void> => {
    const response = await ask(base, 'POST', path, { body });
    const date = Date.parse(response.headers.get('date') ?? '');
    const { data }: { data: Session } = await response.json();
    take(data, Number.isFinite(date) ? date : Date.now());
  };

  const renew = (): Promise<void> => {
    renewing ??= start('sessions/refresh')
      .catch((error: unknown) => {
        if (error instanceof Refused && error.code === 'unauthorized') return leave();
        // Away or busy: the cookie may well hold.
        if (state.name === 'unknown') become({ name: 'unknown', isUnreachable: true });
        renewIn(RETRY_MS * (0.5 + Math.random()));
      })
      .finally(() => {
        renewing = null;
      });
    return renewing;
  };

  const held = (): string | null =>
    state.name === 'signedIn' && Date.now() <= expiresAt - MARGIN_MS ? state.session.accessToken : null;

  return {
    state: () => state,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    onToken: (onToken) => void tokenListeners.add(onToken),
    restore: renew,
    signIn: (email, password) => start('sessions', { email, password }),
    accept: (invitation) => start('invitations/acceptance', invitation),
    setUp: (request) => start('setup', request),
    switchTo: (tenantId) => start('sessions/switch', { tenantId }),
    async signOut() {
      await ask(base, 'DELETE', 'sessions/current');
      leave();
    },
    held,
    async token(afresh) {
      if (afresh || held() === null) await renew();
      if (state.name !== 'signedIn' || Date.now() > expiresAt) throw new Error('There is no token.');
      return state.session.accessToken;
    },
  };
}
