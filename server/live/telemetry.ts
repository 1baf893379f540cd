import { Counter, Gauge, type Registry } from 'prom-client';

/** What Prometheus reads of live. No tenant names as labels: they would leak, and grow without bound. */
export interface LiveTelemetry {
  folded: Counter;
  patches: Counter;
  deliveries: Counter;
  snapshots: Counter;
  gaps: Counter;
  ignored: Counter;
  closed: Counter<'code'>;
  capped: Counter;
  streams: Gauge;
}

/** What is read when Prometheus asks rather than counted along the way. */
export interface LiveReadings {
  lagMs(): number;
  sockets(): number;
  behind(): number;
  bufferedBytes(): number;
  listenerUp(): boolean;
  listenerRebuilds(): number;
}

export function createTelemetry(registry: Registry, readings: () => LiveReadings | null): LiveTelemetry {
  const registers = [registry];
  const counter = (name: string, help: string) =>
    new Counter({ name: `callboard_live_${name}`, help, registers });
  const reading = (name: string, help: string, read: (from: LiveReadings) => number) =>
    new Gauge({
      name: `callboard_live_${name}`,
      help,
      registers,
      collect() {
        const from = readings();
        if (from) this.set(read(from));
      },
    });
  reading('feed_lag_seconds', 'How far the slowest tenant is behind its log', (from) => from.lagMs() / 1_000);
  reading('sockets', 'Live connections, both transports', (from) => from.sockets());
  reading('sockets_behind', 'Connections that do not keep up', (from) => from.behind());
  reading('buffered_bytes', 'Bytes waiting to be sent to all connections', (from) => from.bufferedBytes());
  reading('listener_up', '1 while the LISTEN connection is alive', (from) => Number(from.listenerUp()));
  reading('listener_rebuilds', 'LISTEN connections made again after a loss', (from) =>
    from.listenerRebuilds(),
  );
  return {
    folded: counter('events_folded_total', 'Events folded into live state'),
    patches: counter('patches_total', 'Patches published, one per stream and change'),
    deliveries: counter('deliveries_total', 'Patches times their subscribers'),
    snapshots: counter('snapshots_total', 'Snapshots sent'),
    gaps: counter('gaps_total', 'Subscriptions renewed by a client that had missed something'),
    ignored: counter('ignored_messages_total', 'Client messages nobody understands'),
    capped: counter(
      'capped_total',
      'Connections refused because their address had too many, or made them too fast',
    ),
    closed: new Counter({
      name: 'callboard_live_closed_total',
      help: 'Connections closed by the server',
      labelNames: ['code'],
      registers,
    }),
    streams: new Gauge({ name: 'callboard_live_streams', help: 'Streams with subscribers', registers }),
  };
}
