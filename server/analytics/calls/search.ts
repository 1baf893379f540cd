import type { TransactionSql } from 'postgres';
import { LOOK_UP_DAYS_LIMIT } from '../../../shared/contract/analyticsQuery.ts';
import { type CallsQuery, LOOKED_UP_COUNTS } from '../../../shared/contract/calls.ts';
import { identityOf } from '../../../shared/live/identity.ts';
import type { Sight } from '../../access/principal.ts';
import { reduceCaller } from '../../ingest/caller.ts';
import { refusal } from '../asked.ts';
import { DAY_MS } from '../calendar.ts';
import type { Directory } from './directory.ts';
import { type Period, periodOf } from './period.ts';
import type { Range, VisitFilter } from './visitFilter.ts';

/** What a request asks for, as a filter; within the queues its sight shows. AppError `bad_request` where it contradicts itself. */
export async function searchOf(
  tx: TransactionSql,
  tenantId: string,
  query: CallsQuery,
  sight: Sight,
  directory: Directory,
): Promise<{ filter: VisitFilter; period: Period }> {
  const period = periodOf(query, directory.settings);
  expectLookUpPeriod(query, period);
  const { agent, outcome, counted, notCounted, transferredTo, caller, callerDigits, callId } = query;
  const inSectors = query.sector && directory.queuesOf({ ...sight, sectors: new Set(query.sector) });
  const filter: VisitFilter = {
    queues: within(within(directory.queuesOf(sight), inSectors), query.queue),
    wait: rangeOf(query.minWaitMs, query.maxWaitMs, 'maxWaitMs'),
    talk: rangeOf(query.minTalkMs, query.maxTalkMs, 'maxTalkMs'),
    ...(period.from !== null && { from: period.from }),
    ...(period.to !== null && { to: period.to }),
    ...(agent !== undefined && { identity: identityOf(agent, directory.settings.aliases) }),
    ...(outcome !== undefined && { outcomes: [...new Set(outcome)] }),
    ...(counted !== undefined && { counted }),
    ...(notCounted !== undefined && { notCounted }),
    ...(transferredTo && { transferredTo: within(directory.queuesOf(sight), transferredTo) ?? [] }),
    ...(caller !== undefined && { callers: await formsOf(tx, tenantId, caller) }),
    ...(callerDigits !== undefined && { callerDigits }),
    ...(callId !== undefined && { callId }),
  };
  return { filter, period };
}

/** By this much days may be longer, where clocks are put back. */
const PUT_BACK_MS = 3 * 3_600_000;

/** Where others are looked up for each visit a list takes as many days as a figure does. Throws AppError `bad_request`. */
function expectLookUpPeriod(query: CallsQuery, { from, to }: Period): void {
  const { counted = [], notCounted = [], transferredTo, startDate, endDate } = query;
  const asked = [...counted, ...notCounted];
  const name = LOOKED_UP_COUNTS.find((count) => asked.includes(count)) ?? (transferredTo && 'transferredTo');
  if (name === undefined) return;
  if (from === null)
    throw refusal('from', `must be given, or startDate: ${name} is looked up for each visit`);
  if (to === null) throw refusal('to', `must be given, or endDate: ${name} is looked up for each visit`);
  if (to - from > LOOK_UP_DAYS_LIMIT * DAY_MS + PUT_BACK_MS)
    throw refusal(
      endDate === undefined ? 'to' : 'endDate',
      `must be within ${LOOK_UP_DAYS_LIMIT} days of ${startDate === undefined ? 'from' : 'startDate'}: ${name} is looked up for each visit`,
    );
}

/** What is asked, as far as it is seen; null: all. */
export function within(
  seen: readonly string[] | null,
  asked: readonly string[] | null | undefined,
): readonly string[] | null {
  if (asked == null) return seen;
  const queues = [...new Set(asked)];
  return seen === null ? queues : queues.filter((queue) => seen.includes(queue));
}

function rangeOf(min: number | undefined, max: number | undefined, path: 'maxWaitMs' | 'maxTalkMs'): Range {
  if (min !== undefined && max !== undefined && max < min)
    throw refusal(path, `must not be below ${path.replace('max', 'min')}`);
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

/**
 * Every form in which a caller may be stored: as given, and as ingest reduces a number typed in any way. Both, since a
 * tenant may have changed its mind about numbers, and what was stored before stays as it was.
 */
async function formsOf(tx: TransactionSql, tenantId: string, caller: string): Promise<string[]> {
  const [row] = await tx<{ caller_key: Uint8Array }[]>`
    select caller_key from settings where tenant_id = ${tenantId}`;
  if (!row) return [caller];
  const hashed = reduceCaller(caller, { privacy: 'hashed', key: row.caller_key });
  if (hashed === 'anonymous' || caller.includes('…')) return [hashed === 'anonymous' ? hashed : caller];
  const plain = caller.replace(/[^\d+]/g, '');
  return [...new Set([caller, hashed, ...(plain === '' ? [] : [plain])])];
}
