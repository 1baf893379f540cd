import { useTranslation } from 'react-i18next';
import { i18n } from '../../app/i18n.ts';
import desk from '../Desk.module.css';
import { useAnswer, useDesk } from '../desk.ts';
import states from '../Message.module.css';
import { Pending } from '../Message.tsx';
import { Page, type Place } from '../Page.tsx';
import { Problems } from '../Problems.tsx';
import { daysOf } from '../presets.ts';
import { titleOf } from '../RangeControl.tsx';
import { useToday } from '../useView.ts';
import { Effect } from './Effect.tsx';
import en from './en.json' with { type: 'json' };
import { onlyChanges, proposalOf } from './proposal.ts';
import styles from './Rules.module.css';
import { RulesForm } from './RulesForm.tsx';

i18n.addResourceBundle('en', 'translation', en, true);

/** What another definition, threshold or target would have made of last week, before it is decided. */
export function Rules({ query, ...place }: Place & { query: string }) {
  const { t } = useTranslation();
  const { may } = useDesk();
  return (
    <Page title={t('desk.places.rules')} back={{ href: '#/', name: t('desk.toWall') }} {...place}>
      {may('settings:manage') ? (
        <Preview query={query} />
      ) : (
        <section className={states.message} aria-label={t('desk.error.forbidden')}>
          <h1>{t('desk.error.forbidden')}</h1>
          <p>{t('desk.preview.forbidden')}</p>
          <a href="#/overview">{t('desk.places.overview')}</a>
        </section>
      )}
    </Page>
  );
}

function Preview({ query }: { query: string }) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const today = useToday();
  const days = daysOf('lastWeek', today, calendar);
  const { data, error, refetch } = useAnswer('settings/business-rules', new URLSearchParams());
  const asked = proposalOf(query);
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const proposal = onlyChanges(asked.proposal, data.data);
  return (
    <>
      <div>
        <h1 className={styles.title}>{t('desk.preview.title')}</h1>
        <p className={styles.lead}>{t('desk.preview.lead', { days: titleOf(days, calendar.weekStart) })}</p>
      </div>
      {asked.problems.length > 0 && (
        <div className={desk.notes} role="status">
          <Problems problems={asked.problems} />
        </div>
      )}
      <div className={styles.columns}>
        <RulesForm rules={data.data} proposal={proposal} />
        <Effect rules={data.data} proposal={proposal} days={days} />
      </div>
    </>
  );
}
