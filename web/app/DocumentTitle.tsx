import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useTotals } from '../live/hooks.ts';
import { formatCount } from '../ui/format.ts';

/** The waiting count in the tab, for whoever looks at something else. */
export function DocumentTitle({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const waiting = useTotals('today')?.waiting ?? 0;
  useEffect(() => {
    document.title =
      waiting > 0
        ? t('app.titleWaiting', { waiting: formatCount(waiting), tenant })
        : t('app.titleCalm', { tenant });
    return () => {
      document.title = t('app.title');
    };
  }, [waiting, tenant, t]);
  return null;
}
