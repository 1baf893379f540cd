import { once } from 'node:events';
import WebSocket from 'ws';

/**
 * Hundreds of screens in one process, half on each transport. They read of a patch only the log position it stands
 * for: parsing every patch five hundred times would measure this process, not the server.
 */
export interface Screens {
  /** By screen: the log position it has been told of. */
  seqs: number[];
  close(): void;
}

/** A bench is a whole call centre from one address, and of one account. */
export const UNCAPPED = { SOCKETS_PER_ADDRESS: '20000', SOCKETS_PER_USER: '20000' };

export async function openScreens(
  url: string,
  token: string,
  count: number,
  onSeq: (screen: number, seq: number) => void = () => {},
): Promise<Screens> {
  const sockets: WebSocket[] = [];
  const seqs = new Array<number>(count).fill(-1);
  for (let screen = 0; screen < count; screen++) {
    const take = (seq: number): void => {
      seqs[screen] = seq;
      onSeq(screen, seq);
    };
    sockets.push(await openScreen(url, token, screen % 2 === 0, take));
  }
  return {
    seqs,
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

async function openScreen(
  url: string,
  token: string,
  isPlain: boolean,
  onSeq: (seq: number) => void,
): Promise<WebSocket> {
  const path = isPlain ? '/ws/v1/live' : '/socket.io/?EIO=4&transport=websocket';
  const socket = new WebSocket(url.replace('http', 'ws') + path, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  const subscribed = new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code, reason) => reject(new Error(`closed with ${code} ${reason}`)));
    socket.on('message', (data: Buffer) => {
      const head = data.subarray(0, 512).toString('latin1');
      if (head === '2') socket.send('3');
      else if (head.startsWith('0{')) socket.send('40/live,');
      else if (head.startsWith('40/live')) socket.send('42/live,1["subscribe",{"scope":{}}]');
      else {
        const seq = /"seq":(\d+)/.exec(head)?.[1];
        if (seq === undefined) return;
        onSeq(Number(seq));
        resolve();
      }
    });
  });
  await once(socket, 'open');
  if (isPlain) socket.send('{"type":"subscribe","scope":{}}');
  await subscribed;
  return socket;
}
