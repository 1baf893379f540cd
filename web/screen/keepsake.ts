import type { ScreenFace } from '../../shared/contract/screens.ts';

/** What a display keeps through a power cut: who it is, and what it showed. `renewedAt` is epoch ms by its own clock. */
export interface Kept {
  token: string;
  face: ScreenFace;
  renewedAt: number;
}

export interface Keepsake {
  read(): Kept | null;
  write(kept: Kept): void;
  forget(): void;
}

const KEY = 'callboard.screen';

/** In local storage, which all windows of the browser share; where that is forbidden, only as long as the page lives. */
export function createKeepsake(): Keepsake {
  let inMemory: Kept | null = null;
  return {
    read() {
      try {
        const text = localStorage.getItem(KEY);
        return text === null ? null : asKept(JSON.parse(text));
      } catch {
        return inMemory;
      }
    },
    write(kept) {
      inMemory = kept;
      try {
        localStorage.setItem(KEY, JSON.stringify(kept));
      } catch {
        // Kept in memory.
      }
    },
    forget() {
      inMemory = null;
      try {
        localStorage.removeItem(KEY);
      } catch {
        // It was not there.
      }
    },
  };
}

/** An earlier build may have kept something else. */
function asKept(value: unknown): Kept | null {
  const { token, face, renewedAt }: Partial<Kept> = value && typeof value === 'object' ? value : {};
  const isWhole =
    typeof token === 'string' && typeof renewedAt === 'number' && typeof face?.tenant?.timeZone === 'string';
  return isWhole ? { token, face, renewedAt } : null;
}
