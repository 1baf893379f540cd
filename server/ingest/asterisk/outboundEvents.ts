import { note, required, type Translator } from './named.ts';

/** number; one line for every attempt of one call id. */
const dialed: Translator = (named, fields) => ({
  kind: 'call.dialed',
  callId: required(named, 'callId'),
  agent: named.agent,
  number: fields.text(0, 'number'),
});

/** number, ended by, ring seconds, talk seconds. */
const connected: Translator = (named, fields) => ({
  kind: 'call.outbound',
  callId: required(named, 'callId'),
  agent: named.agent,
  number: fields.text(0, 'number'),
  ringMs: fields.seconds(2, 'ring'),
  talkMs: fields.seconds(3, 'talk'),
  outcome: 'connected',
});

/** number, (empty), ring seconds. */
export const notConnected: Translator = (named, fields) => ({
  kind: 'call.outbound',
  callId: required(named, 'callId'),
  agent: named.agent,
  number: fields.text(0, 'number'),
  ringMs: fields.seconds(2, 'ring'),
  outcome: 'not_connected',
});

/** Status, talk seconds: the outbound call in one line. */
const called: Translator = (named, fields) => {
  const isConnected = /^ANSWER/i.test(fields.text(0, 'status') ?? '');
  return {
    kind: 'call.outbound',
    callId: required(named, 'callId'),
    agent: named.agent,
    talkMs: isConnected ? fields.seconds(1, 'talk') : undefined,
    outcome: isConnected ? 'connected' : 'not_connected',
  };
};

export const outboundTranslators: [string, Translator][] = [
  ['OUTDIAL', dialed],
  ['OUTANSWER', connected],
  ['OUTCANCEL', notConnected],
  ['OUTBUSY', notConnected],
  ['OUTNOANSWER', notConnected],
  ['OUTCHANUNAVAIL', notConnected],
  ['OUTCONGESTION', notConnected],
  ['OUTFAIL', notConnected],
  // Follows the OUTANSWER of the same call, which has already counted it as connected.
  ['OUTTRANSFER', note],
  ['OUTCALL', called],
];
