export function ensureBuilt(options?: { anyway?: boolean }): void;
