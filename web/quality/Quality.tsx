import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { i18n } from '../app/i18n.ts';
import { useDesk } from '../desk/desk.ts';
import states from '../desk/Message.module.css';
import { Page, type Place } from '../desk/Page.tsx';
import { BeginReview } from './BeginReview.tsx';
import en from './en.json' with { type: 'json' };
import { FormPage } from './FormPage.tsx';
import { FormsPage } from './FormsPage.tsx';
import { Overview } from './Overview.tsx';
import { ScorePage } from './ScorePage.tsx';

// With the desk's: what tables and figures share is called by one list of names.
i18n.addResourceBundle('en', 'translation', en, true);

interface QualityProps extends Place {
  /** What the address asks for behind `quality/`: `[]`, `forms`, `forms/ID`, `review`, `scores/ID`. */
  path: readonly string[];
  query: string;
}

/** Reviews of calls: what they come to, single ones, and the forms they are made on. */
export function Quality({ path, query, ...place }: QualityProps) {
  const { t } = useTranslation();
  const { may } = useDesk();
  const [part, id] = path;
  const left = useRef(-1);
  if (!may('quality:read')) {
    return (
      <Page title={t('quality.title')} back={{ href: '#/', name: t('desk.toWall') }} {...place}>
        <section className={states.message} role="alert">
          <h1>{t('desk.error.forbidden')}</h1>
          <p>{t('quality.forbidden')}</p>
        </section>
      </Page>
    );
  }
  if (part === 'forms' && id) return <FormPage key={id} id={id} query={query} left={left} {...place} />;
  if (part === 'forms') return <FormsPage {...place} />;
  if (part === 'scores' && id) return <ScorePage key={id} id={id} {...place} />;
  if (part === 'review') return <BeginReview key={query} query={query} {...place} />;
  return <Overview query={query} {...place} />;
}
