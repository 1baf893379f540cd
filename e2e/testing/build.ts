import { ensureBuilt } from '../../scripts/ensure-built.mjs';
import { prepareData } from './preparedData.ts';

/** Before any spec: the page and the server they start are made of the sources as they are, and what their data begins with. */
export default async function build(): Promise<() => void> {
  ensureBuilt();
  return prepareData();
}
