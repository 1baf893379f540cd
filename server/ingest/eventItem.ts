import { hash } from 'node:crypto';
import type { IngestEvent } from '../../shared/contract/events.ts';
import { ID_LIMIT } from '../../shared/contract/ids.ts';
import { type CallerPolicy, maskNumbers, reduceCaller } from './caller.ts';

/** What a tenant has decided about its sources: read from the database now and then (tenantPolicy.ts). */
export interface IngestPolicy {
  callers: CallerPolicy;
  /** By source: put before its call, queue and agent ids, so that two systems can share a tenant. */
  namespaces: ReadonlyMap<string, string>;
  /** What occurred earlier (epoch ms) is not kept, so it is not taken in; null: everything is kept. */
  keptSince: number | null;
  /** Kinds that are turned off. */
  refusedKinds: ReadonlySet<string>;
}

/** What the tenant's policy has against an event, in place of an item. */
export interface PolicyFault {
  field: string;
  message: string;
}

/** Memberships name interfaces; whoever appears anywhere else is a person, and gets a row among the agents. */
function isPerson(event: IngestEvent): boolean {
  return event.kind !== 'agent.joined' && event.kind !== 'agent.left';
}

/**
 * One event as `append_events` takes it, in JSON: numbers of callers reduced, namespace applied, idempotency key
 * computed [L2]. Serialised here, once: the same text is measured for the limits of a transaction and sent.
 */
export function eventItem(event: IngestEvent, policy: IngestPolicy, importId?: string): string | PolicyFault {
  const namespace = policy.namespaces.get(event.source) ?? '';
  // Events differ in their fields, and only the log's own columns matter here: the rest is the body, whatever it is.
  const { kind, source, sourceKey, sourceOrder, occurredAt, ...rest } = event;
  const { callId, queue, agent, ...body }: { callId?: string; queue?: string; agent?: string } & object =
    rest;
  const { keptSince } = policy;
  // Its key may be gone with the event it was given for: taken in once more, it would count twice [L2].
  if (keptSince !== null && occurredAt < keptSince) {
    const since = new Date(keptSince).toISOString();
    return { field: 'occurredAt', message: `must not be before ${since}: what is older is not kept` };
  }
  if (policy.refusedKinds.has(kind))
    return { field: 'kind', message: `${kind} is turned off in the settings` };
  const ids = { callId, queue, agent };
  if (namespace !== '') {
    for (const field of ['callId', 'queue', 'agent'] as const) {
      const id = ids[field];
      if (id === undefined) continue;
      if (namespace.length + id.length > ID_LIMIT) {
        return {
          field,
          message: `must be at most ${ID_LIMIT - namespace.length} characters in a source with a namespace`,
        };
      }
      ids[field] = namespace + id;
    }
  }
  return JSON.stringify({
    key: hash('sha256', `${source}\u001f${sourceKey}`, 'hex').slice(0, 32),
    kind,
    occurredAt,
    source,
    sourceKey,
    sourceOrder,
    ...ids,
    importId,
    isPerson: isPerson(event),
    body: reduceBody(body, namespace, policy.callers),
  });
}

function reduceBody(body: object, namespace: string, callers: CallerPolicy): object {
  const reduced: Record<string, unknown> = { ...body };
  for (const field of ['caller', 'number']) {
    const value = reduced[field];
    if (typeof value === 'string') reduced[field] = reduceCaller(value, callers);
  }
  // A note keeps what nobody understood, which may be somebody's number.
  if (typeof reduced.text === 'string') reduced.text = maskNumbers(reduced.text, callers);
  if (namespace === '') return reduced;
  if (Array.isArray(reduced.queues)) reduced.queues = reduced.queues.map((queue) => `${namespace}${queue}`);
  if (typeof reduced.to === 'string' && (reduced.toKind === 'queue' || reduced.toKind === 'agent')) {
    reduced.to = namespace + reduced.to;
  }
  return reduced;
}
