import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScreenFace } from '../../shared/contract/screens.ts';
import app from '../app/App.module.css';
import header from '../app/Header.module.css';
import { Clock, Part, TroubleLine } from '../app/Header.tsx';
import { Board } from '../board/Board.tsx';
import { PLACEMENTS } from '../board/boards.ts';
import styles from './Kiosk.module.css';

/** A board that fills the display: nothing to press, nothing that moves but the figures. */
export function Kiosk({ face, isIdentified }: { face: ScreenFace; isIdentified: boolean }) {
  const { t } = useTranslation();
  const isStill = useStillness();
  // A board this page does not know is one of a newer server, which will have it reload.
  const board = Object.hasOwn(PLACEMENTS, face.board) ? face.board : 'wall';
  return (
    <div className={`${app.wall} ${styles.kiosk}`} data-still={isStill}>
      <title>{t('screen.title', { name: face.name })}</title>
      <header className={header.header}>
        <h1 className={header.name}>{face.tenant.name}</h1>
        <Part sectors={face.sectors} />
        <TroubleLine />
        <Clock />
      </header>
      <Board of={board} />
      {isIdentified && (
        <p className={styles.identity} role="status">
          <span>{face.name}</span>
        </p>
      )}
    </div>
  );
}

const STILL_MS = 3_000;

/** True once the pointer has not moved for a while; on most displays there is none that ever does. */
function useStillness(): boolean {
  const [isStill, setStill] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const moved = (): void => {
      clearTimeout(timer);
      setStill(false);
      timer = setTimeout(() => setStill(true), STILL_MS);
    };
    moved();
    addEventListener('pointermove', moved);
    return () => {
      clearTimeout(timer);
      removeEventListener('pointermove', moved);
    };
  }, []);
  return isStill;
}
