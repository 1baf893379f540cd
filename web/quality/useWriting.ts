import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from '../settings/reasonOf.ts';

/** Something changed by hand: why the last of it did not work, in words. What works makes every figure ask anew. */
export function useWriting(): {
  problem: string | null;
  isBusy: boolean;
  attempt(work: () => Promise<void>): Promise<void>;
} {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  return {
    problem,
    isBusy,
    async attempt(work) {
      setBusy(true);
      setProblem(null);
      try {
        await work();
        void client.invalidateQueries();
      } catch (error) {
        setProblem(reasonOf(error) ?? t('quality.unreachable'));
      } finally {
        setBusy(false);
      }
    },
  };
}
