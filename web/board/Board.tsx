import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardId } from '../../shared/contract/boards.ts';
import styles from './Board.module.css';
import { PLACEMENTS, type Placement } from './boards.ts';
import { TILES } from './registry.ts';
import { TileFrame } from './TileFrame.tsx';

export function Board({ of }: { of: BoardId }) {
  return (
    <main className={styles.board}>
      {PLACEMENTS[of].map((placement) => (
        <div
          key={placement.type}
          className={styles.place}
          data-type={placement.type}
          data-large={placement.isLarge}
          style={{
            gridColumn: `${placement.column} / span ${placement.columns}`,
            gridRow: `${placement.row} / span ${placement.rows}`,
          }}
        >
          <TileBoundary>
            <Tile placement={placement} />
          </TileBoundary>
        </div>
      ))}
    </main>
  );
}

function Tile({ placement }: { placement: Placement }) {
  const { t } = useTranslation();
  const known = TILES.find(({ type }) => type === placement.type);
  if (!known) {
    return (
      <TileFrame label={placement.type} problem={t('tile.unknown', { type: placement.type })}>
        {null}
      </TileFrame>
    );
  }
  return <known.component config={{ ...known.defaults, ...placement.config }} />;
}

/** One broken tile leaves the others standing. */
class TileBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  return (
    <TileFrame label="" problem={t('tile.failed')}>
      {null}
    </TileFrame>
  );
}
