import type { ComponentType } from 'react';
import { Abandoned } from '../tiles/Abandoned.tsx';
import { AgentGrid } from '../tiles/AgentGrid.tsx';
import { Agents } from '../tiles/Agents.tsx';
import { Answered } from '../tiles/Answered.tsx';
import { Asa } from '../tiles/Asa.tsx';
import { LongestWait } from '../tiles/LongestWait.tsx';
import { Offered } from '../tiles/Offered.tsx';
import { QueueTable } from '../tiles/QueueTable.tsx';
import { ServiceLevel } from '../tiles/ServiceLevel.tsx';
import { Trend } from '../tiles/Trend.tsx';
import { Waiting } from '../tiles/Waiting.tsx';
import { WaitingCalls } from '../tiles/WaitingCalls.tsx';

/** What a tile's owner may set: the name of the option and how it is edited. */
export interface Field {
  name: string;
  kind: 'count' | 'seconds';
}

/** A kind of tile. `name` is a key of the translations; options a placement leaves out come from `defaults`. */
export interface TileType {
  type: string;
  name: string;
  component: ComponentType<{ config: object }>;
  defaults: Readonly<object>;
  fields: readonly Field[];
}

/** Ties a tile's defaults and fields to its options; what they are only the tile itself needs to know. */
function tile<Config extends object>(
  type: string,
  component: ComponentType<{ config: Config }>,
  defaults: Config,
  fields: readonly (Field & { name: keyof Config & string })[] = [],
): TileType {
  // The board hands every tile its own defaults, overridden: what it gets is a Config.
  const widened = component as ComponentType<{ config: object }>;
  return { type, name: `${type}.name`, component: widened, defaults, fields };
}

/** One file and one line here make a tile. */
export const TILES: readonly TileType[] = [
  tile('waiting', Waiting, { warning: 5, critical: 10 }, [
    { name: 'warning', kind: 'count' },
    { name: 'critical', kind: 'count' },
  ]),
  tile('longestWait', LongestWait, { warningSeconds: 60, criticalSeconds: 180 }, [
    { name: 'warningSeconds', kind: 'seconds' },
    { name: 'criticalSeconds', kind: 'seconds' },
  ]),
  tile('serviceLevel', ServiceLevel, {}),
  tile('offered', Offered, {}),
  tile('answered', Answered, {}),
  tile('asa', Asa, {}),
  tile('abandoned', Abandoned, {}),
  tile('agents', Agents, {}),
  tile('queues', QueueTable, { criticalSeconds: 180 }, [{ name: 'criticalSeconds', kind: 'seconds' }]),
  tile('trend', Trend, {}),
  tile('agentGrid', AgentGrid, {}),
  tile('calls', WaitingCalls, { criticalSeconds: 180 }, [{ name: 'criticalSeconds', kind: 'seconds' }]),
];
