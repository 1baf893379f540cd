/** Points of reviews as the database packs them: `packed_points` in drizzle/0041_points_of_reviews.sql. Pure. */

/** What reviews gave one criterion. */
export interface PointSums {
  /** How often it was answered, and the points it was given in all. */
  answered: number;
  points: number;
  notApplicable: number;
  /** How often it was answered and given nothing. */
  failed: number;
}

/** Above any points there are: a criterion has a hundred at most. */
const NOT_APPLICABLE = 255;
const NOT_ANSWERED = 254;
/** Of a criterion: whole points, or parts of one. */
const WHOLE_BYTES = 1;
const PART_BYTES = 8;

/**
 * The sums of each criterion, in the form's order, of packed reviews put one after the other, each of them `bytes` long. Throws on
 * bytes that are no reviews of so many criteria.
 */
export function pointSums(packed: Uint8Array, bytes: number, criteria: number): PointSums[] {
  const width = bytes / criteria;
  if ((width !== WHOLE_BYTES && width !== PART_BYTES) || packed.length % bytes !== 0)
    throw new Error(
      `packed points: ${packed.length} bytes are no reviews of ${criteria} criteria, ${bytes} bytes each`,
    );
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: criteria }, (_, place): PointSums => {
    const sums = { answered: 0, points: 0, notApplicable: 0, failed: 0 };
    for (let at = place * width; at < packed.length; at += bytes) {
      const given = width === WHOLE_BYTES ? view.getUint8(at) : view.getFloat64(at);
      if (given === NOT_ANSWERED) continue;
      if (given === NOT_APPLICABLE) {
        sums.notApplicable++;
        continue;
      }
      sums.answered++;
      sums.points += given;
      if (given === 0) sums.failed++;
    }
    return sums;
  });
}
