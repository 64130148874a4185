import type { Store } from '@slipway/store';
import type { SigningKey } from './signing-key.ts';

/** What the server says about now: milliseconds since 1970, null where it does not say. */
export type ServerClock = (signal: AbortSignal) => Promise<number | null>;

/** One apt repository on a Store, and who may sign it. It has no state but what is published. */
export interface Repository {
	/** Its root is the address users have in `URIs`. */
	readonly store: Store;
	/** Set once: apt asks users to confirm a change of either. */
	readonly origin: string;
	readonly label: string;
	readonly description?: string | undefined;
	/** Concrete ones, without "all". */
	readonly architectures: readonly string[];
	/** null: this job may read and upload, but not sign. */
	readonly signingKey: SigningKey | null;
	/** Armored public keys that may have signed what is published, besides the signing key. */
	readonly trustedKeys: readonly string[];
	/** Days until a Release expires; undefined: never. */
	readonly validDays?: number | undefined;
	readonly serverClock?: ServerClock | undefined;
}

/** Whose signatures count. */
export const toTrustedKeys = ({ signingKey, trustedKeys }: Repository): readonly string[] =>
	signingKey ? [signingKey.publicKey, ...trustedKeys] : trustedKeys;
