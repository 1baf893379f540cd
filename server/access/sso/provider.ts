import * as oidc from 'openid-client';
import type { Claims } from './claims.ts';
import type { SsoConfig } from './ssoConfig.ts';

/**
 * The identity provider: where a browser is sent, and what comes back of it. Authorization code flow with PKCE, state
 * and nonce; the ID token's signature, issuer, audience and expiry are checked by openid-client.
 */
export interface Provider {
  begin(redirectUri: string): Promise<{ url: URL; kept: Kept }>;
  /** `returned` is the whole address the browser came back to. Throws where anything does not fit. */
  finish(returned: URL, kept: Kept): Promise<Claims>;
}

/** What the browser that was sent away keeps until it comes back. */
export interface Kept {
  state: string;
  nonce: string;
  verifier: string;
}

const TIMEOUT_SECONDS = 10;

export function createProvider(config: SsoConfig): Provider {
  let known: Promise<oidc.Configuration> | null = null;

  /** Asked for when first needed, and again after a failure: a provider that is away must not keep us from starting. */
  const discovered = (): Promise<oidc.Configuration> => {
    known ??= discover(config).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };

  return {
    async begin(redirectUri) {
      const verifier = oidc.randomPKCECodeVerifier();
      const kept = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier };
      const url = oidc.buildAuthorizationUrl(await discovered(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state: kept.state,
        nonce: kept.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url, kept };
    },

    async finish(returned, { state, nonce, verifier }) {
      const provider = await discovered();
      const tokens = await oidc.authorizationCodeGrant(provider, returned, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('the provider sent no ID token');
      // Many keep groups and addresses out of the ID token.
      const more =
        provider.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub);
      return { ...more, ...claims };
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: SsoConfig): Promise<oidc.Configuration> {
  const isPlain = issuer.protocol === 'http:'; // Loopback only: ssoConfig.ts.
  return oidc.discovery(issuer, clientId, clientSecret, oidc.ClientSecretBasic(clientSecret), {
    timeout: TIMEOUT_SECONDS,
    // By its type deprecated, which is how openid-client warns of it.
    execute: [oidc.enableNonRepudiationChecks, ...(isPlain ? [oidc.allowInsecureRequests] : [])],
  });
}
