import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormDetail } from '../../shared/contract/qualityForms.ts';
import { Refused } from '../app/ask.ts';
import desk from '../desk/Desk.module.css';
import { useAnswer, useDesk } from '../desk/desk.ts';
import states from '../desk/Message.module.css';
import { Message, Pending } from '../desk/Message.tsx';
import { Page, type Place } from '../desk/Page.tsx';
import { Segments } from '../desk/Segments.tsx';
import styles from './Form.module.css';
import { FormEditor } from './FormEditor.tsx';
import { FormShown } from './FormShown.tsx';
import { emptyForm } from './formEdit.ts';
import { NOTHING } from './nothing.ts';
import { useTitleOf } from './useTitleOf.ts';
import { newUuid } from './uuid.ts';

interface FormPageProps extends Place {
  id: string;
  query: string;
  /** In which of its fields somebody was as a form was made, −1 in none: it goes on in the page of the one that is made. */
  left: RefObject<number>;
}

/** One form: its draft to be written, its versions to be read. `new` is one that is not made yet. */
export function FormPage({ id, query, left, ...place }: FormPageProps) {
  const { t } = useTranslation();
  const { may } = useDesk();
  const isNew = id === 'new';
  const { data, error, refetch } = useAnswer('analytics/quality/forms/:id', NOTHING, {
    id,
    isWanted: !isNew,
  });
  const [first] = useState(() => emptyForm(newUuid()));
  const form = data?.data;
  const asked = Number(new URLSearchParams(query).get('version')) || null;
  const title = useRef<HTMLHeadingElement>(null);
  const isUnknown = error instanceof Refused && (error.code === 'not_found' || error.code === 'bad_request');
  return (
    <Page
      title={form?.name ?? t(isNew ? 'quality.forms.make' : 'quality.forms.one')}
      back={{ href: '#/quality/forms', name: t('quality.forms.title') }}
      {...place}
    >
      {isNew && may('quality:manage') && (
        <FormEditor form={null} content={first} revision={null} title={title} left={left} />
      )}
      {isNew && !may('quality:manage') && (
        <p className={desk.note} role="alert">
          {t('quality.forms.askManager')}
        </p>
      )}
      {isUnknown && (
        <section className={states.message} role="alert">
          <h1>{t('quality.forms.unknown')}</h1>
          <p>{t('quality.forms.unknownWhy')}</p>
          <a href="#/quality/forms">{t('quality.forms.title')}</a>
        </section>
      )}
      {!isNew && error !== null && !isUnknown && <Message error={error} again={() => void refetch()} />}
      {!isNew && error === null && !form && <Pending error={null} again={() => void refetch()} />}
      {form && <Versions form={form} asked={asked} left={left} />}
    </Page>
  );
}

function Versions({
  form,
  asked,
  left,
}: Pick<FormPageProps, 'left'> & { form: FormDetail; asked: number | null }) {
  const { t } = useTranslation();
  const { may } = useDesk();
  const [newest] = form.versions;
  const shown = form.versions.find(({ version }) => version === asked) ?? newest;
  const title = useTitleOf(`${shown?.versionId} ${shown?.state}`);
  if (!shown) return null;
  const isWritten = shown.state === 'draft' && may('quality:manage');
  return (
    <>
      {form.versions.length > 1 && (
        <Segments
          className={styles.versions}
          name={t('quality.forms.versions')}
          choices={form.versions.map(({ version }) => version)}
          chosen={shown.version}
          hrefOf={(version) => `#/quality/forms/${form.formId}?version=${version}`}
          textOf={(version) => {
            const state = form.versions.find((one) => one.version === version)?.state ?? 'draft';
            return t('quality.forms.version', { version, state: t(`quality.formState.${state}`) });
          }}
        />
      )}
      {isWritten ? (
        <FormEditor
          key={shown.versionId}
          form={form}
          content={shown}
          revision={shown.revision}
          title={title}
          left={left}
        />
      ) : (
        <FormShown key={shown.versionId} form={form} version={shown} title={title} />
      )}
    </>
  );
}
