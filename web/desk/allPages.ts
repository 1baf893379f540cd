/** A list that comes in pages, taken whole: what `useAll` asks for. Pure. */

interface PageOf<Row> {
  data: readonly Row[];
  /** `nextCursors`: where the rest begins in parts that are asked for by themselves, of lists that know it. */
  meta: { nextCursor: string | null; nextCursors?: readonly string[]; explain?: string };
}

/** No centre has more agents; a list that does not end must, and whoever reads it is told. */
const PAGES_LIMIT = 20;
/**
 * So many parts are asked for at once. They are of everybody ever heard of: a dozen for a page or two of whoever was there. All
 * together, every half minute, they would keep the server from everybody else.
 */
const AT_ONCE = 3;

/** `ask` gives a page by what is said of it beside the question itself; `isCut`: the list goes on behind the last row. */
export async function allPages<Row>(
  ask: (from: Record<string, string>) => Promise<PageOf<Row>>,
): Promise<{ rows: readonly Row[]; explain: string; isCut: boolean }> {
  const { data, meta } = await ask({});
  const rows = [...data];
  const { nextCursors, explain = '' } = meta;
  if (nextCursors !== undefined) {
    const parts = nextCursors.slice(0, PAGES_LIMIT).map((cursor, place, all): Record<string, string> => {
      const until = all[place + 1];
      return until === undefined ? { cursor } : { cursor, until };
    });
    const answers = await askSome(parts, ask);
    for (const part of answers) rows.push(...part.data);
    return { rows, explain, isCut: answers.some((part) => part.meta.nextCursor !== null) };
  }
  let { nextCursor } = meta;
  for (let count = 1; nextCursor !== null && count < PAGES_LIMIT; count++) {
    const page = await ask({ cursor: nextCursor });
    rows.push(...page.data);
    nextCursor = page.meta.nextCursor;
  }
  return { rows, explain, isCut: nextCursor !== null };
}

/** The answers in the order of the questions, a few of which are on their way at a time; after one that fails no more are asked. */
async function askSome<Question, Answer>(
  questions: readonly Question[],
  ask: (question: Question) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const left = [...questions.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [place, question] = next;
      try {
        answers[place] = await ask(question);
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}
