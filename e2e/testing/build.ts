import { ensureBuilt } from '../../scripts/ensure-built.mjs';

/** Before any spec: the page and the server they start are made of the sources as they are. */
export default function build(): void {
  ensureBuilt();
}
