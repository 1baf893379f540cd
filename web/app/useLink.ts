import { useCallback, useEffect, useState } from 'react';
import { ask, Refused } from './ask.ts';

/**
 * What a link is to.
 *
 *   loading       asking
 *   found         it is still good
 *   ended         used, revoked, expired, or never made
 *   unreachable   nobody knows
 */
export type Link<T> = { name: 'loading' | 'ended' | 'unreachable' } | { name: 'found'; value: T };

/** Asks with the token in the body: an address is written into logs on its way. */
export function useLink<T>(base: URL, path: string, token: string): { link: Link<T>; again(): void } {
  const [link, setLink] = useState<Link<T>>({ name: 'loading' });
  const load = useCallback(async () => {
    setLink({ name: 'loading' });
    try {
      const response = await ask(base, 'POST', path, { body: { token } });
      setLink({ name: 'found', value: (await response.json()).data });
    } catch (error) {
      const isEnded = error instanceof Refused && error.code === 'not_found';
      setLink({ name: isEnded ? 'ended' : 'unreachable' });
    }
  }, [base, path, token]);
  useEffect(() => void load(), [load]);
  return { link, again: () => void load() };
}
