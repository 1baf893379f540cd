import { z } from 'zod';
import { BOARD_IDS } from './boards.ts';
import { id, text } from './ids.ts';
import { AUDIENCES } from './permissions.ts';

/** Bodies and answers of `/api/v1/screens`: displays on walls, and how one becomes a screen of a tenant. */

/** Without any that is taken for another across a room or spelt into a word: 0 O 1 I L, 2 Z, 5 S, 8 B, U V, G Q, A E. */
export const CODE_ALPHABET = 'CDFHJKMNPRTVWXY34679';
export const CODE_LENGTH = 8;

/** What a display gets that asks to be paired: `code` is for people, `secret` for itself alone. */
export const openedPairing = z.object({
  code: z.string(),
  secret: z.string(),
  expiresAt: z.iso.datetime(),
});
export type OpenedPairing = z.infer<typeof openedPairing>;

export const pairingClaim = z.strictObject({ secret: z.string().max(100) });

const board = z.enum(BOARD_IDS, { error: `must be one of ${BOARD_IDS.join(', ')}` });
const audience = z.enum(AUDIENCES, { error: `must be one of ${AUDIENCES.join(', ')}` });
const sectors = z.array(id).max(100, 'must be at most 100 sectors');
const name = text(60).min(1, 'must not be empty');

/** What a screen shows, and of whom it is: all it needs to begin. */
export const screenFace = z.object({
  name: z.string(),
  board,
  /** Those it is held to, by name; null: it shows all. */
  sectors: z.array(z.string()).nullable(),
  tenant: z.object({ name: z.string(), timeZone: z.string() }),
});
export type ScreenFace = z.infer<typeof screenFace>;

/** `waiting` until somebody has entered the code; then the screen's token, in this one answer. */
export const claimedPairing = z.discriminatedUnion('state', [
  z.object({ state: z.literal('waiting') }),
  z.object({ state: z.literal('paired'), token: z.string(), face: screenFace }),
]);
export type ClaimedPairing = z.infer<typeof claimedPairing>;

export const renewedScreen = z.object({ token: z.string() });

/** Entering a code. `sectors`: what it may see; none is all of them. */
export const screenRequest = z.strictObject({
  code: z
    .string()
    .max(40)
    .transform((typed) => typed.toUpperCase().replace(/[^A-Z0-9]/g, '')),
  name,
  board: board.default('wall'),
  audience: audience.default('supervisor'),
  sectors: sectors.default([]),
});
export type ScreenRequest = z.output<typeof screenRequest>;

export const screenChange = z.strictObject({ name, board, audience, sectors }).partial();
export type ScreenChange = z.output<typeof screenChange>;

/** What a screen can be told to do, once. */
export const SCREEN_COMMANDS = ['reload', 'identify'] as const;
export type ScreenCommand = (typeof SCREEN_COMMANDS)[number];

/**
 *   waiting   its code was entered, the display has not come for its token yet
 *   online    connected
 *   offline   not connected, for less than two minutes
 *   lost      not connected for longer: somebody should look
 */
export const SCREEN_STATES = ['waiting', 'online', 'offline', 'lost'] as const;

export const screen = z.object({
  id: z.uuid(),
  name: z.string(),
  board,
  audience,
  sectors: z.array(z.string()),
  state: z.enum(SCREEN_STATES),
  /** To the minute while it is connected. */
  lastSeenAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  /** The page it runs; `isOutdated` where that is not the one this server serves. */
  build: z.string(),
  isOutdated: z.boolean(),
  /** As `1920×1080`; empty until it has said. */
  resolution: z.string(),
  address: z.string(),
});
export type Screen = z.infer<typeof screen>;

/** What whoever asks may show on a screen: some of these sectors, or all there are by naming none. */
export const screenChoices = z.object({
  sectors: z.array(z.object({ sectorId: z.string(), name: z.string() })),
  mayShowAll: z.boolean(),
});
export type ScreenChoices = z.infer<typeof screenChoices>;
