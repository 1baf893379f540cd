/**
 * A talk shorter than this settled nothing [H5]: a wrong number, a line that broke, a call put down to look busy. Hold is no talk.
 * The index that finds them says it, too: queue_visits_short_talk_idx, drizzle/0037_visits_behind_breakdowns.sql.
 */
export const SHORT_TALK_MS = 10_000;
