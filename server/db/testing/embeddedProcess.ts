import pino from 'pino';
import { startEmbedded } from '../embedded/embedded.ts';

/**
 * A process that starts the embedded database in the directory it is given, says so in one line and stays: what the
 * tests kill. Ends cleanly on SIGTERM.
 */
async function run(dataDir: string): Promise<void> {
  const embedded = await startEmbedded({ dataDir, log: pino({ level: 'silent' }) });
  process.once('SIGTERM', () => {
    void embedded.close();
  });
  console.log(JSON.stringify({ url: embedded.url, pid: embedded.pid() }));
}

run(process.argv[2] ?? '').catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
