import { useTranslation } from 'react-i18next';
import { Segments } from './Segments.tsx';
import { addressOf, type View, withoutRow } from './view.ts';

interface ByProps<Way extends View['by']> {
  view: View;
  ways: readonly Way[];
  /** The one it is. */
  by: Way;
  /** Of which part of `desk` in en.json: the names of the ways, and under `by` what they are. */
  words: string;
}

/** By what the rows of a tab are told apart. */
export function By<Way extends View['by']>({ view, ways, by, words }: ByProps<Way>) {
  const { t } = useTranslation();
  return (
    <Segments
      name={t(`desk.${words}.by`)}
      choices={ways}
      chosen={by}
      hrefOf={(one) => addressOf({ ...withoutRow(view), by: one, sort: null })}
      textOf={(one) => t(`desk.${words}.${one}`)}
    />
  );
}
