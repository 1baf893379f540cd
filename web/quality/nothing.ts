/** A question without parameters. */
export const NOTHING = new URLSearchParams();
