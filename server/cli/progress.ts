/** A bar on a terminal; nothing where output goes to a file. */
export interface Progress {
  show(bytes: number, note: string): void;
  end(): void;
}

const WIDTH = 30;
/** Terminals are slow: often enough to look alive. */
const EVERY_MS = 100;

export function createProgress(stream: NodeJS.WriteStream, totalBytes: number | null): Progress {
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    show(bytes, note) {
      const now = performance.now();
      if (!stream.isTTY || now - shownAt < EVERY_MS) return;
      shownAt = now;
      isShown = true;
      stream.write(`\r\u001b[K${bar(bytes, totalBytes)}  ${note}`);
    },
    end() {
      if (isShown) stream.write('\r\u001b[K');
    },
  };
}

/** `[██████····]  42 %`, or the bytes read where the size is not known. */
export function bar(bytes: number, totalBytes: number | null): string {
  if (totalBytes === null || totalBytes === 0) return `${(bytes / 1_048_576).toFixed(1)} MB`;
  const part = Math.min(1, bytes / totalBytes);
  const full = Math.floor(part * WIDTH);
  return `[${'█'.repeat(full)}${'·'.repeat(WIDTH - full)}] ${String(Math.floor(part * 100)).padStart(3)} %`;
}
