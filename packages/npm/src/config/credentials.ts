import type { Context } from '@slipway/core';
import { exchangeIdToken, type IdTokenSource } from './oidc.ts';

/** What a request is for: trusted publishing covers the middle three only. */
export type Purpose = 'read' | 'publish' | 'stage' | 'dist-tag' | 'mark';

export interface NpmCredentials {
	/** `oidc`: nothing lasting is held, marks (deprecate) and staged lists are out of reach. */
	readonly kind: 'none' | 'token' | 'oidc' | 'oidc and token';
	/**
	 * Value of the `authorization` header, asked for anew before every change.
	 * @throws SlipwayError NPM_OIDC_FAILED, NPM_REPLY_LOST
	 */
	authorize(name: string, purpose: Purpose, context: Context): Promise<string | undefined>;
}

export interface CredentialSources {
	/** Registry with a final slash. */
	readonly registry: string;
	/** From the npm configuration; for the rollback of what OIDC published a token that may deprecate. */
	readonly authorization?: string | undefined;
	/** Present where trusted publishing is to be used; never falls back to the stored token. */
	readonly idToken?: IdTokenSource | undefined;
	/** Told every token that is made, before it is used, so that logs can mask it. */
	readonly onSecret?: ((secret: string) => void) | undefined;
}

const OIDC_PURPOSES: ReadonlySet<Purpose> = new Set(['publish', 'stage', 'dist-tag']);

/** Chooses per request: an exchanged token where trusted publishing covers it, else the configured one. */
export const toNpmCredentials = ({
	registry,
	authorization,
	idToken,
	onSecret = () => {},
}: CredentialSources): NpmCredentials => {
	const kind = idToken ? (authorization ? 'oidc and token' : 'oidc') : authorization ? 'token' : 'none';
	return {
		kind,
		authorize: async (name, purpose, context) => {
			if (!idToken || !OIDC_PURPOSES.has(purpose)) return authorization;
			const token = await exchangeIdToken({ registry, name, idToken, onSecret }, context);
			return `Bearer ${token}`;
		},
	};
};
