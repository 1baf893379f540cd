export function setsForTheSession(line: string): boolean;
export function secretIn(line: string): string | null;
