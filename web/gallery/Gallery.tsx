import type { ReactNode } from 'react';
import type { BoardId } from '../../shared/contract/boards.ts';
import app from '../app/App.module.css';
import { Header } from '../app/Header.tsx';
import { Board } from '../board/Board.tsx';
import { TILES } from '../board/registry.ts';
import { LiveContext } from '../live/hooks.ts';
import { createStore } from '../live/store.ts';
import { NOW } from './figures.ts';
import styles from './Gallery.module.css';
import type { Scene } from './scenes.ts';

/** What a tile gets on a 720p wall, on a 1080p wall in the right column, and across half of it; in px. */
const SIZES = [
  { name: 'small', width: 203, height: 161 },
  { name: 'medium', width: 464, height: 252 },
  { name: 'large', width: 960, height: 420 },
] as const;

export function Gallery({ scenes }: { scenes: readonly Scene[] }) {
  return (
    <main className={styles.gallery}>
      {scenes.map((scene) => (
        <section key={scene.name} aria-label={scene.name} data-scene={scene.name}>
          <h2 className={styles.name}>{scene.name}</h2>
          <Showing scene={scene}>
            {SIZES.map(({ name, width, height }) => (
              <div key={name} className={styles.row}>
                {TILES.map(({ type, component: Tile, defaults }) => (
                  <div key={type} className={styles.place} style={{ inlineSize: width, blockSize: height }}>
                    <Tile config={defaults} />
                  </div>
                ))}
              </div>
            ))}
          </Showing>
        </section>
      ))}
    </main>
  );
}

const ACME = { id: 'acme', name: 'Acme' };
const nothing = async (): Promise<void> => {};

/** A board as a viewer has it. */
export function Wall({ scene, of }: { scene: Scene; of: BoardId }) {
  return (
    <Showing scene={scene}>
      <div className={app.wall}>
        <Header
          tenant={ACME}
          tenants={[ACME]}
          sectors={null}
          mayLookBack
          switchTo={nothing}
          signOut={nothing}
        />
        <Board of={of} />
      </div>
    </Showing>
  );
}

/** A store that holds the scene, at an instant that stands still. */
function Showing({ scene, children }: { scene: Scene; children: ReactNode }) {
  const store = createStore();
  if (scene.values) {
    const place = { epoch: 'gallery', offset: 0, seq: 1, serverTime: new Date(NOW).toISOString() };
    store.apply({ type: 'snapshot', version: 1, ...place, values: scene.values });
  }
  const live = {
    store,
    clock: { now: () => NOW, second: () => NOW, heard() {}, subscribe: () => () => {} },
    trouble: { current: () => scene.trouble, subscribe: () => () => {} },
    timeZone: 'UTC',
  };
  return <LiveContext value={live}>{children}</LiveContext>;
}
