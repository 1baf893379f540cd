/**
 * A row of an answer made of several objects, the fields of one after those of the other. Each is written by itself: to put three
 * fields and fifty into one object takes longer than all that was done to find them, and there are thousands of rows in a trend.
 */
export class JoinedRow<Row extends object> {
  /** None has a name of another. Rows may share one. */
  readonly parts: readonly object[];

  private constructor(parts: readonly object[]) {
    this.parts = parts;
  }

  static of<A extends object, B extends object, C extends object = object>(
    ...parts: [A, B] | [A, B, C]
  ): JoinedRow<A & B & C> {
    return new JoinedRow(parts);
  }

  /** All fields in one object: for whoever reads a row, and for `JSON.stringify`. */
  toJSON(): Row {
    return Object.assign({}, ...this.parts);
  }
}
