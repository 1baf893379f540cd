import { type Named, note, required, type Translator } from './named.ts';

/** A line about nobody (agent NONE, seen for ADDMEMBER by the manager interface) is kept, and does nothing. */
function aboutAgent(translator: Translator): Translator {
  return (named, fields) => (named.agent === undefined ? note(named) : translator(named, fields));
}

/** Without a queue it is about all of them. */
function queuesOf(named: Named): string[] | undefined {
  return named.queue === undefined ? undefined : [named.queue];
}

const signedIn = aboutAgent((named) => ({
  kind: 'agent.signed_in',
  agent: required(named, 'agent'),
  queues: queuesOf(named),
}));

const signedOut = aboutAgent((named) => ({
  kind: 'agent.signed_out',
  agent: required(named, 'agent'),
  queues: queuesOf(named),
}));

const joined = aboutAgent((named, fields) => ({
  kind: 'agent.joined',
  agent: required(named, 'agent'),
  queue: required(named, 'queue'),
  paused: fields.text(0, 'state') === 'PAUSED' ? true : undefined,
}));

const left = aboutAgent((named) => ({
  kind: 'agent.left',
  agent: required(named, 'agent'),
  queue: required(named, 'queue'),
}));

/** PAUSE and UNPAUSE are written for each queue, PAUSEALL and UNPAUSEALL beside them [A1]. */
function pause(state: 'paused' | 'available', everyQueue: boolean): Translator {
  return aboutAgent((named, fields) => ({
    kind: 'agent.state_changed',
    agent: required(named, 'agent'),
    state,
    reason: fields.text(0, 'reason'),
    ...(everyQueue ? { everyQueue } : { queue: named.queue }),
  }));
}

const wrapUp = aboutAgent((named, fields) => ({
  kind: 'agent.state_changed',
  agent: required(named, 'agent'),
  state: 'wrap_up',
  queue: named.queue,
  durationMs: fields.seconds(0, 'seconds'),
}));

export const agentTranslators: [string, Translator][] = [
  ['AGENTLOGIN', signedIn],
  ['AGENTCALLBACKLOGIN', signedIn],
  ['AGENTLOGOFF', signedOut],
  ['AGENTCALLBACKLOGOFF', signedOut],
  ['ADDMEMBER', joined],
  ['REMOVEMEMBER', left],
  ['PAUSE', pause('paused', false)],
  ['UNPAUSE', pause('available', false)],
  ['PAUSEALL', pause('paused', true)],
  ['UNPAUSEALL', pause('available', true)],
  ['WRAPUPSTART', wrapUp],
];
