import type { TFunction } from 'i18next';
import type { Criterion, FormContent } from '../../shared/contract/qualityForms.ts';

/** Changes to what a form asks. Pure. */

type Section = FormContent['sections'][number];

export function contentOf({ name, guidance, passMark, sections }: FormContent): FormContent {
  return { name, guidance, passMark, sections };
}

export function emptyForm(id: string): FormContent {
  return {
    name: '',
    guidance: '',
    passMark: 80,
    sections: [{ name: '', guidance: '', criteria: [emptyCriterion(id)] }],
  };
}

export function emptyCriterion(id: string): Criterion {
  return {
    id,
    name: '',
    guidance: '',
    scale: 'points',
    possible: 5,
    weight: 1,
    critical: false,
    allowNotApplicable: false,
  };
}

export function withSection(content: FormContent, at: number, change: Partial<Section>): FormContent {
  return {
    ...content,
    sections: content.sections.map((one, place) => (place === at ? { ...one, ...change } : one)),
  };
}

/** A critical one is met or failed, and so always yes or no. */
export function withCriterion(
  content: FormContent,
  at: number,
  place: number,
  change: Partial<Criterion>,
): FormContent {
  const criteria = content.sections[at]?.criteria.map((one, index) => {
    if (index !== place) return one;
    const next = { ...one, ...change };
    return next.critical && next.scale !== 'yesNo'
      ? change.critical
        ? { ...next, scale: 'yesNo' as const, possible: 1 }
        : { ...next, critical: false }
      : next;
  });
  return withSection(content, at, { criteria: criteria ?? [] });
}

export function moved<T>(list: readonly T[], from: number, by: 1 | -1): T[] {
  const to = from + by;
  const one = list[from];
  if (one === undefined || to < 0 || to >= list.length) return [...list];
  return list.toSpliced(from, 1).toSpliced(to, 0, one);
}

/** How much of the whole score each criterion can make, 0–1, by id; of those that are applicable together. */
export function sharesOf({ sections }: Pick<FormContent, 'sections'>): Map<string, number> {
  const criteria = sections.flatMap((section) => section.criteria);
  const whole = criteria.reduce((sum, { possible, weight }) => sum + possible * weight, 0);
  return new Map(
    criteria.map(({ id, possible, weight }) => [id, whole > 0 ? (possible * weight) / whole : 0]),
  );
}

/** Where in the page what an issue is about stands: the server names it by path, with or without `content`. */
export function placeOf(path: string): string {
  return path.replace(/^content\.?/, '');
}

/** A place in the form as a person names it: of which criterion, and what of it. */
export function nameOfPlace(content: FormContent, at: string, t: TFunction): string {
  const [, section, criterion] = /sections\.(\d+)(?:\.criteria\.(\d+))?/.exec(at) ?? [];
  const inSection = section === undefined ? undefined : content.sections[Number(section)];
  const inCriterion = criterion === undefined ? undefined : inSection?.criteria[Number(criterion)];
  const field = at.split('.').at(-1) ?? at;
  const what = t(`quality.field.${field}`, { defaultValue: field });
  const where =
    inCriterion !== undefined
      ? inCriterion.name || t('quality.edit.criterionOf', { place: Number(criterion) + 1 })
      : inSection !== undefined
        ? inSection.name || t('quality.edit.sectionOf', { place: Number(section) + 1 })
        : '';
  return where === '' ? what : `${where}, ${what}`;
}
