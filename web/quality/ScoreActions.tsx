import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormVersion } from '../../shared/contract/qualityForms.ts';
import type { ScoreDetail } from '../../shared/contract/qualityScores.ts';
import { Refused } from '../app/ask.ts';
import desk from '../desk/Desk.module.css';
import { useDesk } from '../desk/desk.ts';
import { CriteriaFields } from './CriteriaFields.tsx';
import { answersIn, sentOf, standingOf } from './draft.ts';
import styles from './Review.module.css';
import { Standing } from './Standing.tsx';
import { Unsaved } from './Unsaved.tsx';
import { useWriting } from './useWriting.ts';

const ACTIONS = ['acknowledge', 'dispute', 'resolve'] as const;
type Action = (typeof ACTIONS)[number];

function isPossible(action: Action, { state }: ScoreDetail): boolean {
  return action === 'resolve' ? state === 'disputed' : state === 'signed';
}

/** What the agent says is entered for him; a manager has the last word. What was typed stays, whatever happened meanwhile. */
export function ScoreActions({ score, form }: { score: ScoreDetail; form: FormVersion | undefined }) {
  const { t } = useTranslation();
  const { may } = useDesk();
  const [chosen, choose] = useState<Action | null>(null);
  const possible = ACTIONS.filter(
    (action) => isPossible(action, score) && may(action === 'resolve' ? 'quality:manage' : 'quality:score'),
  );
  if (chosen !== null)
    return <OneAction action={chosen} score={score} form={form} close={() => choose(null)} />;
  if (score.state === 'disputed' && possible.length === 0)
    return <p className={desk.quiet}>{t('quality.action.askManager')}</p>;
  if (possible.length === 0) return null;
  return (
    <div className={styles.actions}>
      {possible.map((action) => (
        <button key={action} type="button" className={desk.button} onClick={() => choose(action)}>
          {t(`quality.action.${action}`)}
        </button>
      ))}
    </div>
  );
}

interface OneActionProps {
  action: Action;
  score: ScoreDetail;
  form: FormVersion | undefined;
  close(): void;
}

function OneAction({ action, score, form, close }: OneActionProps) {
  const { t } = useTranslation();
  const { write } = useDesk();
  const client = useQueryClient();
  const id = useId();
  const [text, setText] = useState('');
  const [answers, setAnswers] = useState(() => answersIn(score.answers));
  const [isChanging, setChanging] = useState(false);
  const [isMoved, setMoved] = useState(false);
  const { problem, isBusy, attempt } = useWriting();
  const path = `analytics/quality/scores/${score.id}`;
  const standing = form && standingOf(form, answers);
  const isWanted = isPossible(action, score);
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
      close();
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
    >
      <Unsaved isUnsaved={() => text.trim() !== '' || isChanging} drop={close} />
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
            onChange={({ target }) => setChanging(target.checked)}
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
            onChange={setAnswers}
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
        onChange={({ target }) => setText(target.value)}
      />
      <p className={styles.problem} role="alert">
        {problem}
      </p>
      <div className={styles.actions}>
        <button type="submit" className={styles.main} disabled={isBusy || !isWanted}>
          {t(`quality.action.${action}Send`)}
        </button>
        <button type="button" className={desk.button} onClick={close}>
          {t('quality.draft.goOn')}
        </button>
      </div>
    </form>
  );
}

/** As it appears. */
function focusOnce(field: HTMLTextAreaElement | null): void {
  field?.focus();
}
