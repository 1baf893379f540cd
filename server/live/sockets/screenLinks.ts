import type { Logger } from 'pino';
import { BOARDS } from '../../../shared/contract/boards.ts';
import type { Command, Scope } from '../../../shared/contract/protocol.ts';
import type { Principal, ScreenPrincipal } from '../../access/principal.ts';
import type { ScreenFacts, ScreenPresence, Standing } from '../../access/screens/screenPresence.ts';

/**
 * What is between a screen and this node beside its figures: which board it is to show, what it is told to do, and that
 * it is there. One link a connection; that of anybody who is no screen does nothing.
 *
 * A command is the screen's row: a link knows the number of the last one it saw, so each connection does each command
 * once, whichever node it is on, and a connection made after a command does not do it (a reload would never end).
 */
export interface ScreenLink {
  /** Whom the connection speaks for, now and whenever that is looked at again. */
  know(principal: Principal): void;
  /** What the screen says of itself. */
  hello(facts: ScreenFacts): void;
  /** Called every second or so: writes down once a minute that the screen is there. */
  check(): void;
  /** The connection is gone; `byItself`, or because we ended it. */
  gone(byItself: boolean): void;
}

export interface ScreenLinks {
  open(send: (command: Command) => void): ScreenLink;
  /** A screen's row may hold a command, by its id; null: anyone's. A hint [L3] [S49]: rows are read, here as anywhere. */
  notified(id: string | null): void;
  close(): void;
}

const SEEN_MS = 60_000;
/** Where it could not be written down. */
const AGAIN_MS = 10_000;
/** A screen says hello at once; one that does not is there all the same. */
const HELLO_MS = 5_000;
const FIND_LOST_MS = 15_000;
/** What was away itself for a while (this node, its database) knows nothing about anybody for as long. */
const STEADY_MS = 120_000;

/** The scope a connection gets: a screen that of its board, whatever it wishes for; anybody else what he wishes. */
export function scopeFor(principal: Principal, wish: Scope): Scope {
  return principal.kind === 'screen' ? BOARDS[principal.board] : wish;
}

export function createScreenLinks({
  presence,
  log,
  findLostMs = FIND_LOST_MS,
  steadyMs = STEADY_MS,
}: {
  presence: ScreenPresence;
  log: Logger;
  findLostMs?: number;
  steadyMs?: number;
}): ScreenLinks {
  const links = new Map<string, Set<{ look(): void }>>();
  let steadySince = performance.now();

  const finding = setInterval(() => {
    if (performance.now() - steadySince < steadyMs) return;
    presence.findLost().catch((error: unknown) => {
      steadySince = performance.now();
      log.warn({ err: error }, 'screens:not_looked_for');
    });
  }, findLostMs);

  const open: ScreenLinks['open'] = (send) => {
    let screen: ScreenPrincipal | null = null;
    let facts: ScreenFacts | null = null;
    let knownAt = 0;
    let seenAt: number | null = null;
    let told = '';
    let commandNumber: number | null = null;
    let isGone = false;
    /** One question at a time, in order; more of the same are not asked. */
    let asking: Promise<void> = Promise.resolve();
    let isLookDue = false;

    const take = ({ face, commandNumber: number, command }: Standing): void => {
      if (isGone) return;
      const text = JSON.stringify(face);
      if (text !== told) send({ type: 'command', command: 'show', face });
      told = text;
      const isNew = commandNumber !== null && number > commandNumber;
      commandNumber = number;
      if (isNew && command !== null) send({ type: 'command', command });
    };

    const ask = (question: (of: ScreenPrincipal) => Promise<Standing | null>): void => {
      asking = asking.then(async () => {
        if (screen === null || isGone) return;
        try {
          const standing = await question(screen);
          if (standing) take(standing);
        } catch (error) {
          seenAt = performance.now() - SEEN_MS + AGAIN_MS;
          log.debug({ err: error }, 'screen:not_noted');
        }
      });
    };

    const look = (): void => {
      if (isLookDue) return;
      isLookDue = true;
      ask((of) => {
        isLookDue = false;
        return presence.look(of);
      });
    };

    const seen = (): void => {
      seenAt = performance.now();
      ask((of) => presence.seen(of, facts));
    };

    const own = { look };

    return {
      know(principal) {
        if (principal.kind !== 'screen') return;
        if (screen === null) {
          knownAt = performance.now();
          links.set(principal.screenId, (links.get(principal.screenId) ?? new Set()).add(own));
        }
        screen = principal;
        look();
      },
      hello(said) {
        facts = said;
        if (screen !== null && seenAt === null) seen();
      },
      check() {
        const at = performance.now();
        if (screen === null || isGone) return;
        if (seenAt === null ? at - knownAt > HELLO_MS : at - seenAt > SEEN_MS) seen();
      },
      gone(byItself) {
        if (screen === null || isGone) return;
        isGone = true;
        const mine = links.get(screen.screenId);
        mine?.delete(own);
        if (mine?.size !== 0) return;
        links.delete(screen.screenId);
        const { screenId } = screen;
        if (byItself) {
          presence
            .left(screen)
            .catch((error: unknown) => log.debug({ err: error, screenId }, 'screen:not_noted'));
        }
      },
    };
  };

  return {
    open,
    notified(id) {
      const named = id === null ? [...links.values()] : [links.get(id) ?? []];
      for (const those of named) for (const link of those) link.look();
    },
    close: () => clearInterval(finding),
  };
}
