/** Ends an exhaustive switch: a case nobody handles fails to compile here. */
export function assertNever(value: never): never {
  throw new Error(`Not handled: ${JSON.stringify(value)}`);
}
