/** A talk shorter than this settled nothing [H5]: a wrong number, a line that broke, a call put down to look busy. Hold is no talk. */
export const SHORT_TALK_MS = 10_000;
