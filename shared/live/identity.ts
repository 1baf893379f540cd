/**
 * One person has several names in a telephone system: the agent he signs in as, the interface his calls ring on.
 * `Local/1127@callback-agent` and `Agent/1127` share the extension 1127, so they are one agent; settings add
 * aliases where the rule does not reach.
 */

const EXTENSION_NAME = /^(.*?)(?:Local|SIP|PJSIP|IAX2|Agent)\/([^@/-]+)(?:[@/-].*)?$/;

/** What two names of one agent have in common. Names outside the pattern stand for themselves. */
export function identityOf(name: string, aliases: ReadonlyMap<string, string>): string {
  const known = aliases.get(name) ?? name;
  const match = EXTENSION_NAME.exec(known);
  return match ? `${match[1] ?? ''}ext:${match[2] ?? ''}` : known;
}
