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

const NOT_APPLICABLE = -1;
const SHORT_BYTES = 2;
const LONG_BYTES = 8;

/**
 * The sums of each criterion, in the form's order, of packed reviews put one after the other, each of them `bytes` long: so many bytes
 * a criterion tell how its hundredths of a point are written. Throws on bytes that are no reviews of so many criteria.
 */
export function pointSums(packed: Uint8Array, bytes: number, criteria: number): PointSums[] {
  const width = bytes / criteria;
  if ((width !== SHORT_BYTES && width !== LONG_BYTES) || packed.length % bytes !== 0)
    throw new Error(
      `packed points: ${packed.length} bytes are no reviews of ${criteria} criteria, ${bytes} bytes each`,
    );
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: criteria }, (_, place): PointSums => {
    let [answered, hundredths, notApplicable, failed] = [0, 0, 0, 0];
    for (let at = place * width; at < packed.length; at += bytes) {
      const given = width === SHORT_BYTES ? view.getInt16(at) : view.getFloat64(at);
      if (given === NOT_APPLICABLE) notApplicable++;
      if (given < 0) continue;
      answered++;
      hundredths += given;
      if (given === 0) failed++;
    }
    return { answered, points: hundredths / 100, notApplicable, failed };
  });
}
