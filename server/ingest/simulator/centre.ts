import type { OpeningHours, PauseLimit } from '../../../shared/contract/settingsRest.ts';
import { minutesOf } from '../../../shared/metrics/openingHours.ts';

/**
 * The demo call centre: who works there, what is asked of it, when. Figures a manager of such a centre would find
 * ordinary (docs/demo.md); durations in seconds unless their name says otherwise.
 */
export interface DemoQueue {
  name: string;
  sector: string;
  /** Calls on a plain Tuesday. */
  perDay: number;
  handleSeconds: number;
  /** Service level threshold, or null for the tenant's own. */
  thresholdSeconds: number | null;
}

export interface DemoSector {
  id: string;
  name: string;
  /** Mean of what agents take, capped. */
  wrapUpSeconds: number;
  /** How often an agent with nothing to do dials out. */
  outboundShare: number;
  agents: readonly string[];
}

export const SECTORS: readonly DemoSector[] = [
  {
    id: 'service',
    name: 'Service',
    wrapUpSeconds: 30,
    outboundShare: 0.17,
    agents: namesOf(`Amira Haddad,Anton Berger,Beatriz Costa,Bram de Vries,Carla Moretti,Chidi Okafor,
      Clara Lindqvist,Daniel Novak,Elif Yilmaz,Emma Fischer,Farid Rahimi,Freya Olsen,Gabriel Roux,Hana Sato,
      Henrik Dahl,Ida Kowalska,Ines Alvarez,Isaac Mensah,Jana Weber,Jonas Keller,Julia Petrova,Kofi Asante,
      Lara Schmidt,Leo Marchand,Lin Chen,Lucia Romano,Malik Diallo`),
  },
  {
    id: 'sales',
    name: 'Sales',
    wrapUpSeconds: 50,
    outboundShare: 0.66,
    agents: namesOf(`Marta Nowak,Mei Tanaka,Milan Horvat,Nadia Karimi,Noah Jensen,Olga Ivanova,Omar Said,
      Petra Vogel,Priya Nair,Rafael Santos,Sofia Greco,Tom Becker,Yara Khalil,Zoe Laurent`),
  },
  {
    id: 'technical',
    name: 'Technical',
    wrapUpSeconds: 60,
    outboundShare: 0.24,
    agents: namesOf(`Aaron Levi,Agnes Virtanen,Bilal Aydin,Cormac Byrne,Dalia Mansour,Dmitri Sokolov,
      Esther Owusu,Filip Janssen,Grace Kimani,Hugo Lambert,Irena Kovac,Jakub Zeman,Katrin Huber,Luis Ortega,
      Minh Tran,Nora Bakke,Oscar Lund,Rina Cohen,Samir Patel`),
  },
];

export const QUEUES: readonly DemoQueue[] = [
  { name: 'General', sector: 'service', perDay: 800, handleSeconds: 290, thresholdSeconds: null },
  { name: 'Billing', sector: 'service', perDay: 500, handleSeconds: 350, thresholdSeconds: null },
  { name: 'New business', sector: 'sales', perDay: 280, handleSeconds: 420, thresholdSeconds: null },
  { name: 'Retention', sector: 'sales', perDay: 140, handleSeconds: 510, thresholdSeconds: null },
  { name: 'Technical help', sector: 'technical', perDay: 460, handleSeconds: 480, thresholdSeconds: null },
  { name: 'Outages', sector: 'technical', perDay: 170, handleSeconds: 220, thresholdSeconds: null },
];

/** The one queue that never closes; at night and on Sundays everything comes to it. */
export const ALWAYS_OPEN = 'Outages';

/** Share of a weekday's calls in each hour from 08 to 19; the rest comes at night. */
export const HOUR_SHARES = [6, 9.9, 10.5, 10.2, 9.7, 9.3, 9.2, 8.8, 8, 6.6, 5.2, 4.4] as const;
export const NIGHT_CALLS_PER_HOUR = 4.5;

/** By ISO weekday, Monday first. Saturday and Sunday are shares of a weekday. */
export const DAY_FACTORS = [1.12, 1, 0.94, 0.95, 0.98, 0.21, 0.07] as const;

/** Of the queues other than {@link ALWAYS_OPEN}. */
export const OPENING_HOURS: OpeningHours = [
  { days: [1, 2, 3, 4, 5], opens: '08:00', closes: '20:00' },
  { days: [6], opens: '09:00', closes: '16:00' },
];

/** The same in local minutes, by ISO weekday; null: closed. */
export function openMinutes(weekday: number): readonly [number, number] | null {
  const span = OPENING_HOURS.find(({ days }) => days.includes(weekday));
  return span ? [minutesOf(span.opens), minutesOf(span.closes)] : null;
}

/** How long a pause may last before the wall marks it. */
export const PAUSE_LIMITS: PauseLimit[] = [
  { reason: 'Break', minutes: 15 },
  { reason: 'Lunch', minutes: 30 },
  { reason: 'Coaching', minutes: 30 },
  { reason: 'Meeting', minutes: 45 },
];

interface Shift {
  /** Hours after midnight. */
  from: number;
  to: number;
  /** People by sector: service, sales, technical. */
  people: readonly [number, number, number];
}

const WEEKDAY: readonly Shift[] = [
  { from: 0, to: 8, people: [0, 0, 2] },
  { from: 8, to: 13.5, people: [3, 1, 2] },
  { from: 8, to: 15, people: [1, 1, 1] },
  { from: 8, to: 15.5, people: [2, 1, 1] },
  { from: 8, to: 17, people: [2, 1, 1] },
  { from: 8, to: 18, people: [2, 1, 1] },
  { from: 9, to: 19, people: [2, 2, 2] },
  { from: 9, to: 20, people: [3, 2, 2] },
  { from: 10, to: 20, people: [2, 0, 1] },
  { from: 10.25, to: 20, people: [0, 1, 0] },
  { from: 12, to: 20, people: [3, 1, 2] },
  { from: 20, to: 24, people: [0, 0, 2] },
];
const SATURDAY: readonly Shift[] = [
  { from: 0, to: 8, people: [0, 0, 2] },
  { from: 8, to: 9, people: [0, 0, 2] },
  { from: 9, to: 16, people: [6, 4, 5] },
  { from: 16, to: 20, people: [0, 0, 2] },
  { from: 20, to: 24, people: [0, 0, 2] },
];
const SUNDAY: readonly Shift[] = [
  { from: 0, to: 8, people: [0, 0, 2] },
  { from: 8, to: 20, people: [0, 0, 3] },
  { from: 20, to: 24, people: [0, 0, 2] },
];

export function shiftsOf(weekday: number): readonly Shift[] {
  return weekday === 7 ? SUNDAY : weekday === 6 ? SATURDAY : WEEKDAY;
}

function namesOf(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}
