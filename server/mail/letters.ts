import type { Role } from '../../shared/contract/permissions.ts';
import { type Letter, letterOf } from './letter.ts';

/** What Callboard writes to people. */

export function invitationLetter(of: {
  tenant: string;
  /** Whoever invites, by e-mail. */
  by: string;
  name: string;
  role: Role;
  url: string;
  days: number;
}): Letter {
  const { tenant, by, name, role, url, days } = of;
  const article = role === 'admin' ? 'an' : 'a';
  return letterOf({
    subject: `${tenant}: your invitation to Callboard`,
    before: [
      `Hello ${name},`,
      `${by} has invited you to the wallboard of ${tenant}, as ${article} ${role === 'admin' ? 'administrator' : role}.`,
    ],
    link: { label: 'Accept the invitation', url },
    after: [
      `The link works once, for ${days} days. If you do not know ${tenant}, leave this mail alone: without you nothing happens.`,
    ],
  });
}

export function resetLetter({ email, url }: { email: string; url: string }): Letter {
  return letterOf({
    subject: 'Callboard: choose a new password',
    before: [
      'Hello,',
      `a new password has been asked for, for ${email}. With this link you choose it; it signs you out everywhere.`,
    ],
    link: { label: 'Choose a new password', url },
    after: [
      'The link works once, for an hour. If it was not you who asked, leave this mail alone: your password stays as it is.',
    ],
  });
}
