import { AppError } from '../http/errors.ts';

/** The one row there is, or `not_found`. */
export function found<T>([row]: readonly T[]): T {
  if (row === undefined) throw new AppError('not_found');
  return row;
}
