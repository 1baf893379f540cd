import { useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { FormVersion } from '../../shared/contract/qualityForms.ts';
import type { ScoreDetail } from '../../shared/contract/qualityScores.ts';
import { Refused } from '../app/ask.ts';
import desk from '../desk/Desk.module.css';
import { useDesk } from '../desk/desk.ts';
import { CriteriaFields } from './CriteriaFields.tsx';
import { type Answers, answersIn, sentOf, standingOf } from './draft.ts';
import styles from './Review.module.css';
import { Standing } from './Standing.tsx';
import { Unsaved } from './Unsaved.tsx';
import { useWriting } from './useWriting.ts';

const ACTIONS = ['acknowledge', 'dispute', 'resolve'] as const;
type Action = (typeof ACTIONS)[number];

function isPossible(action: Action, { state }: ScoreDetail): boolean {
  return action === 'resolve' ? state === 'disputed' : state === 'signed';
}

/** What somebody has written to an action; it stays as he puts it off. */
interface Written {
  text: string;
  /** Others than there are; null: he has not looked at them. They count while `isChanging`. */
  answers: Answers | null;
  isChanging: boolean;
}
const NOTHING_YET: Written = { text: '', answers: null, isChanging: false };

/** What the agent says is entered for him; a manager has the last word. What was typed stays, whatever happened meanwhile. */
export function ScoreActions({ score, form }: { score: ScoreDetail; form: FormVersion | undefined }) {
  const { t } = useTranslation();
  const { may } = useDesk();
  const [chosen, choose] = useState<Action | null>(null);
  const [written, setWritten] = useState<Partial<Record<Action, Written>>>({});
  const buttons = useRef<HTMLDivElement>(null);
  const possible = ACTIONS.filter(
    (action) => isPossible(action, score) && may(action === 'resolve' ? 'quality:manage' : 'quality:score'),
  );
  // What can no longer be done, and was put off, has no place where it could be read.
  const isUnsaved = (): boolean =>
    ACTIONS.filter((action) => action === chosen || possible.includes(action)).some((action) => {
      const { text, isChanging } = written[action] ?? NOTHING_YET;
      return text.trim() !== '' || isChanging;
    });
  const close = (): void => {
    flushSync(() => choose(null));
    buttons.current?.querySelector<HTMLElement>(`[data-action="${chosen}"]`)?.focus();
  };
  const drop = (): void => {
    setWritten({});
    choose(null);
  };
  return (
    <>
      <Unsaved isUnsaved={isUnsaved} drop={drop} />
      {chosen !== null ? (
        <OneAction
          action={chosen}
          score={score}
          form={form}
          written={written[chosen] ?? NOTHING_YET}
          onWrite={(one) => setWritten({ ...written, [chosen]: one })}
          onDone={drop}
          close={close}
        />
      ) : possible.length > 0 ? (
        <div className={styles.actions} ref={buttons}>
          {possible.map((action) => (
            <button
              key={action}
              type="button"
              className={desk.button}
              data-action={action}
              onClick={() => choose(action)}
            >
              {t(`quality.action.${action}`)}
            </button>
          ))}
        </div>
      ) : (
        score.state === 'disputed' && <p className={desk.quiet}>{t('quality.action.askManager')}</p>
      )}
    </>
  );
}

interface OneActionProps {
  action: Action;
  score: ScoreDetail;
  form: FormVersion | undefined;
  written: Written;
  onWrite(written: Written): void;
  /** It is as it was to be. */
  onDone(): void;
  /** Not yet. */
  close(): void;
}

function OneAction(props: OneActionProps) {
  const { action, score, form, written, onWrite, onDone, close } = props;
  const { t } = useTranslation();
  const { write } = useDesk();
  const client = useQueryClient();
  const id = useId();
  const { text, isChanging } = written;
  const answers = written.answers ?? answersIn(score.answers);
  const [isMoved, setMoved] = useState(false);
  const { problem, isBusy, attempt } = useWriting();
  const path = `analytics/quality/scores/${score.id}`;
  const standing = form && standingOf(form, answers);
  const isWanted = isPossible(action, score);
  // What is under way is: whether it worked is told here.
  const putOff = (): void => {
    if (!isBusy) close();
  };
  const send = async (): Promise<void> => {
    const said = action === 'dispute' ? { reason: text } : { comment: text };
    const changed = isChanging && form ? { answers: sentOf(form, answers) } : {};
    try {
      const { data } = await write<{ data: ScoreDetail }>('POST', `${path}/${action}`, {
        version: score.version,
        ...said,
        ...changed,
      });
      client.setQueryData(['analytics/quality/scores/:id', path], { data });
      onDone();
    } catch (error) {
      if (!(error instanceof Refused) || !error.current) throw error;
      // What there is now is shown above, and what was typed stays here.
      client.setQueryData(['analytics/quality/scores/:id', path], { data: error.current });
      setMoved(true);
    }
  };
  return (
    <form
      className={`${desk.panel} ${styles.action}`}
      aria-label={t(`quality.action.${action}`)}
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(send);
      }}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && putOff()}
    >
      <h2>{t(`quality.action.${action}`)}</h2>
      <p className={styles.guidance}>{t(`quality.action.${action}Note`)}</p>
      {isMoved && (
        <p className={desk.note} role="alert">
          {t(isWanted ? 'quality.action.moved' : 'quality.action.gone', {
            state: t(`quality.state.${score.state}`),
          })}
        </p>
      )}
      {action === 'resolve' && form && (
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={isChanging}
            onChange={({ target }) => onWrite({ text, answers, isChanging: target.checked })}
          />
          {t('quality.action.change')}
        </label>
      )}
      {isChanging && form && standing && (
        <>
          <Standing standing={standing} form={form} />
          <CriteriaFields
            form={form}
            answers={answers}
            missing={standing.missing.map(({ id: missing }) => missing)}
            onChange={(next) => onWrite({ ...written, answers: next })}
          />
        </>
      )}
      <label htmlFor={id}>{t(`quality.action.${action}Text`)}</label>
      <textarea
        id={id}
        ref={focusOnce}
        rows={4}
        maxLength={2_000}
        dir="auto"
        required={action !== 'acknowledge'}
        value={text}
        onChange={({ target }) => onWrite({ ...written, text: target.value })}
      />
      <p className={styles.problem} role="alert">
        {problem}
      </p>
      <div className={styles.actions}>
        <button type="submit" className={styles.main} disabled={!isWanted} aria-disabled={isBusy}>
          {t(`quality.action.${action}Send`)}
        </button>
        <button type="button" className={desk.button} onClick={putOff}>
          {t('quality.draft.goOn')}
        </button>
      </div>
    </form>
  );
}

/** As it appears, behind what was written before. */
function focusOnce(field: HTMLTextAreaElement | null): void {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}
