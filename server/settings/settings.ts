import { randomUUID } from 'node:crypto';
import postgres, { type TransactionSql } from 'postgres';
import { UNASSIGNED_SECTOR } from '../../shared/contract/settings.ts';
import type {
  AgentSetting,
  AgentSettingChange,
  QueueSetting,
  QueueSettingChange,
  SectorSetting,
  SettingsListQuery,
  TenantSettings,
  TenantSettingsChange,
} from '../../shared/contract/settingsRest.ts';
import { type Actor, type AuditEntry, changesOf, recordAudit } from '../access/audit/audit.ts';
import { refuseWhileHeld } from '../access/people/heldSectors.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import { found } from './found.ts';
import { readTenant } from './readTenant.ts';

/**
 * What a tenant decides; who changes it is written into the audit with the change. A trigger moves `settings.version`
 * with every one, and live state of every node takes it up within a second: nothing here tells it.
 */
export interface Settings {
  read(tenantId: string): Promise<TenantSettings>;
  change(by: Actor, tenantId: string, change: TenantSettingsChange): Promise<TenantSettings>;
  sectors(tenantId: string): Promise<SectorSetting[]>;
  addSector(by: Actor, tenantId: string, name: string): Promise<SectorSetting>;
  renameSector(by: Actor, tenantId: string, sectorId: string, name: string): Promise<SectorSetting>;
  /** Its queues and agents become unassigned. `conflict` while somebody is held to it. */
  removeSector(by: Actor, tenantId: string, sectorId: string): Promise<void>;
  queues(tenantId: string, page: SettingsListQuery): Promise<Page<QueueSetting>>;
  changeQueue(
    by: Actor,
    tenantId: string,
    queueId: string,
    change: QueueSettingChange,
  ): Promise<QueueSetting>;
  agents(tenantId: string, page: SettingsListQuery): Promise<Page<AgentSetting>>;
  changeAgent(
    by: Actor,
    tenantId: string,
    agentId: string,
    change: AgentSettingChange,
  ): Promise<AgentSetting>;
}

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** A tenant with more has mistaken sectors for something else. */
const SECTORS_LIMIT = 200;
const FOREIGN_KEY_VIOLATION = '23503';

/** `onChanged` hears of every change of a tenant's own settings, once it holds. */
export function createSettings(db: Pick<Database, 'sql'>, onChanged: (tenantId: string) => void): Settings {
  const within = <T>(tenantId: string, work: (tx: TransactionSql) => Promise<T>) =>
    inTenant(db, tenantId, work);
  /** For what is read and locked before it is changed: the settings first, as every other change locks them (0002). */
  const inOrder = <T>(tenantId: string, work: (tx: TransactionSql) => Promise<T>) =>
    within(tenantId, async (tx) => {
      await tx`select from settings where tenant_id = ${tenantId} for update`;
      return work(tx);
    });

  return {
    read: (tenantId) => within(tenantId, (tx) => readTenant(tx, tenantId)),

    async change(by, tenantId, { name, ...change }) {
      const changed = await within(tenantId, async (tx) => {
        const before = await readTenant(tx, tenantId, 'lock');
        if (name !== undefined) await tx`update tenants set name = ${name} where id = ${tenantId}`;
        const columns = columnsOf(tx, change);
        if (Object.keys(columns).length > 0)
          await tx`update settings set ${tx(columns)} where tenant_id = ${tenantId}`;
        const after = await readTenant(tx, tenantId);
        await recordChange(tx, tenantId, by, { action: 'settings.changed' }, { before, after });
        return after;
      });
      onChanged(tenantId);
      return changed;
    },

    sectors: (tenantId) => within(tenantId, (tx) => readSectors(tx, tenantId)),

    addSector: (by, tenantId, name) =>
      within(tenantId, async (tx) => {
        const [sector] = await tx<SectorSetting[]>`
          insert into sectors (tenant_id, id, name) select ${tenantId}, ${randomUUID()}, ${name}
          where (select count(*) from sectors where tenant_id = ${tenantId}) < ${SECTORS_LIMIT}
          returning id as "sectorId", name`;
        if (!sector)
          throw new AppError('conflict', { message: `There are ${SECTORS_LIMIT} sectors already.` });
        await recordAudit(tx, tenantId, by, {
          action: 'sector.added',
          subject: { id: sector.sectorId, name },
        });
        return sector;
      }),

    renameSector: (by, tenantId, sectorId, name) =>
      inOrder(tenantId, async (tx) => {
        const before = found(
          await tx<{ name: string }[]>`
            select name from sectors where tenant_id = ${tenantId} and id = ${sectorId} for update`,
        );
        await tx`update sectors set name = ${name} where tenant_id = ${tenantId} and id = ${sectorId}`;
        const entry = { action: 'sector.renamed', subject: { id: sectorId, name: before.name } } as const;
        await recordChange(tx, tenantId, by, entry, { before, after: { name } });
        return { sectorId, name };
      }),

    removeSector: (by, tenantId, sectorId) =>
      within(tenantId, async (tx) => {
        if (sectorId === UNASSIGNED_SECTOR)
          throw new AppError('conflict', { message: 'What belongs to no other sector has to belong here.' });
        const to = { sector_id: UNASSIGNED_SECTOR };
        const queues =
          await tx`update queues set ${tx(to)} where tenant_id = ${tenantId} and sector_id = ${sectorId}`;
        const agents =
          await tx`update agents set ${tx(to)} where tenant_id = ${tenantId} and sector_id = ${sectorId}`;
        const { name } = found(
          await tx<{ name: string }[]>`
            delete from sectors where tenant_id = ${tenantId} and id = ${sectorId} returning name`,
        );
        // After it: whoever is just being held to it has the row until then.
        await refuseWhileHeld(tx, tenantId, sectorId);
        await recordAudit(tx, tenantId, by, {
          action: 'sector.removed',
          subject: { id: sectorId, name },
          before: { queues: queues.count, agents: agents.count },
        });
      }),

    queues: (tenantId, page) =>
      within(tenantId, async (tx) => {
        const rows = await tx<QueueSetting[]>`
          select ${queueColumns(tx)} from queues
          where tenant_id = ${tenantId} and ${after(tx, page)} limit ${page.limit + 1}`;
        return pageOf(rows, page.limit, ({ queueId }) => queueId);
      }),

    changeQueue: (by, tenantId, queueId, change) =>
      knownSector(
        inOrder(tenantId, async (tx) => {
          const read = async () =>
            found(
              await tx<QueueSetting[]>`
                select ${queueColumns(tx)} from queues where tenant_id = ${tenantId} and id = ${queueId} for update`,
            );
          const before = await read();
          await changeRow(tx, 'queues', tenantId, queueId, change);
          const after = await read();
          const entry = { action: 'queue.changed', subject: { id: queueId, name: before.name } } as const;
          await recordChange(tx, tenantId, by, entry, { before, after });
          return after;
        }),
      ),

    agents: (tenantId, page) =>
      within(tenantId, async (tx) => {
        const rows = await tx<AgentSetting[]>`
          select id as "agentId", name, sector_id as "sectorId", nickname from agents
          where tenant_id = ${tenantId} and ${after(tx, page)} limit ${page.limit + 1}`;
        return pageOf(rows, page.limit, ({ agentId }) => agentId);
      }),

    changeAgent: (by, tenantId, agentId, change) =>
      knownSector(
        inOrder(tenantId, async (tx) => {
          const read = async () =>
            found(
              await tx<AgentSetting[]>`
                select id as "agentId", name, sector_id as "sectorId", nickname from agents
                where tenant_id = ${tenantId} and id = ${agentId} for update`,
            );
          const before = await read();
          await changeRow(tx, 'agents', tenantId, agentId, change);
          const after = await read();
          const entry = { action: 'agent.changed', subject: { id: agentId, name: before.name } } as const;
          await recordChange(tx, tenantId, by, entry, { before, after });
          return after;
        }),
      ),
  };
}

/** Nothing where nothing has changed: a form saved as it was is no news. */
async function recordChange<T extends object>(
  tx: TransactionSql,
  tenantId: string,
  by: Actor,
  entry: Pick<AuditEntry, 'action' | 'subject'>,
  change: { before: T; after: T },
): Promise<void> {
  const changes = changesOf(change.before, change.after);
  if (changes === null) return;
  if ('sectorId' in changes.after) {
    const names = new Map<unknown, string>();
    for (const { sectorId, name } of await readSectors(tx, tenantId)) names.set(sectorId, name);
    // An id would say nothing once the sector is gone.
    for (const side of [changes.before, changes.after]) side.sector = names.get(side.sectorId);
  }
  await recordAudit(tx, tenantId, by, { ...entry, ...changes });
}

async function readSectors(tx: TransactionSql, tenantId: string): Promise<SectorSetting[]> {
  return tx<SectorSetting[]>`
    select id as "sectorId", name from sectors where tenant_id = ${tenantId} order by id`;
}

function queueColumns(tx: TransactionSql) {
  return tx`
    id as "queueId", name, sector_id as "sectorId", threshold_seconds as "thresholdSeconds",
    short_abandon_seconds as "shortAbandonSeconds", wrap_up_seconds as "wrapUpSeconds",
    max_wait_seconds as "maxWaitSeconds", opening_hours as "openingHours", service_level_target as "serviceLevelTarget",
    abandonment_limit as "abandonmentLimit", asa_target_seconds as "asaTargetSeconds",
    aht_target_seconds as "ahtTargetSeconds"`;
}

/** The rest of a list in the order of ids. */
function after(tx: TransactionSql, { cursor }: SettingsListQuery) {
  return cursor === undefined ? tx`true order by id` : tx`id > ${cursor} order by id`;
}

async function changeRow(
  tx: TransactionSql,
  table: 'queues' | 'agents',
  tenantId: string,
  id: string,
  change: object,
): Promise<void> {
  const columns = columnsOf(tx, change);
  if (Object.keys(columns).length === 0) return;
  await tx`update ${tx(table)} set ${tx(columns)} where tenant_id = ${tenantId} and id = ${id}`;
}

/** `thresholdSeconds` → `threshold_seconds`: the contract names fields as the tables name columns. */
function columnsOf(
  tx: TransactionSql,
  change: object,
): Record<string, string | number | boolean | null | postgres.Parameter> {
  return Object.fromEntries(
    Object.entries(change).map(([field, value]) => [
      field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      // A list or null is one value; postgres.js would take a list for several.
      Array.isArray(value) ? tx.json(value) : value,
    ]),
  );
}

function pageOf<T>(rows: readonly T[], limit: number, idOf: (row: T) => string): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last !== undefined ? idOf(last) : null };
}

async function knownSector<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof postgres.PostgresError) || error.code !== FOREIGN_KEY_VIOLATION) throw error;
    const issues = [{ path: 'sectorId', message: 'must be the id of a sector' }];
    throw new AppError('bad_request', { issues, cause: error });
  }
}
