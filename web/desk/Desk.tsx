import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Permission } from '../../shared/contract/permissions.ts';
import { ask } from '../app/ask.ts';
import { fileOf } from '../app/fileOf.ts';
import { i18n } from '../app/i18n.ts';
import { CallPage } from './CallPage.tsx';
import { CallsPage } from './CallsPage.tsx';
import type { DeskCalendar } from './days.ts';
import { createQueryClient, DeskContext } from './desk.ts';
import en from './en.json' with { type: 'json' };
import { LegsPage } from './LegsPage.tsx';
import { Page, type Place } from './Page.tsx';
import { Performance } from './Performance.tsx';
import { Skeleton } from './Skeleton.tsx';

const Overview = lazy(() =>
  import('./overview/Overview.tsx').then(({ Overview }) => ({ default: Overview })),
);
const Sources = lazy(() => import('./sources/Sources.tsx').then(({ Sources }) => ({ default: Sources })));
const Proof = lazy(() => import('./proof/Proof.tsx').then(({ Proof }) => ({ default: Proof })));
const Rules = lazy(() => import('./rules/Rules.tsx').then(({ Rules }) => ({ default: Rules })));
const Quality = lazy(() => import('../quality/Quality.tsx').then(({ Quality }) => ({ default: Quality })));

// The wall does not wait for words it never shows.
i18n.addResourceBundle('en', 'translation', en, true);

interface DeskProps {
  /** Where the server is. */
  base: URL;
  /** One that holds, at once: what is asked while the page is drawn goes out then, and not after. */
  held(): string | null;
  token(afresh: boolean): Promise<string>;
  /** What the address asks for: `performance?range=today`, `calls?from=…`, `legs?kind=missed`, `calls/ID`. */
  address: string;
  calendar: DeskCalendar;
  now(): number;
  tenant: string;
  /** The part of it that is looked at, by name; null: all of it. */
  sectors: readonly string[] | null;
  may(permission: Permission): boolean;
}

/** History at a desk. What was answered is kept as long as the page is of one call centre, and no longer. */
export function Desk({ base, held, token, address, calendar, now, tenant, sectors, may }: DeskProps) {
  const { t } = useTranslation();
  const [client] = useState(createQueryClient);
  const desk = useMemo(
    () => ({
      async read<T>(path: string, signal: AbortSignal): Promise<T> {
        const answer = await ask(base, 'GET', path, { token: held() ?? (await token(false)), signal });
        return answer.json();
      },
      async write<T>(method: string, path: string, body?: object): Promise<T> {
        const answer = await ask(base, method, path, { token: await token(false), body });
        const said = answer.status === 204 ? null : await answer.json();
        return said;
      },
      async file(path: string) {
        return fileOf(await ask(base, 'GET', path, { token: await token(false) }));
      },
      may,
      calendar,
      now,
    }),
    [base, held, token, calendar, now, may],
  );
  const [path = '', query = ''] = split(address, '?');
  const [page, ...rest] = path.split('/');
  const callId = page === 'calls' && rest.length > 0 ? decoded(rest.join('/')) : '';
  const place = { tenant, sectors };
  return (
    <QueryClientProvider client={client}>
      <DeskContext value={desk}>
        {page === 'performance' && <Performance query={query} {...place} />}
        {page === 'calls' && callId === '' && <CallsPage query={query} {...place} />}
        {page === 'legs' && <LegsPage query={query} {...place} />}
        {page === 'quality' && (
          <Suspense fallback={<Awaited title={t('desk.places.quality')} {...place} />}>
            <Quality path={rest} query={query} {...place} />
          </Suspense>
        )}
        {callId !== '' && <CallPage key={callId} callId={callId} query={query} {...place} />}
        <Suspense fallback={<Awaited title={t(`desk.places.${page}`)} {...place} />}>
          {page === 'overview' && <Overview {...place} />}
          {page === 'sources' && <Sources query={query} {...place} />}
          {page === 'proof' && <Proof query={query} {...place} />}
          {page === 'rules' && <Rules query={query} {...place} />}
        </Suspense>
      </DeskContext>
    </QueryClientProvider>
  );
}

/** A page whose code is on its way. */
function Awaited({ title, ...place }: Place & { title: string }) {
  const { t } = useTranslation();
  return (
    <Page title={title} back={{ href: '#/', name: t('desk.toWall') }} {...place}>
      <Skeleton />
    </Page>
  );
}

function split(text: string, at: string): string[] {
  const place = text.indexOf(at);
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)];
}

/** As it is where it was never encoded, as a link typed by hand. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
