import { useQueryClient } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormDetail, FormVersion } from '../../shared/contract/qualityForms.ts';
import desk from '../desk/Desk.module.css';
import { useDesk } from '../desk/desk.ts';
import { Scroll } from '../desk/Scroll.tsx';
import { formatCount, formatDateTime, formatPercent } from '../ui/format.ts';
import { Confirm } from './Confirm.tsx';
import styles from './Form.module.css';
import { contentOf, sharesOf } from './formEdit.ts';
import list from './List.module.css';
import { useWriting } from './useWriting.ts';

interface FormShownProps {
  form: FormDetail;
  version: FormVersion;
  title: RefObject<HTMLHeadingElement | null>;
}

/** A version of a form that no longer changes. */
export function FormShown({ form, version, title }: FormShownProps) {
  const { t } = useTranslation();
  const { calendar, may, write } = useDesk();
  const client = useQueryClient();
  const { problem, isBusy, attempt } = useWriting();
  const path = `analytics/quality/forms/${form.formId}`;
  const shares = sharesOf(version);
  const keep = (data: FormDetail): void => {
    client.setQueryData(['analytics/quality/forms/:id', path], { data });
  };
  const criteria = version.sections.flatMap((section) => section.criteria);
  const hasGuidance = criteria.some(({ guidance }) => guidance !== '');
  const isInUse = version.state === 'published';
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title} dir="auto" ref={title} tabIndex={-1}>
          {version.name}
        </h1>
        <p className={desk.quiet}>
          {[
            t(`quality.formState.${version.state}`),
            t('quality.forms.passes', { mark: formatCount(version.passMark) }),
            t('quality.forms.scored', { count: version.scores }),
            version.publishedAt === null
              ? ''
              : t('quality.forms.publishedAt', {
                  when: formatDateTime(Date.parse(version.publishedAt), calendar.timeZone),
                }),
          ]
            .filter((fact) => fact !== '')
            .join(' · ')}
        </p>
        {version.guidance !== '' && <p className={styles.guidance}>{version.guidance}</p>}
      </header>
      {may('quality:manage') && (
        <div className={styles.actions}>
          {form.draft === null && (
            <button
              type="button"
              className={styles.main}
              aria-disabled={isBusy}
              onClick={() =>
                void attempt(async () => {
                  const body = { revision: null, content: contentOf(version) };
                  const { data } = await write<{ data: FormDetail }>('PUT', path, body);
                  keep(data);
                  location.hash = `#/quality/forms/${form.formId}`;
                })
              }
            >
              {t('quality.forms.next')}
            </button>
          )}
          {isInUse && (
            <Confirm
              act={t('quality.forms.retire')}
              ask={t('quality.forms.retireAsk')}
              onAct={async () => {
                keep((await write<{ data: FormDetail }>('POST', `${path}/retire`)).data);
              }}
            />
          )}
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        </div>
      )}
      {version.sections.map((section) => (
        <section key={section.criteria[0]?.id} className={desk.panel} aria-label={section.name}>
          <div className={desk.panelHead}>
            <h2 dir="auto">{section.name}</h2>
          </div>
          {section.guidance !== '' && <p className={styles.guidance}>{section.guidance}</p>}
          <Scroll className={list.scroll} name={section.name}>
            <table className={list.table} data-kind="criteria">
              <thead>
                <tr>
                  <th scope="col">{t('quality.first.criterion')}</th>
                  <th scope="col">{t('quality.edit.scale')}</th>
                  <th scope="col" data-column="score">
                    {t('quality.edit.weight')}
                  </th>
                  <th scope="col" data-column="score">
                    {t('quality.edit.share')}
                  </th>
                  {hasGuidance && <th scope="col">{t('quality.edit.guidance')}</th>}
                </tr>
              </thead>
              <tbody>
                {section.criteria.map((one) => (
                  <tr key={one.id}>
                    <th scope="row" dir="auto">
                      {one.name}
                      {one.critical && <span className={list.aside}>{t('quality.critical')}</span>}
                    </th>
                    <td>
                      {t(`quality.scale.${one.scale}Of`, { count: one.possible })}
                      {one.allowNotApplicable && (
                        <span className={list.aside}>{t('quality.notApplicableToo')}</span>
                      )}
                    </td>
                    <td data-column="score">{one.weight}</td>
                    <td data-column="score">{formatPercent(shares.get(one.id) ?? null, 1)}</td>
                    {hasGuidance && (
                      <td className={styles.prose} dir="auto">
                        {one.guidance}
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </section>
      ))}
    </>
  );
}
