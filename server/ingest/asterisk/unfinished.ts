import { isKnownEvent } from './translate.ts';

/**
 * Data fields below which a last line without a newline is taken for half-written. Where the
 * last needed field is a number, one cut within it cannot be told from a whole one.
 */
const WHOLE_FROM = new Map([
  ['ENTERQUEUE', 2],
  ['CONNECT', 2],
  ['COMPLETEAGENT', 3],
  ['COMPLETECALLER', 3],
  ['ABANDON', 3],
  ['EXITWITHTIMEOUT', 3],
  ['EXITEMPTY', 3],
  ['LEAVEEMPTY', 3],
  ['EXITWITHKEY', 4],
  ['WITHDRAW', 3],
  ['RINGNOANSWER', 1],
  ['RINGCANCELED', 1],
  ['BLINDTRANSFER', 4],
  ['TRANSFER', 4],
  ['ATTENDEDTRANSFER', 4],
  ['OUTANSWER', 4],
  ['OUTCALL', 2],
  // Without the | behind it, it may be the beginning of PAUSEALL.
  ['PAUSE', 1],
  ['UNPAUSE', 1],
]);

/**
 * True when a last line without a newline looks like the whole of it: exports and scripts often leave the newline
 * out, while a log that is being written may have been read in mid-line.
 */
export function looksWhole(text: string): boolean {
  const fields = text.split('|');
  const event = fields[4]?.trim() ?? '';
  return isKnownEvent(event) && fields.length - 5 >= (WHOLE_FROM.get(event) ?? 0);
}
