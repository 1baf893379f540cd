import { once } from 'node:events';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

/** A real OpenID Connect provider on this machine, at which everybody signs in as whoever is next. */
export interface TestProvider {
  issuer: string;
  /** Who signs in, and what the provider says of him; `sub` names him. */
  nextPerson: { sub: string; [claim: string]: unknown };
  close(): Promise<void>;
}

export const CLIENT = { id: 'callboard', secret: 'a secret of the provider and us' };

/** `redirectUris`: where it may send browsers back to. */
export async function startProvider(redirectUris: string[]): Promise<TestProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const people = new Map<string, TestProvider['nextPerson']>();

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: redirectUris,
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups', 'teams'] },
    cookies: { keys: ['a key of tests'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: () => '/as-who-is-next' },
    pkce: { required: () => true },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => people.get(sub) ?? { sub },
    }),
    // Consent is not our subject.
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({
        accountId: context.oidc.session?.accountId ?? '',
        clientId: CLIENT.id,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    renderError(context, out) {
      context.body = out;
    },
  });
  provider.use(async (context, next) => {
    if (context.path !== '/as-who-is-next') return next();
    const { sub } = started.nextPerson;
    people.set(sub, started.nextPerson);
    await provider.interactionFinished(context.req, context.res, { login: { accountId: sub } });
    context.respond = false;
  });
  server.on('request', provider.callback());

  const started: TestProvider = {
    issuer,
    nextPerson: { sub: 'nobody' },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return started;
}

/** Follows a browser's way from `url` until an address of `home`; answers that. */
export async function followUntil(home: string, url: string): Promise<string> {
  const cookies = new Map<string, string>();
  let at = url;
  for (let steps = 0; steps < 10; steps++) {
    if (at.startsWith(home)) return at;
    const answer = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${answer.status} ${at}: ${await answer.text()}`);
    at = new URL(location, at).href;
  }
  throw new Error(`sent in circles, last to ${at}`);
}
