import { connect, type Socket } from 'node:net';

/** The driver's parsed options, as far as reaching the server goes. */
interface SocketTarget {
  host: string[];
  port: number[];
  path: string | false;
}

/** How the server says that it has answered everything: ReadyForQuery, with the state of the transaction last. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

/**
 * Sockets for the driver's pool that notice a half-open connection [L4]: whoever has been asked and does not come to
 * the end of an answer for `silenceMs` is cut off. TCP itself would wait for a quarter of an hour, and ten such
 * connections are a whole pool. An idle connection is not asked anything, so it is not watched.
 */
export function watchedSockets(silenceMs: number): (target: SocketTarget) => Socket {
  let attempt = 0;
  return (target) => {
    const place = attempt++ % target.host.length;
    const host = target.host[place];
    // Not awaited: the driver gives up a place in its pool for good when making a socket fails, but not when it closes.
    const socket = target.path
      ? connect(target.path)
      : // An exchange of small messages: none of them may wait for the answer to the one before.
        connect({ host, port: Number(target.port[place] ?? 5432), noDelay: true });

    let timer: NodeJS.Timeout | null = null;
    let tail = Buffer.alloc(0);
    const settle = (): void => {
      if (timer) clearTimeout(timer);
      timer = null;
    };
    const expect = (): void => {
      timer ??= setTimeout(() => {
        const error = new Error(`the database has not answered for ${silenceMs} ms`);
        socket.destroy(Object.assign(error, { code: 'ETIMEDOUT', syscall: 'read' }));
      }, silenceMs).unref();
    };
    const write = socket.write.bind(socket);
    // One signature of the overloaded method is enough: it hands on whatever it gets.
    socket.write = ((...args: Parameters<typeof write>) => {
      expect();
      return write(...args);
    }) as typeof socket.write;
    socket.on('data', (chunk: Buffer) => {
      tail = Buffer.concat([tail, chunk.subarray(-6)]).subarray(-6);
      settle();
      if (!tail.subarray(0, 5).equals(READY)) expect();
    });
    socket.on('close', settle);
    // Where TLS follows, the driver takes the name to verify from here.
    return Object.assign(socket, { host });
  };
}
