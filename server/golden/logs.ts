import { figuresOfProduction, figuresOfRealtime } from './production.ts';
import type { Figure, Readings } from './readings.ts';
import { figuresOfWazo } from './wazo.ts';

/** A log beside the checkout, and what is published of it. */
export interface GoldenLog {
  file: string;
  figures: (readings: Readings) => Promise<Figure[]>;
}

export function wazoLog(id: number): GoldenLog {
  return {
    file: `wazo/${String(id).padStart(2, '0')}.log`,
    figures: (readings) => figuresOfWazo(readings, id),
  };
}

/** Logs that speak of the same queue on the same day belong in call centres of their own: each list is one that can hold all of it. */
export const GOLDEN_LOGS: readonly (readonly GoldenLog[])[] = [
  [
    ...['pbxware_2018.log', 'asterisk16_2010.log'].map((file) => ({
      file,
      figures: (readings: Readings) => figuresOfProduction(readings, file),
    })),
    { file: 'asterisk_realtime_2023.txt', figures: figuresOfRealtime },
    ...[1, 2, 12, 13, 23].map(wazoLog),
  ],
  [wazoLog(5)],
  [wazoLog(7)],
];
