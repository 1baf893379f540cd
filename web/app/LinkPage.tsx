import { ForgottenPassword } from './ForgottenPassword.tsx';
import { InvitationPage } from './InvitationPage.tsx';
import { NewPassword } from './NewPassword.tsx';
import type { Sessions } from './session.ts';

interface LinkPageProps {
  base: URL;
  /** `invitation/<token>`, `password/<token>`, or `password` alone for whoever has forgotten his. */
  address: string;
  accept: Sessions['accept'];
}

/** Where links lead, whoever is signed in here: the link says whom it is for. */
export function LinkPage({ base, address, accept }: LinkPageProps) {
  const [page, token = ''] = address.split('/');
  if (page === 'invitation') return <InvitationPage base={base} token={token} accept={accept} />;
  if (token === '') return <ForgottenPassword base={base} />;
  return <NewPassword base={base} token={token} />;
}
