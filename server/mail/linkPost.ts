import type { MadeLink } from '../../shared/contract/people.ts';
import type { Letter } from './letter.ts';
import type { Mailer } from './mailer.ts';

/** Links that stand for a right, on their way to people: by mail where this server sends any, else by whoever made them. */
export interface LinkPost {
  sendsMail: boolean;
  /** Mails it; answers what whoever made it may be told. Never rejects, and takes seconds at most. */
  send(what: {
    /** A page of shared/contract/links.ts. */
    page: string;
    token: string;
    to: string;
    letter(url: string): Letter;
  }): Promise<MadeLink>;
}

/** With a mailer there is a `publicUrl`: the configuration sees to it. */
export function createLinkPost(mailer: Mailer | null, publicUrl: string | null): LinkPost {
  return {
    sendsMail: mailer !== null,
    async send({ page, token, to, letter }) {
      const link = publicUrl === null ? null : `${publicUrl}/${page}${token}`;
      if (mailer === null || link === null) return { token, link, mail: 'off' };
      return { token, link, mail: (await mailer.send(to, letter(link))) ? 'sent' : 'failed' };
    },
  };
}
