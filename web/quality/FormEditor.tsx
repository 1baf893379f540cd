import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Issue } from '../../shared/contract/errors.ts';
import type { FormContent, FormDetail } from '../../shared/contract/qualityForms.ts';
import { addressNow } from '../app/address.ts';
import { Refused } from '../app/ask.ts';
import desk from '../desk/Desk.module.css';
import { useDesk } from '../desk/desk.ts';
import { Confirm } from './Confirm.tsx';
import styles from './Form.module.css';
import { FormSections } from './FormSections.tsx';
import { contentOf, nameOfPlace, placeOf } from './formEdit.ts';
import { Unsaved } from './Unsaved.tsx';
import { useWriting } from './useWriting.ts';

interface FormEditorProps {
  /** Null: it is not made yet. */
  form: FormDetail | null;
  content: FormContent;
  /** Of the draft as it was read. */
  revision: number | null;
  title: RefObject<HTMLHeadingElement | null>;
  /** In which of its fields somebody was as the form was made, −1 in none: it goes on in the page of the one that is made. */
  left: RefObject<number>;
}

/** A form's draft. It is kept when somebody says so; where somebody else was faster, what is typed here stays. */
export function FormEditor(props: FormEditorProps) {
  const { form: given, content: read, revision: readRevision, title, left } = props;
  const { t } = useTranslation();
  const { write } = useDesk();
  const client = useQueryClient();
  const id = useId();
  const [content, setContent] = useState<FormContent>(() => contentOf(read));
  const [revision, setRevision] = useState(readRevision);
  const [isChanged, showChanged] = useState(false);
  // At once, and not with the next rendering: what is kept may be left in the same moment.
  const isUnsaved = useRef(false);
  /** Counts what is typed: what comes while the server is asked is not kept by its answer. */
  const edits = useRef(0);
  const saving = useRef<Promise<FormDetail | null> | null>(null);
  /** A new form that was typed on while it was made. */
  const [made, setMade] = useState<FormDetail | null>(null);
  const form = given ?? made;
  const setChanged = (changed: boolean): void => {
    isUnsaved.current = changed;
    showChanged(changed);
  };
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [current, setCurrent] = useState<FormDetail | null>(null);
  const [isPublishing, setPublishing] = useState(false);
  const { problem, isBusy, attempt } = useWriting();
  const path = `analytics/quality/forms/${form?.formId ?? ''}`;
  const place = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const field = place.current?.elements[left.current];
    left.current = -1;
    if (field instanceof HTMLElement) field.focus();
  }, [left]);
  const change = (next: FormContent): void => {
    edits.current += 1;
    setContent(next);
    setChanged(true);
  };
  const drop = (): void => {
    edits.current += 1;
    setContent(contentOf(read));
    setRevision(readRevision);
    setCurrent(null);
    setIssues([]);
    setChanged(false);
  };

  const keep = (data: FormDetail): void => {
    client.setQueryData(['analytics/quality/forms/:id', `analytics/quality/forms/${data.formId}`], { data });
  };
  /** What there was before the server was asked stays where it says no. */
  const asking = async (work: () => Promise<FormDetail>): Promise<FormDetail | null> => {
    setIssues([]);
    const before = edits.current;
    try {
      const data = await work();
      setRevision(data.draft?.revision ?? null);
      setChanged(edits.current !== before);
      keep(data);
      return data;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.current) setCurrent(error.current as FormDetail);
      else if (error.issues.length > 0) setIssues(error.issues);
      else throw error;
      return null;
    }
  };
  const saveNow = async (): Promise<FormDetail | null> => {
    const saved = await asking(
      async () =>
        (form === null
          ? await write<{ data: FormDetail }>('POST', 'analytics/quality/forms', content)
          : await write<{ data: FormDetail }>('PUT', path, { revision, content })
        ).data,
    );
    if (saved === null || given !== null) return saved;
    setMade(saved);
    // Whoever has typed on stays with what is not kept; whoever has gone is not fetched back.
    if (!isUnsaved.current && addressNow().startsWith('quality/forms/new')) {
      const fields: (Element | null)[] = [...(place.current?.elements ?? [])];
      left.current = fields.indexOf(document.activeElement);
      location.replace(`#/quality/forms/${saved.formId}`);
    }
    return saved;
  };
  /** Once at a time. */
  const save = (): Promise<FormDetail | null> => {
    saving.current ??= saveNow().finally(() => {
      saving.current = null;
    });
    return saving.current;
  };
  const submit = (): void => {
    if (saving.current === null && !isPublishing) void attempt(async () => void (await save()));
  };
  const publish = async (): Promise<void> => {
    const of = isChanged ? (await save())?.draft?.revision : revision;
    // What was typed on meanwhile is not published unseen.
    if (of === undefined || of === null || isUnsaved.current) return;
    setPublishing(true);
    try {
      await asking(
        async () => (await write<{ data: FormDetail }>('POST', `${path}/publish`, { revision: of })).data,
      );
    } finally {
      setPublishing(false);
    }
  };
  const problemAt = (place: string): string | undefined =>
    issues.find((issue) => placeOf(issue.path) === place)?.message;
  return (
    <form
      ref={place}
      className={styles.editor}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      // A version in use takes nothing that is typed while it becomes that.
      inert={isPublishing}
      onKeyDown={(event) => {
        if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        submit();
      }}
    >
      <Unsaved isUnsaved={() => isUnsaved.current} drop={drop} />
      <section className={`${desk.panel} ${styles.fields}`} aria-label={t('quality.edit.whole')}>
        <h1 className={styles.title} dir="auto" ref={title} tabIndex={-1}>
          {form === null ? t('quality.forms.make') : content.name}
        </h1>
        <label>
          {t('quality.edit.name')}
          <input
            // biome-ignore lint/a11y/noAutofocus: the page of a new form is for writing it, and begins here.
            autoFocus={given === null}
            value={content.name}
            maxLength={100}
            dir="auto"
            aria-invalid={problemAt('name') !== undefined}
            onChange={({ target }) => change({ ...content, name: target.value })}
          />
        </label>
        <label>
          {t('quality.edit.passMark')}
          <input
            type="number"
            min={0}
            max={100}
            className={styles.short}
            value={content.passMark}
            aria-describedby={`${id}mark`}
            aria-invalid={problemAt('passMark') !== undefined}
            onChange={({ target }) => change({ ...content, passMark: target.valueAsNumber || 0 })}
          />
        </label>
        <p className={styles.hint} id={`${id}mark`}>
          {t('quality.edit.passMarkNote')}
        </p>
        <label>
          {t('quality.edit.formGuidance')}
          <textarea
            rows={2}
            maxLength={2_000}
            dir="auto"
            value={content.guidance}
            onChange={({ target }) => change({ ...content, guidance: target.value })}
          />
        </label>
      </section>
      <FormSections content={content} problemAt={problemAt} onChange={change} />
      <div className={styles.foot}>
        {current !== null && (
          <div className={styles.conflict} role="alert">
            <p>{t('quality.edit.conflict')}</p>
            <button
              type="button"
              className={desk.button}
              onClick={() => {
                setRevision(current.draft?.revision ?? null);
                setCurrent(null);
                setChanged(true);
              }}
            >
              {t('quality.saving.keep')}
            </button>
            <button
              type="button"
              className={desk.button}
              onClick={() => {
                const draft = current.versions.find(({ state }) => state === 'draft');
                if (draft) setContent(contentOf(draft));
                setRevision(current.draft?.revision ?? null);
                setCurrent(null);
                setChanged(false);
                keep(current);
              }}
            >
              {t('quality.saving.take')}
            </button>
          </div>
        )}
        {issues.length > 0 && (
          <div className={styles.problem} role="alert">
            {issues.map(({ path: at, message }) => (
              <p key={`${at} ${message}`}>
                {t('quality.edit.issue', { at: nameOfPlace(content, at, t), message })}
              </p>
            ))}
          </div>
        )}
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <div className={styles.actions}>
          <button type="submit" className={styles.main} aria-disabled={isBusy}>
            {t('quality.edit.save')}
          </button>
          {given !== null && (
            <>
              <Confirm
                kind="main"
                act={t('quality.edit.publish')}
                now={t('quality.edit.publishNow')}
                ask={t(given.published ? 'quality.edit.publishNextAsk' : 'quality.edit.publishAsk')}
                onAct={publish}
              />
              <Confirm
                act={t('quality.edit.discard')}
                ask={t('quality.edit.discardAsk')}
                onAct={async () => {
                  const { data } = await write<{ data: FormDetail | null }>('DELETE', `${path}/draft`);
                  setChanged(false);
                  if (data) keep(data);
                  location.replace('#/quality/forms');
                }}
              />
            </>
          )}
          <span className={styles.hint} role="status">
            {t(isChanged || form === null ? 'quality.edit.unsaved' : 'quality.edit.saved')}
          </span>
        </div>
      </div>
    </form>
  );
}
