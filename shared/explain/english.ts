import type { Metric, ReviewMetric } from './catalogue.ts';
import type { PartName } from './parts.ts';

/** Everything an explanation says, in English. T is the threshold, S the limit of short abandons, N the days of first contact. */

export const TITLES: Record<Metric | ReviewMetric, string> = {
  received: 'Received',
  refused: 'Refused',
  offered: 'Offered',
  outsideHours: 'Outside opening hours',
  calls: 'Calls',
  answered: 'Answered',
  handled: 'Handled',
  abandoned: 'Abandoned',
  shortAbandoned: 'Short abandons',
  timedOut: 'Timed out',
  noAgents: 'Left: no agents',
  keyExits: 'Left by key',
  callbacks: 'Callbacks requested',
  callbackAnswered: 'Callbacks made',
  overflowed: 'Overflowed',
  withdrawn: 'Withdrawn',
  lost: 'Lost',
  open: 'Open',
  transferred: 'Transferred',
  missedRings: 'Missed rings',
  outbound: 'Outbound calls',
  serviceLevel: 'Service level',
  abandonmentRate: 'Abandonment rate',
  completionRate: 'Completion rate',
  transferRate: 'Transfer rate',
  shortTalks: 'Calls under 10 s',
  shortTalkRate: 'Share of calls under 10 s',
  transferredToQueue: 'Transferred to a queue',
  transferredElsewhere: 'Transferred elsewhere',
  abandonedKnown: 'Abandoned callers who are known',
  abandonedReturned: 'Called back and answered',
  abandonedReturnRate: 'Share called back and answered',
  firstContactResolution: 'First-contact resolution',
  firstContactResolved: 'Resolved at first contact',
  firstContactCalls: 'First contacts',
  asaMs: 'Average speed of answer',
  averageAbandonMs: 'Average wait of abandons',
  ahtMs: 'Average handle time',
  averageTalkMs: 'Average talk',
  averageHoldMs: 'Average hold',
  averageWrapUpMs: 'Average wrap-up',
  maxWaitMs: 'Longest wait',
  maxAnsweredWaitMs: 'Longest wait of an answered caller',
  waitP50Ms: 'Median wait',
  waitP80Ms: 'Wait, 80th percentile',
  waitP90Ms: 'Wait, 90th percentile',
  waitP95Ms: 'Wait, 95th percentile',
  signedInMs: 'Signed-in time',
  availableMs: 'Available time',
  closedMs: 'Available while closed',
  ringingMs: 'Ringing time',
  talkMs: 'Talk time',
  holdMs: 'Hold time',
  wrapUpMs: 'Wrap-up time',
  pausedMs: 'Paused time',
  outboundMs: 'Outbound talk time',
  occupancy: 'Occupancy',
  utilisation: 'Utilisation',
  reviews: 'Reviews',
  qualityScore: 'Quality score',
  passRate: 'Pass rate',
  criticalFailures: 'Critical failures',
  reviewed: 'Calls reviewed',
  coverage: 'Review coverage',
  calibration: 'Calibration',
};

/** `label` stands in a formula, `words` say what is counted. */
export const PARTS: Record<PartName, { label: string; words: string }> = {
  offered: { label: 'offered', words: 'Visits that entered the queue.' },
  outsideHours: {
    label: 'outside opening hours',
    words: 'Visits that entered while the queue was closed; they count in every other figure, too.',
  },
  refused: { label: 'refused', words: 'Turned away before they entered a queue.' },
  calls: { label: 'calls', words: 'Distinct calls among the offered, each once a local day.' },
  repeated: {
    label: 'repeated',
    words: 'Visits of calls that had been in one of these queues before on the same local day.',
  },
  answered: { label: 'answered', words: 'Visits an agent answered.' },
  handled: {
    label: 'handled',
    words: 'Answered visits whose talk and wrap-up are over, the length of the talk known.',
  },
  abandoned: { label: 'abandoned', words: 'Visits whose caller hung up waiting.' },
  timedOut: {
    label: 'timed out',
    words: 'Visits that left because they had waited as long as the queue allows.',
  },
  noAgents: { label: 'no agents', words: 'Visits that left because no agent was there.' },
  keyExits: { label: 'key exits', words: 'Visits whose caller left by pressing a key.' },
  callbacks: { label: 'callbacks requested', words: 'Visits whose caller left asking to be called back.' },
  overflowed: { label: 'overflowed', words: 'Visits moved to another queue while they waited.' },
  withdrawn: { label: 'withdrawn', words: 'Visits the telephone system took out of the queue.' },
  lost: { label: 'lost', words: 'Visits of which the source never said how they ended.' },
  open: { label: 'open', words: 'Visits that still wait.' },
  transferred: { label: 'transferred', words: 'Answered visits the agent transferred on.' },
  completed: { label: 'completed', words: 'Answered visits ended by the caller, the agent or a transfer.' },
  callbackOffered: {
    label: 'callbacks made',
    words: 'Visits that began as a callback of ours: outside waits, service level and abandonment.',
  },
  callbackAnswered: { label: 'callbacks answered', words: 'Callbacks of ours among the answered.' },
  callbackAbandoned: { label: 'callbacks abandoned', words: 'Callbacks of ours among the abandoned.' },
  met: { label: 'answered within T', words: 'Answered after a wait of at most T.' },
  missed: {
    label: 'waited beyond T',
    words: 'Waited longer than T, whatever became of it, or still waiting.',
  },
  abandonedWithin: { label: 'abandoned within T', words: 'Abandoned after a wait of at most T.' },
  shortAbandoned: { label: 'short abandons', words: 'Abandoned after a wait of at most S.' },
  shortWithin: {
    label: 'short abandons within T',
    words: 'Abandoned after a wait of at most S and of at most T.',
  },
  callbackWithin: {
    label: 'callbacks requested within T',
    words: 'A callback requested after a wait of at most T.',
  },
  otherWithin: {
    label: 'left otherwise within T',
    words: 'Left after a wait of at most T neither answered nor abandoned.',
  },
  flowOuts: {
    label: 'flow-outs',
    words:
      'Timed out, no agents, left by key, callback requested, overflowed or withdrawn, whatever the wait.',
  },
  missedWaiting: { label: 'waiting beyond T', words: 'Still waiting, and longer than T.' },
  waitingOrLost: {
    label: 'waiting or lost',
    words: 'Visits that still wait, or whose end the source never told.',
  },
  shortTalks: {
    label: 'under 10 s',
    words: 'Answered visits whose talk was over in less than 10 s, time on hold left out.',
  },
  transferredToQueue: {
    label: 'transferred to a queue',
    words:
      'Answered visits the agent transferred on, whose call entered a queue within 60 s of the end of the talk.',
  },
  transferredElsewhere: {
    label: 'transferred elsewhere',
    words:
      'Answered visits the agent transferred on, whose call entered no queue then: to an extension, or to a number outside.',
  },
  abandonedKnown: {
    label: 'abandoned, caller known',
    words: 'Visits whose caller hung up waiting and had told a number, callbacks of ours left out.',
  },
  abandonedReturned: {
    label: 'called back and answered',
    words: 'Those whose caller called the same sector again within N days, and was answered.',
  },
  missedRings: {
    label: 'missed rings',
    words: 'Rings of an agent of 5 s or more that were not answered, and rejected ones.',
  },
  firstContactResolved: {
    label: 'did not call again',
    words: 'First contacts whose caller did not call the same sector again within N days.',
  },
  firstContactCalls: {
    label: 'first contacts',
    words: 'Calls answered N days ago or longer whose caller is known, callbacks of ours left out.',
  },
  outbound: { label: 'outbound calls', words: 'Calls the agent made.' },
  holdKnown: {
    label: 'with hold known',
    words:
      'Handled visits whose hold the source tells apart from their talk; where there is none, hold is unknown.',
  },
  answeredWaitMs: {
    label: 'waits of answered',
    words: 'The waits of the answered added up, ringing included.',
  },
  abandonedWaitMs: { label: 'waits of abandoned', words: 'The waits of the abandoned added up.' },
  handledTalkMs: { label: 'talk', words: 'The talk of the handled visits added up, hold left out.' },
  handledHoldMs: { label: 'hold', words: 'The hold of the handled visits added up.' },
  handledWrapUpMs: { label: 'wrap-up', words: 'The wrap-up of the handled visits added up.' },
  maxWaitMs: { label: 'longest wait', words: 'The longest wait of the visits that left, however they did.' },
  maxAnsweredWaitMs: {
    label: 'longest wait of the answered',
    words: 'The longest wait of the answered visits.',
  },
  waitP50Ms: { label: 'median of the waits', words: percentile(50) },
  waitP80Ms: { label: '80th percentile of the waits', words: percentile(80) },
  waitP90Ms: { label: '90th percentile of the waits', words: percentile(90) },
  waitP95Ms: { label: '95th percentile of the waits', words: percentile(95) },
  talkMs: { label: 'talking', words: 'Time agents talked, outbound calls included.' },
  outboundMs: { label: 'talking outbound', words: 'Time agents talked in calls they had made.' },
  holdMs: { label: 'holding', words: 'Time in which all calls of an agent were on hold.' },
  ringingMs: { label: 'ringing', words: 'Time in which calls rang at agents.' },
  wrapUpMs: { label: 'wrapping up', words: 'Time agents wrapped up calls.' },
  pausedMs: { label: 'paused', words: 'Time agents were paused.' },
  availableMs: { label: 'available', words: 'Time agents were ready for a call.' },
  closedMs: {
    label: 'available while closed',
    words: 'Time agents were ready for a call while every queue they served was closed.',
  },
  reviews: {
    label: 'reviews',
    words: 'Signed reviews, on the day of their call; what is disputed counts as it stands.',
  },
  scored: { label: 'reviews with a score', words: 'Reviews that came to a score.' },
  scorePoints: { label: 'scores', words: 'The scores of the reviews, 0 to 100 each, added up.' },
  judged: {
    label: 'reviews with a pass mark',
    words: 'Reviews with a score, on a form of which the pass mark is known.',
  },
  passed: { label: 'passed', words: 'Reviews whose score reached the pass mark of their form.' },
  criticalFailures: {
    label: 'reviews with a critical failure',
    words: 'Reviews in which a critical criterion was failed, which makes the score 0.',
  },
  reviewed: {
    label: 'calls reviewed',
    words: 'Calls answered here that were reviewed, each once an agent, however many reviewed it.',
  },
  knownReviews: { label: 'reviews of known calls', words: 'Reviews of calls that were answered here.' },
  drafts: { label: 'drafts', words: 'Your own reviews that are not signed yet.' },
  pairs: { label: 'pairs', words: 'Every two scores of one call on one version of a form.' },
  differencePoints: {
    label: 'differences',
    words: 'How far the two scores of each pair are apart, added up.',
  },
};

function percentile(rank: number): string {
  return `The wait that ${rank} % of the visits that left did not exceed; within 1 s or 1 % of exact.`;
}

/** Why something is left out. */
export const REASONS = {
  refused: 'Turned away before they entered a queue: never offered.',
  repeated: 'Their call had been in one of these queues before on the same day, and counts once.',
  callbacks: 'Callbacks of ours are outside waits, service level and abandonment.',
  callbacksAnswered: 'Answered callbacks of ours: their caller did not wait.',
  callbacksAbandoned: 'Abandoned callbacks of ours: their caller did not wait.',
  waitingOrLost: 'Still waiting, or the source never told how they ended.',
  openOrLost: 'Still waiting, or the source never told how they ended.',
  undecided: 'No verdict: still waiting within T, or the source never told how they ended.',
  shortAbandons: 'Abandoned within S: they count neither as a failure nor as a success.',
  shortWithin: 'Abandoned within S and within T: they count neither as a failure nor as a success.',
  shortBeyond: 'Abandoned within S, though S is longer than T: left out all the same.',
  abandonedWithin: 'Abandoned within T: this definition takes no notice of them.',
  abandons: 'This definition takes no notice of abandons.',
  flowOuts: 'Left neither answered nor abandoned: this definition takes no notice of them.',
  otherWithin: 'Left within T neither answered nor abandoned: this definition takes no notice of them.',
  unhandled: 'Answered, but talk or wrap-up still runs, or the source did not tell how long the talk was.',
  unknownCallers:
    'The caller withheld his number, or the source told none: nobody knows whether he called again.',
  paused: 'Paused time: an agent who is paused cannot be reached.',
  closed: 'Available time while every queue served was closed: no call could come.',
  drafts: 'Your own, not signed yet: drafts are in no figure.',
  unscored: 'Without a score: nothing in them was applicable, or the source gave none.',
  unjudged: 'Without a score, or without a pass mark to hold it to.',
  unknownCalls: 'Of calls that are not among those answered here.',
} as const;

export type Reason = keyof typeof REASONS;
