import { useEffect, useState } from 'react';
import type { SignInOptions } from '../../shared/contract/rest.ts';
import { ask } from './ask.ts';

/** How one can sign in here besides with a password; null until it is known, which nothing waits for. */
export function useSignInOptions(base: URL): SignInOptions | null {
  const [options, setOptions] = useState<SignInOptions | null>(null);
  useEffect(() => {
    let isGone = false;
    ask(base, 'GET', 'sessions/options')
      .then((response) => response.json())
      .then(({ data }: { data: SignInOptions }) => {
        if (!isGone) setOptions(data);
      })
      // Without an answer there is the form, which says what is wrong when it is used.
      .catch(() => {});
    return () => {
      isGone = true;
    };
  }, [base]);
  return options;
}
