import { ensureBuilt } from './ensure-built.mjs';

/** `npm run build`: the page and the server, whether or not they are up to date. */
ensureBuilt({ anyway: true });
