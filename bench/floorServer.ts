import postgres from 'postgres';
import { type WebSocket, WebSocketServer } from 'ws';

/** The least a live server can do: LISTEN, and send what was said to every client, over bare `ws`. */
const sql = postgres(process.argv[2] ?? '', { onnotice: () => {} });
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const clients = new Set<WebSocket>();
server.on('connection', (socket) => clients.add(socket));
await sql.listen('bench_floor', (payload) => {
  for (const socket of clients) socket.send(payload);
});
const address = server.address();
if (address !== null && typeof address !== 'string') process.send?.({ port: address.port });
process.on('disconnect', () => process.exit(0));
