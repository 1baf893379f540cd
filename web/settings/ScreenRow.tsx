import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BOARD_IDS, type BoardId } from '../../shared/contract/boards.ts';
import { AUDIENCES, type Audience } from '../../shared/contract/permissions.ts';
import type { Screen, ScreenChange, ScreenChoices, ScreenCommand } from '../../shared/contract/screens.ts';
import { formatDateTime } from '../ui/format.ts';
import { Mark, type Shape } from '../ui/Mark.tsx';
import own from './Access.module.css';
import { Confirmed } from './Confirmed.tsx';
import { HeldTo } from './HeldTo.tsx';
import { SavedField } from './SavedField.tsx';
import fleet from './Screens.module.css';
import styles from './Settings.module.css';
import { sectorsText } from './sectorsText.ts';
import { useAttempt } from './useAttempt.ts';

const MARKS: Record<Screen['state'], Shape> = {
  waiting: 'half',
  online: 'disc',
  offline: 'ring',
  lost: 'triangle',
};

interface ScreenRowProps {
  screen: Screen;
  choices: ScreenChoices;
  change(wish: ScreenChange): Promise<void>;
  tell(command: ScreenCommand): Promise<void>;
  revoke(): Promise<void>;
}

/** One screen: how it is, and behind "Change" what it shows. */
export function ScreenRow({ screen, choices, change, tell, revoke }: ScreenRowProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { problem, attempt } = useAttempt();
  const { name, state, lastSeenAt } = screen;
  const time = lastSeenAt === null ? '' : formatDateTime(Date.parse(lastSeenAt));
  const isOnline = state === 'online';
  return (
    <li className={`${own.row} ${fleet.screen}`} data-state={state}>
      <div>
        <p className={own.rowName}>{name}</p>
        <p className={fleet.state}>
          <Mark shape={MARKS[state]} /> {t(`settings.screens.state.${state}`, { time })}
        </p>
        <p className={own.hint}>{useFacts(screen, choices).join(' · ')}</p>
      </div>
      <div className={styles.asked}>
        {(['identify', 'reload'] as const).map((command) => (
          <button
            key={command}
            type="button"
            className={styles.button}
            aria-label={t(`settings.screens.${command}Named`, { name })}
            title={command === 'identify' ? t('settings.screens.identifyHint') : undefined}
            disabled={!isOnline}
            onClick={() => void attempt(() => tell(command))}
          >
            {t(`settings.screens.${command}`)}
          </button>
        ))}
        <button
          type="button"
          className={styles.button}
          aria-label={t('settings.screens.changeNamed', { name })}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t(isOpen ? 'settings.screens.done' : 'settings.screens.change')}
        </button>
      </div>
      <p className={styles.problem} role="alert">
        {problem}
      </p>
      {isOpen && <Editor screen={screen} choices={choices} change={change} revoke={revoke} />}
    </li>
  );
}

function useFacts(
  { board, audience, sectors, resolution, isOutdated, address }: Screen,
  choices: ScreenChoices,
) {
  const { t } = useTranslation();
  return [
    t(`settings.screens.boards.${board}`),
    t(`settings.screens.audiences.${audience}`),
    sectorsText(sectors, choices.sectors, t),
    ...(resolution === '' ? [] : [resolution]),
    ...(address === '' ? [] : [address]),
    ...(isOutdated ? [t('settings.screens.outdated')] : []),
  ];
}

function Editor({ screen, choices, change, revoke }: Omit<ScreenRowProps, 'tell'>) {
  const { t } = useTranslation();
  const { name, board, audience, sectors } = screen;
  return (
    <div className={fleet.editor}>
      <SavedField
        label={t('settings.screens.name')}
        value={name}
        save={(text) => change({ name: text.trim() })}
      />
      <SavedField
        label={t('settings.screens.board')}
        value={board}
        options={BOARD_IDS.map((value) => ({ value, name: t(`settings.screens.boards.${value}`) }))}
        // One of the options, which are the boards.
        save={(value) => change({ board: value as BoardId })}
      />
      <SavedField
        label={t('settings.screens.audience')}
        value={audience}
        options={AUDIENCES.map((value) => ({ value, name: t(`settings.screens.audiences.${value}`) }))}
        // As above.
        save={(value) => change({ audience: value as Audience })}
      />
      <div className={own.labelled}>
        <p>{t('settings.held.title')}</p>
        <HeldTo
          name={name}
          held={sectors}
          sectors={choices.sectors}
          mayChooseAll={choices.mayShowAll}
          save={(chosen) => change({ sectors: chosen })}
        />
      </div>
      <Confirmed words="settings.screens" name={name} act={revoke} />
    </div>
  );
}
