import { describe, expect, it } from 'vitest';
import { parseLine } from './line.ts';
import type { EventBody } from './named.ts';
import { translate } from './translate.ts';

/** What a line becomes, without what every event has. */
function bodyOf(text: string): EventBody | null {
  const parsed = parseLine(text, { timeZone: 'UTC', previousAt: null });
  if ('fault' in parsed) throw new Error(parsed.fault.message);
  const translation = translate(parsed.line);
  if ('fault' in translation) throw new Error(translation.fault.message);
  return translation.body;
}

describe('translate', () => {
  const call = '1543602753|c1|IT|Agent/1127';
  const nobody = '1543602753|c1|IT|NONE';
  const cases: [string, Record<string, unknown>][] = [
    [`${nobody}|ENTERQUEUE`, { kind: 'call.queued', callId: 'c1', queue: 'IT' }],
    [`${nobody}|ENTERQUEUE||5551`, { kind: 'call.queued', callId: 'c1', queue: 'IT', caller: '5551' }],
    [`${nobody}|ENTERQUEUE||5551|2`, { kind: 'call.queued', caller: '5551', position: 2 }],
    [`${nobody}|ENTERQUEUE||5551|2|x`, { kind: 'call.queued', caller: '5551', position: 2 }],
    [
      `${call}|CONNECT|76|1543602746.232|6`,
      { kind: 'call.answered', agent: 'Agent/1127', waitMs: 76_000, ringMs: 6_000 },
    ],
    [`${call}|CONNECT|1|1266833911.7`, { kind: 'call.answered', waitMs: 1_000 }],
    [`${nobody}|CONNECT|1|1266833911.7`, { kind: 'call.answered', callId: 'c1', queue: 'IT', waitMs: 1_000 }],
    [`${call}|COMPLETEAGENT|6|60|1`, { kind: 'call.ended', by: 'agent', waitMs: 6_000, talkMs: 60_000 }],
    [`${call}|COMPLETECALLER|4|10`, { kind: 'call.ended', by: 'caller', talkMs: 10_000 }],
    [`${nobody}|ABANDON|2|2|13`, { kind: 'call.left', outcome: 'abandoned', position: 2, waitMs: 13_000 }],
    [
      `${nobody}|ABANDON|2|2|`,
      { kind: 'call.left', callId: 'c1', queue: 'IT', outcome: 'abandoned', position: 2 },
    ],
    [`${nobody}|EXITWITHTIMEOUT|1|2|300`, { kind: 'call.left', outcome: 'timed_out', waitMs: 300_000 }],
    [`${nobody}|EXITEMPTY|1|2|30`, { kind: 'call.left', outcome: 'no_agents', waitMs: 30_000 }],
    [`${nobody}|LEAVEEMPTY|1|2|30`, { kind: 'call.left', outcome: 'no_agents', waitMs: 30_000 }],
    [`${nobody}|EXITWITHKEY|5|1|2|9`, { kind: 'call.left', outcome: 'key_exit', position: 1, waitMs: 9_000 }],
    [
      `${nobody}|EXITWITHKEY|5|1`,
      { kind: 'call.left', callId: 'c1', queue: 'IT', outcome: 'key_exit', position: 1 },
    ],
    [`${nobody}|WITHDRAW|1|1|12|moved`, { kind: 'call.left', outcome: 'withdrawn', waitMs: 12_000 }],
    [`${nobody}|CLOSED`, { kind: 'call.refused', callId: 'c1', queue: 'IT', reason: 'closed' }],
    [`${nobody}|FULL|`, { kind: 'call.refused', reason: 'full' }],
    [`${nobody}|JOINEMPTY|`, { kind: 'call.refused', reason: 'no_agents' }],
    [`${nobody}|DIVERT_CA_RATIO|`, { kind: 'call.refused', reason: 'diverted' }],
    [`${nobody}|DIVERT_HOLDTIME|`, { kind: 'call.refused', reason: 'diverted' }],
    [`${call}|RINGNOANSWER|10000`, { kind: 'call.missed', ringMs: 10_000, reason: 'no_answer' }],
    [`${call}|RINGNOANSWER|1000`, { kind: 'call.missed', ringMs: 1_000, reason: 'unreachable' }],
    [
      `${call}|RINGNOANSWER`,
      { kind: 'call.missed', callId: 'c1', queue: 'IT', agent: 'Agent/1127', reason: 'no_answer' },
    ],
    [`${call}|RINGCANCELED|11193`, { kind: 'call.missed', ringMs: 11_193, reason: 'canceled' }],
    [
      `${call}|AGENTDUMP|`,
      { kind: 'call.missed', callId: 'c1', queue: 'IT', agent: 'Agent/1127', reason: 'rejected' },
    ],
    [
      `${call}|BLINDTRANSFER|1142|transfer|6|38|1`,
      { kind: 'call.transferred', to: '1142', transferKind: 'blind', waitMs: 6_000, talkMs: 38_000 },
    ],
    [`${call}|TRANSFER|1001|default|0|10`, { kind: 'call.transferred', to: '1001', talkMs: 10_000 }],
    [
      `${call}|TRANSFER|1001|default`,
      {
        kind: 'call.transferred',
        to: '1001',
        callId: 'c1',
        queue: 'IT',
        agent: 'Agent/1127',
        transferKind: 'blind',
      },
    ],
    [
      `${call}|ATTENDEDTRANSFER|BRIDGE||6|30|1`,
      { kind: 'call.transferred', transferKind: 'attended', waitMs: 6_000, talkMs: 30_000 },
    ],
    [
      `${call}|ATTENDEDTRANSFER|APP|Voicemail|6|30|1`,
      { kind: 'call.transferred', to: 'Voicemail', talkMs: 30_000 },
    ],
    [
      `${call}|ATTENDEDTRANSFER|LINK|SIP/a-1|SIP/b-2|6|30|1`,
      { kind: 'call.transferred', to: 'SIP/b-2', waitMs: 6_000, talkMs: 30_000 },
    ],
    ['1543598990|MANAGER|IT|Local/1@x|ADDMEMBER|', { kind: 'agent.joined', agent: 'Local/1@x', queue: 'IT' }],
    ['1543598990|CLI|IT|Local/1@x|ADDMEMBER|PAUSED', { kind: 'agent.joined', paused: true }],
    ['1543598990|MANAGER|IT|NONE|ADDMEMBER', { kind: 'source.note', queue: 'IT', text: 'ADDMEMBER' }],
    [
      '1543598990|REALTIME|IT|Local/1@x|REMOVEMEMBER|',
      { kind: 'agent.left', agent: 'Local/1@x', queue: 'IT' },
    ],
    [
      '1543598990|NONE|IT|SIP/1|PAUSE|Lunch',
      { kind: 'agent.state_changed', state: 'paused', reason: 'Lunch', queue: 'IT' },
    ],
    [
      '1543598990|NONE|IT|SIP/1|UNPAUSE|',
      { kind: 'agent.state_changed', agent: 'SIP/1', state: 'available', queue: 'IT' },
    ],
    [
      '1543598990|NONE|NONE|SIP/1|PAUSEALL|Lunch',
      { kind: 'agent.state_changed', state: 'paused', reason: 'Lunch', everyQueue: true },
    ],
    [
      '1543598990|NONE|NONE|SIP/1|UNPAUSEALL',
      { kind: 'agent.state_changed', agent: 'SIP/1', state: 'available', everyQueue: true },
    ],
    ['1543598990|c|NONE|Agent/1|AGENTLOGIN|SIP/1-0', { kind: 'agent.signed_in', agent: 'Agent/1' }],
    ['1543598990|c|NONE|Agent/1|AGENTLOGOFF|SIP/1-0|900', { kind: 'agent.signed_out', agent: 'Agent/1' }],
    ['1543598990|c|NONE|Agent/1|AGENTCALLBACKLOGIN|1001@x', { kind: 'agent.signed_in', agent: 'Agent/1' }],
    [
      '1543598990|c|NONE|Agent/1|AGENTCALLBACKLOGOFF|1001@x|900|CommandLogoff',
      { kind: 'agent.signed_out', agent: 'Agent/1' },
    ],
    [
      '1543598990|NONE|NONE|Agent/1|WRAPUPSTART|15',
      { kind: 'agent.state_changed', agent: 'Agent/1', state: 'wrap_up', durationMs: 15_000 },
    ],
    [
      '1543598990|c|NONE|Agent/1|OUTDIAL|5550001||0|0',
      { kind: 'call.dialed', callId: 'c', agent: 'Agent/1', number: '5550001' },
    ],
    [
      '1543598990|c|NONE|Agent/1|OUTANSWER|5550001|COMPLETEAGENT|9|54',
      { kind: 'call.outbound', outcome: 'connected', ringMs: 9_000, talkMs: 54_000 },
    ],
    [
      '1543598990|c|NONE|Agent/1|OUTCANCEL|5550001||1|0',
      { kind: 'call.outbound', outcome: 'not_connected', ringMs: 1_000 },
    ],
    ['1543598990|c|NONE|Agent/1|OUTBARRED|5550001||1|0', { kind: 'call.outbound', outcome: 'not_connected' }],
    [
      '1543598990|c|NONE|Agent/1|OUTCALL|ANSWER|35',
      { kind: 'call.outbound', outcome: 'connected', talkMs: 35_000 },
    ],
    ['1543598990|c|NONE|Agent/1|OUTCALL|BUSY|0', { kind: 'call.outbound', outcome: 'not_connected' }],
    ['1543598990|NONE|NONE|NONE|QUEUESTART|', { kind: 'source.restarted' }],
    ['1543598990|c|IT|NONE|myEvent|x', { kind: 'source.note', text: 'myEvent|x' }],
    ['1543598990|c|IT|NONE|DID|x', { kind: 'source.note', callId: 'c', queue: 'IT', text: 'DID|x' }],
  ];
  it.each(cases)('reads %s', (line, expected) => {
    expect(bodyOf(line)).toMatchObject(expected);
  });

  it('an agent on an ENTERQUEUE line does not bind to the call', () => {
    expect(bodyOf('1325408466.555555|t1|q02|Agent/2|ENTERQUEUE')).not.toHaveProperty('agent');
  });
});
