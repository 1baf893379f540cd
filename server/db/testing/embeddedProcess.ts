import pino from 'pino';
import { startEmbedded } from '../embedded/embedded.ts';

/**
 * A process that starts the embedded database in the directory it is given, says so in one line and stays: what the
 * tests kill. Ends cleanly on SIGTERM; with `crash`, ends at once by an exception nobody catches.
 */
async function run(dataDir: string): Promise<void> {
  const embedded = await startEmbedded({ dataDir, log: pino({ level: 'silent' }) });
  process.once('SIGTERM', () => {
    void embedded.close();
  });
  console.log(JSON.stringify({ url: embedded.url, pid: embedded.pid() }));
  if (process.argv[3] === 'crash') {
    setImmediate(() => {
      throw new Error('a defect');
    });
  }
}

run(process.argv[2] ?? '').catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
