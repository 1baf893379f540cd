import type { Fields } from './fields.ts';
import type { EventBody, Named, Translator } from './named.ts';
import { required } from './named.ts';

/** A ring this short was not ended by the agent's patience: the telephone could not be reached [A6]. */
const UNREACHABLE_BELOW_MS = 5_000;

type LeaveOutcome = Extract<EventBody, { kind: 'call.left' }>['outcome'];
type RefusalReason = Extract<EventBody, { kind: 'call.refused' }>['reason'];

/** url, caller, position; older versions stop after the caller, or write nothing. */
const queued: Translator = (named, fields) => ({
  kind: 'call.queued',
  callId: required(named, 'callId'),
  // An agent here (seen in the wild) is the one the call was meant for, nobody has answered yet: it must not bind.
  queue: required(named, 'queue'),
  caller: fields.text(1, 'caller'),
  position: fields.position(2),
});

const answered: Translator = (named, fields) => ({
  kind: 'call.answered',
  callId: required(named, 'callId'),
  queue: required(named, 'queue'),
  agent: named.agent,
  waitMs: fields.seconds(0, 'hold'),
  ringMs: fields.seconds(2, 'ring'),
});

function ended(by: 'agent' | 'caller'): Translator {
  return (named, fields) => ({
    kind: 'call.ended',
    callId: required(named, 'callId'),
    queue: required(named, 'queue'),
    agent: named.agent,
    by,
    // The wait again, for a log that begins mid-call; the answer's own wait stands [T3].
    waitMs: fields.seconds(0, 'hold'),
    talkMs: fields.seconds(1, 'talk'),
  });
}

/** position, original position, wait; `shift` fields come first. */
function left(outcome: LeaveOutcome, shift = 0): Translator {
  return (named, fields) => ({
    kind: 'call.left',
    callId: required(named, 'callId'),
    queue: required(named, 'queue'),
    outcome,
    position: fields.position(shift),
    waitMs: fields.seconds(shift + 2, 'wait'),
  });
}

function refused(reason: RefusalReason): Translator {
  return (named) => ({
    kind: 'call.refused',
    callId: required(named, 'callId'),
    queue: required(named, 'queue'),
    reason,
  });
}

/** Rings are in milliseconds, all else in seconds. */
function missed(reason: 'no_answer' | 'canceled' | 'rejected'): Translator {
  return (named, fields) => {
    const ringMs = fields.milliseconds(0, 'ring');
    const isShort = reason !== 'rejected' && ringMs !== undefined && ringMs < UNREACHABLE_BELOW_MS;
    return {
      kind: 'call.missed',
      callId: required(named, 'callId'),
      queue: named.queue,
      agent: named.agent,
      ringMs: reason === 'rejected' ? undefined : ringMs,
      reason: isShort ? 'unreachable' : reason,
    };
  };
}

function transferred(named: Named, fields: Fields, to: string | undefined, hold: number): EventBody {
  return {
    kind: 'call.transferred',
    callId: required(named, 'callId'),
    queue: named.queue,
    agent: named.agent,
    to,
    waitMs: fields.seconds(hold, 'hold'),
    talkMs: fields.seconds(hold + 1, 'talk'),
  };
}

/** extension, context, hold, talk, position; the oldest stop after the context. */
const blindTransfer: Translator = (named, fields) => ({
  ...transferred(named, fields, fields.text(0, 'extension'), 2),
  transferKind: 'blind',
});

/** BRIDGE|id or APP|name, then hold, talk, position; LINK|channel|channel shifts them by one. */
const attendedTransfer: Translator = (named, fields) => {
  const shift = fields.text(0, 'method') === 'LINK' ? 1 : 0;
  return {
    ...transferred(named, fields, fields.text(1 + shift, 'target'), 2 + shift),
    transferKind: 'attended',
  };
};

export const callTranslators: [string, Translator][] = [
  ['ENTERQUEUE', queued],
  ['CONNECT', answered],
  ['COMPLETEAGENT', ended('agent')],
  ['COMPLETECALLER', ended('caller')],
  ['ABANDON', left('abandoned')],
  ['EXITWITHTIMEOUT', left('timed_out')],
  ['EXITEMPTY', left('no_agents')],
  ['LEAVEEMPTY', left('no_agents')],
  ['EXITWITHKEY', left('key_exit', 1)],
  ['WITHDRAW', left('withdrawn')],
  ['CLOSED', refused('closed')],
  ['FULL', refused('full')],
  ['JOINEMPTY', refused('no_agents')],
  ['DIVERT_CA_RATIO', refused('diverted')],
  ['DIVERT_HOLDTIME', refused('diverted')],
  ['RINGNOANSWER', missed('no_answer')],
  ['RINGCANCELED', missed('canceled')],
  ['AGENTDUMP', missed('rejected')],
  ['BLINDTRANSFER', blindTransfer],
  ['TRANSFER', blindTransfer],
  ['ATTENDEDTRANSFER', attendedTransfer],
];
