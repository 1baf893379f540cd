import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from '../settings/reasonOf.ts';

/**
 * Something changed by hand, one thing at a time: why the last of it did not work, in words. What works makes every figure ask
 * anew. Buttons say that they wait by `aria-disabled`: one that is disabled would lose the focus.
 */
export function useWriting(): {
  problem: string | null;
  isBusy: boolean;
  attempt(work: () => Promise<void>): Promise<void>;
} {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isAtWork = useRef(false);
  return {
    problem,
    isBusy,
    async attempt(work) {
      if (isAtWork.current) return;
      isAtWork.current = true;
      setBusy(true);
      setProblem(null);
      try {
        await work();
        void client.invalidateQueries();
      } catch (error) {
        setProblem(reasonOf(error) ?? t('quality.unreachable'));
      } finally {
        isAtWork.current = false;
        setBusy(false);
      }
    },
  };
}
