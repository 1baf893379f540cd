import type { AgentState, AgentView } from '../../shared/contract/metrics.ts';
import { agent, ago } from './figures.ts';

const NAMES = `Aaron Levi,Agnes Virtanen,Amira Haddad,Anton Berger,Beatriz Costa,Bram de Vries,Carla Moretti,
Chidi Okafor,Clara Lindqvist,Dalia Mansour,Daniel Novak,Elif Yilmaz,Emma Fischer,Farid Rahimi,Freya Olsen,
Gabriel Roux,Grace Kimani,Hana Sato,Henrik Dahl,Ida Kowalska,Ines Alvarez,Isaac Mensah,Jana Weber,Jonas Keller,
Julia Petrova,Kofi Asante,Lara Schmidt,Leo Marchand,Lin Chen,Lucia Romano,Luis Ortega,Malik Diallo,Marta Nowak,
Mei Tanaka,Milan Horvat,Minh Tran,Nadia Karimi,Noah Jensen`
  .split(',')
  .map((name) => name.trim());

const PAUSE_LIMIT_MS = 8 * 60_000;
const REASONS = ['Break', 'Lunch', 'Coaching'];

/** So many people, what they do in the given proportions, all at different lengths. */
export function people(count: number, states: readonly AgentState[]): AgentView[] {
  return Array.from({ length: count }, (_, index) => {
    const name = NAMES[index % NAMES.length] ?? '';
    const round = Math.floor(index / NAMES.length);
    const state = states[index % states.length] ?? 'available';
    const reason = state === 'paused' ? (REASONS[index % REASONS.length] ?? null) : null;
    const isOutbound = state === 'talking' && index % 9 === 0;
    const seconds = 7 + ((index * 97) % 640);
    const isTalking = (state === 'talking' || state === 'hold') && !isOutbound;
    return agent(round === 0 ? name : `${name} ${round + 1}`, state, seconds, {
      reason: isOutbound ? 'outbound' : reason,
      pauseLimitMs: state === 'paused' ? PAUSE_LIMIT_MS : null,
      queueId: isTalking ? 'General' : null,
      callSince: isTalking ? ago(seconds) : null,
      unreachable: index % 31 === 30,
    });
  });
}
