import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { FormVersion } from '../../shared/contract/qualityForms.ts';
import type { ScoreDetail } from '../../shared/contract/qualityScores.ts';
import desk from '../desk/Desk.module.css';
import { useDesk } from '../desk/desk.ts';
import { CallFacts } from './CallFacts.tsx';
import { Confirm } from './Confirm.tsx';
import { CriteriaFields } from './CriteriaFields.tsx';
import { type Answers, answersIn, isCommentWaiting, sentOf, standingOf } from './draft.ts';
import { focusOn, focusShown } from './focusOn.ts';
import styles from './Review.module.css';
import { SavingLine } from './SavingLine.tsx';
import { Standing } from './Standing.tsx';
import { createSaver } from './saver.ts';
import { Unsaved } from './Unsaved.tsx';
import { useWriting } from './useWriting.ts';

/** A call scored in one screen, by keys alone where somebody likes; kept as it is written, locked by signing. */
export function ScoreDraft({ score, form }: { score: ScoreDetail; form: FormVersion }) {
  const { t } = useTranslation();
  const { write } = useDesk();
  const client = useQueryClient();
  const [answers, setAnswers] = useState(() => answersIn(score.answers));
  const [comment, setComment] = useState(score.comment);
  const [isAsked, setAsked] = useState(false);
  const [hasTried, setTried] = useState(false);
  const signing = useWriting();
  const isGone = useRef(false);
  const place = useRef<HTMLDivElement>(null);
  const signer = useRef<HTMLButtonElement>(null);
  const path = `analytics/quality/scores/${score.id}`;
  const [saver] = useState(() =>
    createSaver(score.version, async (change) => {
      const { data } = await write<{ data: ScoreDetail }>('PATCH', path, change);
      // Whoever comes back begins with what is kept.
      client.setQueryData(['analytics/quality/scores/:id', path], { data });
      return data;
    }),
  );
  const saving = useSyncExternalStore(saver.subscribe, saver.state);
  const isWaiting = isCommentWaiting(answers);
  const standing = useMemo(() => standingOf(form, answers), [form, answers]);

  // What is on its way when somebody leaves is kept nonetheless.
  useEffect(() => {
    return () => {
      void saver.close().finally(() => client.invalidateQueries());
    };
  }, [saver, client]);

  const change = (next: Answers, said: string): void => {
    setAnswers(next);
    setComment(said);
    setAsked(false);
    saver.write({ answers: sentOf(form, next), comment: said.trim() });
  };
  const take = (taken: ScoreDetail): void => {
    setAnswers(answersIn(taken.answers));
    setComment(taken.comment);
  };
  const ask = (): void => {
    setTried(true);
    const [first] = standing.missing;
    if (first) focusOn(place.current, first.id);
    else setAsked(true);
  };
  const notYet = (): void => {
    flushSync(() => setAsked(false));
    signer.current?.focus();
  };
  const sign = (): Promise<void> =>
    signing.attempt(async () => {
      const version = await saver.flush();
      if (version === null) return;
      const { data } = await write<{ data: ScoreDetail }>('POST', `${path}/sign`, { version });
      client.setQueryData(['analytics/quality/scores/:id', path], { data });
    });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that hold wherever in it the focus is; each has a button, too.
    <div
      ref={place}
      className={styles.review}
      onKeyDown={(event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        if (event.key === 'Enter') ask();
        else if (event.key === 's') void saver.flush();
        else return;
        event.preventDefault();
      }}
    >
      <Unsaved
        isUnsaved={() => !isGone.current && (isWaiting || saver.state().name !== 'saved')}
        isStuck={() => !isGone.current && (isWaiting || saver.isStuck())}
        // What waits for an answer cannot be kept without one.
        {...(!isWaiting && { keep: async () => (await saver.flush()) !== null })}
        drop={() => {
          saver.drop();
          take(score);
        }}
      />
      <header className={styles.head}>
        <h1 dir="auto">{t('quality.draft.agent', { agent: score.agentName ?? t('quality.nobody') })}</h1>
        <CallFacts score={score} isBeside />
      </header>
      <CriteriaFields
        form={form}
        answers={answers}
        missing={hasTried ? standing.missing.map(({ id }) => id) : []}
        isFirst
        onChange={(next) => change(next, comment)}
      />
      <aside className={styles.side}>
        <Standing standing={standing} form={form} />
        <label className={styles.whole}>
          {t('quality.draft.whole')}
          <textarea
            rows={4}
            maxLength={2_000}
            dir="auto"
            value={comment}
            onChange={({ target }) => change(answers, target.value)}
          />
        </label>
        <SavingLine
          saving={saving}
          isWaiting={isWaiting}
          onKeep={() => saving.current && saver.overwrite(saving.current.version)}
          onTake={() => {
            const { current } = saving;
            if (current === null) return;
            saver.yield(current.version);
            take(current);
            client.setQueryData(['analytics/quality/scores/:id', path], { data: current });
          }}
        />
        {isAsked ? (
          // biome-ignore lint/a11y/noStaticElementInteractions: Escape is beside the button that does the same.
          <div className={styles.asked} onKeyDown={(event) => event.key === 'Escape' && notYet()}>
            <p>{t('quality.draft.locks')}</p>
            <button
              type="button"
              className={styles.main}
              ref={focusShown}
              aria-disabled={signing.isBusy}
              onClick={() => void sign()}
            >
              {t('quality.draft.signNow')}
            </button>
            <button type="button" className={desk.button} onClick={notYet}>
              {t('quality.draft.goOn')}
            </button>
          </div>
        ) : (
          <button
            type="button"
            className={styles.main}
            ref={signer}
            aria-describedby="quality-keys"
            onClick={ask}
          >
            {t('quality.draft.sign')}
          </button>
        )}
        <p className={styles.problem} role="alert">
          {signing.problem}
        </p>
        <p className={styles.keys} id="quality-keys">
          {t('quality.draft.keys')}
        </p>
        <Confirm
          isPlain
          act={t('quality.draft.discard')}
          ask={t('quality.draft.discardAsk')}
          onAct={async () => {
            const version = (await saver.flush()) ?? score.version;
            await write('DELETE', `${path}?version=${version}`);
            isGone.current = true;
            client.removeQueries({ queryKey: ['analytics/quality/scores/:id', path] });
            location.replace('#/quality?tab=sample');
          }}
        />
      </aside>
    </div>
  );
}
