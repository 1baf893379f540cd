import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PointSums, pointSums } from './packedPoints.ts';

const CRITERIA = 3;
/** Points; null: not applicable; undefined: not answered. */
type Given = number | null | undefined;

const codeOf = (given: Given) => (given === undefined ? 254 : (given ?? 255));
const whole = (reviews: readonly Given[][]) => Uint8Array.from(reviews.flat().map(codeOf));
function inParts(reviews: readonly Given[][]): Uint8Array {
  const view = new DataView(new ArrayBuffer(reviews.length * CRITERIA * 8));
  for (const [place, given] of reviews.flat().entries()) view.setFloat64(place * 8, codeOf(given));
  return new Uint8Array(view.buffer);
}

function counted(reviews: readonly Given[][], place: number): PointSums {
  const given = reviews.map((review) => review[place]);
  const points = given.filter((one) => typeof one === 'number');
  return {
    answered: points.length,
    points: points.reduce((sum, one) => sum + one, 0),
    notApplicable: given.filter((one) => one === null).length,
    failed: points.filter((one) => one === 0).length,
  };
}

const reviewsOf = (points: fc.Arbitrary<number>) =>
  fc.array(
    fc.array(fc.oneof(points, fc.constant(null), fc.constant(undefined)), {
      minLength: CRITERIA,
      maxLength: CRITERIA,
    }),
    { maxLength: 20 },
  );

describe('[Q1] packed points', () => {
  it.each([
    ['a byte each', CRITERIA, whole, fc.integer({ min: 0, max: 100 })],
    [
      'eight bytes each',
      CRITERIA * 8,
      inParts,
      fc.integer({ min: 0, max: 800 }).map((eighths) => eighths / 8),
    ],
  ] as const)('add up to what was given, %s', (_, bytes, pack, points) => {
    fc.assert(
      fc.property(reviewsOf(points), (reviews) => {
        const wanted = Array.from({ length: CRITERIA }, (_, place) => counted(reviews, place));
        expect(pointSums(pack(reviews), bytes, CRITERIA)).toEqual(wanted);
      }),
    );
  });

  it('are read where they lie within other bytes', () => {
    const around = Uint8Array.from([9, 9, ...whole([[1, null, 0]]), 9]);
    expect(pointSums(around.subarray(2, 5), 3, 3)).toMatchObject([
      { points: 1 },
      { notApplicable: 1 },
      { failed: 1 },
    ]);
  });

  it.each([
    [6, 2],
    [4, 4],
    [5, 1],
  ])('of another form are refused: %i bytes of reviews of %i', (length, bytes) => {
    expect(() => pointSums(new Uint8Array(length), bytes, CRITERIA)).toThrow('packed points');
  });
});
