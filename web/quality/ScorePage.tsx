import { useTranslation } from 'react-i18next';
import type { FormVersion } from '../../shared/contract/qualityForms.ts';
import type { ScoreDetail } from '../../shared/contract/qualityScores.ts';
import { Refused } from '../app/ask.ts';
import { useAnswer } from '../desk/desk.ts';
import states from '../desk/Message.module.css';
import { Message } from '../desk/Message.tsx';
import { Page, type Place } from '../desk/Page.tsx';
import { NOTHING } from './nothing.ts';
import { ScoreDraft } from './ScoreDraft.tsx';
import { ScoreShown } from './ScoreShown.tsx';
import { useTitleOf } from './useTitleOf.ts';

/** One score: written where it is one's own draft, else read. */
export function ScorePage({ id, ...place }: Place & { id: string }) {
  const { t } = useTranslation();
  const score = useAnswer('analytics/quality/scores/:id', NOTHING, { id });
  const formId = score.data?.data.formId ?? null;
  const form = useAnswer('analytics/quality/forms/:id', NOTHING, {
    id: formId ?? '',
    isWanted: formId !== null,
  });
  const detail = score.data?.data;
  const version = form.data?.data.versions.find(({ versionId }) => versionId === detail?.formVersionId);
  const error = score.error ?? (formId === null ? null : form.error);
  const isUnknown = error instanceof Refused && (error.code === 'not_found' || error.code === 'bad_request');
  const isHere = detail !== undefined && (formId === null || form.data !== undefined);
  return (
    <Page
      title={t(detail?.state === 'draft' ? 'quality.begin.title' : 'quality.score.title')}
      back={{ href: '#/quality?tab=scores', name: t('quality.tab.scores') }}
      {...place}
    >
      {isUnknown && (
        <section className={states.message} role="alert">
          <h1>{t('quality.score.unknown')}</h1>
          <p>{t('quality.score.unknownWhy')}</p>
          <a href="#/quality">{t('quality.toQuality')}</a>
        </section>
      )}
      {error !== null && !isUnknown && <Message error={error} again={() => void score.refetch()} />}
      {error === null && !isHere && (
        <div className={states.skeleton} data-part="chart" aria-busy="true" role="status">
          <span className="visually-hidden">{t('desk.loading')}</span>
        </div>
      )}
      {isHere && <Score score={detail} version={version} />}
    </Page>
  );
}

function Score({ score, version }: { score: ScoreDetail; version: FormVersion | undefined }) {
  const title = useTitleOf(score.state);
  return score.state === 'draft' && version ? (
    <ScoreDraft score={score} form={version} />
  ) : (
    <ScoreShown score={score} form={version} title={title} />
  );
}
