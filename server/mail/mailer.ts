import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { Letter } from './letter.ts';
import type { MailConfig } from './mailConfig.ts';

/** Sends letters, one at a time each, through the operator's mail server. */
export interface Mailer {
  /** False where the mail server did not take it in time; the log says why. Never rejects. */
  send(to: string, letter: Letter): Promise<boolean>;
}

/** Somebody waits for the answer. */
const WITHIN_MS = 8_000;
/** A mail server that hangs must not collect letters without end [L13]. */
const AT_ONCE = 20;

export function createMailer(options: { config: MailConfig; log: Logger; withinMs?: number }): Mailer {
  const { config, log, withinMs = WITHIN_MS } = options;
  const transport = createTransport({
    url: config.smtpUrl,
    connectionTimeout: withinMs,
    greetingTimeout: withinMs,
    socketTimeout: withinMs,
    dnsTimeout: withinMs,
    // A letter is words: nothing in one may make the server read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let sending = 0;
  return {
    async send(to, letter) {
      if (sending >= AT_ONCE) {
        log.warn({ sending }, 'mail:overloaded');
        return false;
      }
      sending++;
      try {
        // The signal bounds the whole: a server that answers a little now and then would outlast each timeout.
        const signal = AbortSignal.timeout(withinMs);
        await transport.sendMail({ from: config.from, to: { name: '', address: to }, ...letter, signal });
        return true;
      } catch (error) {
        log.warn({ err: error }, 'mail:not_sent');
        return false;
      } finally {
        sending--;
      }
    },
  };
}
