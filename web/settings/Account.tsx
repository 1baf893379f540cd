import own from './Access.module.css';
import type { RestApi } from './api.ts';
import { Password } from './Password.tsx';
import { SignedIn } from './SignedIn.tsx';

/** What everybody decides for himself: his password, and where he is signed in. */
export function Account({ api, onSignedOut }: { api: RestApi; onSignedOut(): void }) {
  return (
    <div className={own.pair}>
      <SignedIn api={api} onSignedOut={onSignedOut} />
      <Password api={api} />
    </div>
  );
}
