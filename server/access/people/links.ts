import { AppError } from '../../http/errors.ts';
import { SECRET_FORMAT, sha256 } from '../secrets.ts';

/** What a link's token is looked up by; `not_found` for what is none. */
export function hashOfLink(token: string): Buffer {
  if (SECRET_FORMAT.test(token)) return sha256(token);
  throw linkEnded();
}

/** The same for a link that is unknown, used, revoked or expired: whoever guesses learns nothing. */
export function linkEnded(): AppError {
  return new AppError('not_found', { message: 'This link is no longer good: ask for another.' });
}
