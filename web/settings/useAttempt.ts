import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from './reasonOf.ts';

/** Something asked of the server by hand: why the last of it did not work, in words; null while nothing is wrong. */
export function useAttempt(): {
  problem: string | null;
  attempt(work: () => Promise<void>): Promise<boolean>;
} {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<string | null>(null);
  return {
    problem,
    /** True when it worked. */
    async attempt(work) {
      setProblem(null);
      try {
        await work();
        return true;
      } catch (error) {
        setProblem(reasonOf(error) ?? t('settings.unreachable'));
        return false;
      }
    },
  };
}
