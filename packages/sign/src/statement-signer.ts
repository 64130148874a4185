import type { Signer } from '@sigstore/sign';
import { type Context, toMessage } from '@slipway/core';
import { MAX_SUBJECTS, STATEMENT_PAYLOAD_TYPE, type Statement } from '@slipway/core/attestation';
import { toBundleBytes } from './bundle/bundle-json.ts';
import { checkTimes, toCheckedSigner } from './bundle/check-bundle.ts';
import { KeylessSigner } from './certificate/keyless-signer.ts';
import { toSignError } from './code.ts';
import type { IdentityToken } from './identity/token-source.ts';
import type { KeySigner } from './key/key-signer.ts';
import { mapInOrder } from './map-in-order.ts';
import { type CallService, createCaller } from './services/call-service.ts';
import { type SelectedServices, selectServices } from './services/select-services.ts';
import type { SigningConfig } from './services/signing-config.ts';

/** Either an identity token (keyless) or a key of one's own. */
export type SignerOptions = {
	readonly services: SigningConfig;
	readonly context: Omit<Context, 'tempDir'>;
	/**
	 * Verifies each finished bundle under the keys that verifiers trust; throws where it does not hold. Without it only what
	 * the services answered is compared with what was sent.
	 */
	readonly verify?: ((bundle: Uint8Array) => Promise<unknown> | unknown) | undefined;
} & (
	| { readonly identityToken: IdentityToken; readonly key?: undefined }
	| { readonly identityToken?: undefined; readonly key: KeySigner }
);

/** Signs statements: one certificate or key for all of them, every reply of a service checked before it is believed. */
export interface StatementSigner {
	/**
	 * Signs one statement.
	 * @returns a Sigstore bundle v0.3 as JSON
	 * @throws SlipwayError SIGN_*
	 */
	attest(statement: Statement): Promise<Uint8Array>;
	/**
	 * Signs many: in order, several at a time (logs of version 2 answer once a second), with as many in memory as are on
	 * their way. The first failure ends it.
	 * @throws as attest
	 */
	attestAll(statements: Iterable<Statement> | AsyncIterable<Statement>): AsyncIterable<Uint8Array>;
}

/** Payloads above this are refused by those who read statements here. */
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
const PARALLEL = 8;
const PARALLEL_LOG_V2 = 64;

const toPayload = (statement: Statement): Buffer => {
	const { subject } = statement;
	if (subject.length < 1 || subject.length > MAX_SUBJECTS)
		throw toSignError(
			'SIGN_STATEMENT_TOO_LARGE',
			`expected 1 to ${MAX_SUBJECTS} subjects in a statement, got ${subject.length}`,
			{ hint: 'Split the subjects over several statements.' },
		);
	const payload = Buffer.from(JSON.stringify(statement));
	if (payload.length <= MAX_PAYLOAD_BYTES) return payload;
	throw toSignError(
		'SIGN_STATEMENT_TOO_LARGE',
		`expected a statement of at most ${MAX_PAYLOAD_BYTES} bytes, got ${payload.length}`,
		{ hint: 'Make the predicate smaller: a large SBOM can be attested by its digest.' },
	);
};

const toSigner = (options: SignerOptions, { authority }: SelectedServices, call: CallService): Signer => {
	if (options.key) return options.key;
	const { identityToken, context } = options;
	return new KeylessSigner({ authority: authority?.url ?? '', identityToken, call, clock: context.clock });
};

/** Loaded when something is signed. */
const openBuilder = async (options: SignerOptions, selected: SelectedServices) => {
	const [{ createBundleBuilder }, { createWitnesses }] = await Promise.all([
		import('./bundle/bundle-builder.ts'),
		import('./witness/create-witnesses.ts'),
	]);
	const call = createCaller(options.context);
	const witnesses = createWitnesses(selected, call, options.context);
	return createBundleBuilder(toCheckedSigner(toSigner(options, selected, call)), witnesses);
};

const verifyWith = async ({ verify }: SignerOptions, bundle: Uint8Array): Promise<void> => {
	try {
		await verify?.(bundle);
	} catch (cause) {
		throw toSignError(
			'SIGN_BUNDLE_REFUSED',
			`expected a bundle that the trusted root verifies, but: ${toMessage(cause)}`,
			{
				hint: 'Nothing was signed. Compare `trusted-root:` with `services:` below `sign:`; if both belong together, a service lies.',
				cause,
			},
		);
	}
};

/**
 * Opens a signer on the services that the signing config names. Nothing is asked of them before the first signature.
 * @throws SlipwayError SIGN_SERVICES_MISSING
 */
export const openSigner = async (options: SignerOptions): Promise<StatementSigner> => {
	const { services, context } = options;
	const selected = selectServices(services, { keyless: !options.key, now: context.clock.now() });
	const build = await openBuilder(options, selected);
	const attest = async (statement: Statement): Promise<Uint8Array> => {
		const bundle = await build(toPayload(statement), STATEMENT_PAYLOAD_TYPE);
		checkTimes(bundle);
		const bytes = toBundleBytes(bundle);
		await verifyWith(options, bytes);
		return bytes;
	};
	const isBatched = selected.logs.some(({ majorApiVersion }) => majorApiVersion === 2);
	return {
		attest,
		attestAll: (statements) => mapInOrder(statements, attest, isBatched ? PARALLEL_LOG_V2 : PARALLEL),
	};
};
