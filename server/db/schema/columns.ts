import { bigint, customType, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Columns that many tables have. */

export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
export const instant = (name: string) => timestamp(name, { withTimezone: true });
export const count = (name: string) => bigint(name, { mode: 'number' });
export const tenantId = () => uuid('tenant_id').notNull();
export const createdAt = () => instant('created_at').notNull().defaultNow();
