import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Board.module.css';
import { TILES } from './registry.ts';
import { TileFrame } from './TileFrame.tsx';

/** A tile on the 12 × 12 grid: columns and rows count from 1. */
interface Placement {
  type: string;
  column: number;
  columns: number;
  row: number;
  rows: number;
  config?: Record<string, unknown>;
}

/** The wall everybody starts with: figures across the top, where the trouble is below, people at the foot. */
const WALL: readonly Placement[] = [
  { type: 'waiting', column: 1, columns: 2, row: 1, rows: 3 },
  { type: 'longestWait', column: 3, columns: 2, row: 1, rows: 3 },
  { type: 'serviceLevel', column: 5, columns: 2, row: 1, rows: 3 },
  { type: 'abandoned', column: 7, columns: 2, row: 1, rows: 3 },
  { type: 'asa', column: 9, columns: 2, row: 1, rows: 3 },
  { type: 'offered', column: 11, columns: 2, row: 1, rows: 3 },
  { type: 'queues', column: 1, columns: 9, row: 4, rows: 5 },
  { type: 'agents', column: 10, columns: 3, row: 4, rows: 3 },
  { type: 'trend', column: 10, columns: 3, row: 7, rows: 3 },
  { type: 'agentGrid', column: 1, columns: 9, row: 9, rows: 4 },
  { type: 'calls', column: 10, columns: 3, row: 10, rows: 3 },
];

export function Board() {
  return (
    <main className={styles.board}>
      {WALL.map((placement) => (
        <div
          key={placement.type}
          className={styles.place}
          data-type={placement.type}
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
