import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail server on this machine that keeps what it is given. */
export interface TestMailServer {
  url: string;
  /** As they came over the wire, headers first, the latest last. */
  letters: { to: string[]; content: string }[];
  close(): Promise<void>;
}

/** `refuses`: it takes no letter to anybody. `user`: only for whoever signs in as that. */
export async function startMailServer(
  options: { refuses?: boolean; user?: { name: string; password: string } } = {},
): Promise<TestMailServer> {
  const { refuses = false, user } = options;
  const letters: TestMailServer['letters'] = [];
  const server = new SMTPServer({
    disabledCommands: user ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, done) =>
      username === user?.name && password === user?.password
        ? done(null, { user: username })
        : done(new Error('not known here')),
    onRcptTo: (_address, _session, done) => done(refuses ? new Error('not here') : null),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        letters.push({ to, content: decoded(Buffer.concat(chunks).toString()) });
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  // Listening on TCP, so it is not a pipe's name.
  const { port } = server.server.address() as AddressInfo;
  const credentials = user ? `${user.name}:${encodeURIComponent(user.password)}@` : '';
  return {
    url: `smtp://${credentials}127.0.0.1:${port}`,
    letters,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Quoted-printable, as far as it hides the words of a letter in English. */
function decoded(content: string): string {
  return content
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
