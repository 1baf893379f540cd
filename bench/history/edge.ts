import { Agent, request } from 'node:http';

/** An answer as it came, and how long it took from the request to its last byte, in ms. */
export interface Taken {
  body: string;
  ms: number;
}

/**
 * Asks over one connection that is kept open, and looks at nothing before all of it is there: what a client makes of an answer is
 * not the server's time.
 */
export function createEdge(url: string, token: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    get: (path: string): Promise<Taken> =>
      new Promise((resolve, reject) => {
        const began = performance.now();
        const asking = request(
          `${url}${path}`,
          { agent, headers: { authorization: `Bearer ${token}` } },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.once('error', reject);
            response.once('end', () => {
              const ms = performance.now() - began;
              const body = Buffer.concat(chunks).toString();
              if (response.statusCode === 200) resolve({ body, ms });
              else reject(new Error(`${response.statusCode} ${path}: ${body}`));
            });
          },
        );
        asking.once('error', reject);
        asking.end();
      }),
    close: () => agent.destroy(),
  };
}

export type Edge = ReturnType<typeof createEdge>;
