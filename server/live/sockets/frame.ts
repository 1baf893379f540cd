/** One message to clients, encoded once for everybody who gets it [L7]: the same JSON in both transports' envelopes. */
export interface Message {
  type: string;
  /** The message without its type, as JSON text of an object: the same bytes on both transports. */
  body: string;
  /** Ready WebSocket frames, made when first asked for. */
  plainFrame(): Buffer;
  plainText(): string;
  socketIoFrame(): Buffer;
}

/** The Socket.IO namespace that live messages travel in. */
export const NAMESPACE = '/live';

export function message(type: string, body: string): Message {
  let plain: Buffer | null = null;
  let socketIo: Buffer | null = null;
  return {
    type,
    body,
    plainText: () => plainText(type, body),
    plainFrame() {
      plain ??= textFrame(plainText(type, body));
      return plain;
    },
    socketIoFrame() {
      // Engine.IO "message" (4), Socket.IO "event" (2), namespace, then [event, argument].
      socketIo ??= textFrame(`42${NAMESPACE},["${type}",${body}]`);
      return socketIo;
    },
  };
}

/** A message from its parts; `type` goes into the envelope, the rest is the body. */
export function toMessage<M extends { type: string }>({ type, ...rest }: M): Message {
  return message(type, JSON.stringify(rest));
}

function plainText(type: string, body: string): string {
  return body === '{}' ? `{"type":"${type}"}` : `{"type":"${type}",${body.slice(1)}`;
}

/** A whole, unmasked text frame (RFC 6455, 5.2): what a server sends. */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}
