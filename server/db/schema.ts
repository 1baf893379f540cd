import * as access from './schema/access.ts';
import * as history from './schema/history.ts';
import * as log from './schema/log.ts';
import * as quality from './schema/quality.ts';
import * as tenants from './schema/tenants.ts';

/**
 * The tables as Drizzle queries them. The migrations in `drizzle/` are what makes them: partitions, policies and
 * functions cannot be said here. A test holds both to the same columns.
 */
export const schema = { ...access, ...history, ...log, ...quality, ...tenants };
