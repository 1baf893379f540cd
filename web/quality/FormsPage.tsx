import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import desk from '../desk/Desk.module.css';
import { useAnswer, useDesk } from '../desk/desk.ts';
import states from '../desk/Message.module.css';
import { Pending } from '../desk/Message.tsx';
import { Page, type Place } from '../desk/Page.tsx';
import { Scroll } from '../desk/Scroll.tsx';
import { formatCount } from '../ui/format.ts';
import styles from './Form.module.css';
import list from './List.module.css';
import { NOTHING } from './nothing.ts';

/** The forms calls are scored on. */
export function FormsPage(place: Place) {
  const { t } = useTranslation();
  const { may } = useDesk();
  const { data, error, refetch } = useAnswer('analytics/quality/forms', NOTHING);
  return (
    <Page
      title={t('quality.forms.title')}
      back={{ href: '#/quality', name: t('quality.toQuality') }}
      {...place}
    >
      <div className={desk.bar}>
        <h1 className={styles.title}>{t('quality.forms.title')}</h1>
        {may('quality:manage') && (
          <a className={desk.button} href="#/quality/forms/new">
            <Plus aria-hidden="true" /> {t('quality.forms.make')}
          </a>
        )}
      </div>
      {data?.data.length === 0 && (
        <section className={states.message} aria-label={t('quality.forms.title')}>
          <h2>{t('quality.forms.noneYet')}</h2>
          <p>{t('quality.forms.none')}</p>
          {may('quality:manage') && <a href="#/quality/forms/new">{t('quality.empty.first.form')}</a>}
        </section>
      )}
      {data?.data.length !== 0 && (
        <section className={desk.panel} aria-label={t('quality.forms.title')}>
          {!data && <Pending error={error} again={() => void refetch()} />}
          {data && data.data.length > 0 && (
            <Scroll className={list.scroll} name={t('quality.forms.title')}>
              <table className={list.table}>
                <thead>
                  <tr>
                    {(['form', 'state', 'version', 'draftVersion', 'scores'] as const).map((column) => (
                      <th key={column} scope="col" data-column={column === 'scores' ? 'score' : undefined}>
                        {t(`quality.column.${column}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {data.data.map((form) => (
                    <tr key={form.formId}>
                      <th scope="row">
                        <a href={`#/quality/forms/${form.formId}`} dir="auto">
                          {form.name}
                        </a>
                      </th>
                      <td>{t(`quality.formState.${form.state}`)}</td>
                      <td>{form.published ? form.published.version : '–'}</td>
                      <td>{form.draft ? form.draft.version : '–'}</td>
                      <td data-column="score">{formatCount(form.scores)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
        </section>
      )}
    </Page>
  );
}
