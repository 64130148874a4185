import { existsSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { type Context, SlipwayError } from '@slipway/core';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';
import type { Command } from 'commander';
import { type Result, runCommand } from '../command.ts';
import { EXIT } from '../output/exit-code.ts';
import type { Parts } from './operations.ts';

/** A client of the Sigstore conformance suite: its protocol is docs/cli_protocol.md of sigstore-conformance. */

interface VerifyOptions {
	readonly bundle: string;
	readonly certificateIdentity?: string;
	readonly certificateOidcIssuer?: string;
	readonly key?: string;
	readonly trustedRoot?: string;
	readonly staging?: boolean;
	readonly pinned?: boolean;
}

interface SignOptions {
	readonly bundle: string;
	readonly identityToken: string;
	readonly signingConfig?: string;
	readonly trustedRoot?: string;
	readonly staging?: boolean;
	readonly inToto?: boolean;
}

const refuse = (message: string, hint: string): SlipwayError<'CONFORMANCE_UNSUPPORTED'> =>
	new SlipwayError('CONFORMANCE_UNSUPPORTED', message, { hint });

const checkInstance = ({ staging }: { readonly staging?: boolean }): void => {
	if (staging)
		throw refuse(
			'the staging instance of Sigstore is not known here',
			'Name its documents with --trusted-root and --signing-config, without --staging.',
		);
};

/** One log, one certificate log, any proof of time: what the suite expects of a client. */
const toPolicy = async (options: VerifyOptions): Promise<PinnedPolicy> => {
	const signer = options.key
		? { name: 'key', key: await readFile(options.key, 'utf8'), thresholds: { 'transparency-logs': 1 } }
		: { name: 'identity', issuer: options.certificateOidcIssuer, identity: options.certificateIdentity };
	const policy = { policy: 1, signers: [signer], thresholds: { timestamps: 0 } };
	return parsePolicy(new TextEncoder().encode(JSON.stringify(policy)), 'the options');
};

const readFileOrDigest = async (text: string): Promise<Uint8Array | { sha256: string }> => {
	const digest = /^sha256:([0-9a-f]{64})$/.exec(text)?.[1];
	return digest !== undefined && !existsSync(text) ? { sha256: digest } : readFile(text);
};

const openTrustOf = async ({ trustedRoot, pinned = false }: VerifyOptions, { clock }: Context) => {
	const { openTrust } = await import('@slipway/verify');
	if (trustedRoot !== undefined)
		return openTrust({ trustedRoot: await readFile(trustedRoot), from: trustedRoot, clock });
	return openTrust(pinned ? { pinned, clock } : { online: {}, clock });
};

const verifyBundle = async (text: string, options: VerifyOptions, context: Context): Promise<Result> => {
	checkInstance(options);
	const { verifyFile } = await import('@slipway/verify/message');
	const verified = verifyFile(await readFile(options.bundle), {
		trust: await openTrustOf(options, context),
		policy: await toPolicy(options),
		file: await readFileOrDigest(text),
		clock: context.clock,
	});
	return {
		code: EXIT.done,
		json: verified,
		text: () => `verified: ${verified.signer.identity ?? verified.signer.key}`,
	};
};

const readServices = async ({ signingConfig }: SignOptions) => {
	const { parseSigningConfig, toPublicSigningConfig } = await import('@slipway/sign');
	return signingConfig === undefined
		? toPublicSigningConfig()
		: parseSigningConfig(await readFile(signingConfig));
};

const signBundle = async (file: string, options: SignOptions, context: Context): Promise<Result> => {
	checkInstance(options);
	if (!options.inToto)
		throw refuse(
			'expected --in-toto: bare signatures of files are not made here',
			'Give an in-toto statement with --in-toto; a statement says what the file is, a bare signature does not.',
		);
	const { parseStatement } = await import('@slipway/core/attestation');
	const { openSigner } = await import('@slipway/sign');
	const statement = parseStatement(await readFile(file));
	const identityToken = async () => options.identityToken;
	const signer = await openSigner({ services: await readServices(options), identityToken, context });
	await writeFile(options.bundle, await signer.attest(statement));
	const { size } = statSync(options.bundle);
	return { code: EXIT.done, json: { bundle: options.bundle, size }, text: () => `signed: ${options.bundle}` };
};

const addVerify = (conformance: Command, { io, exit }: Parts): void => {
	conformance
		.command('verify-bundle')
		.argument('<file-or-digest>', 'a file, or sha256: and its digest')
		.requiredOption('--bundle <file>')
		.option('--certificate-identity <identity>')
		.option('--certificate-oidc-issuer <url>')
		.option('--key <file>', 'a public key as PEM, in place of identity and issuer')
		.option('--trusted-root <file>')
		.option('--staging')
		.action((file: string, _, command: Command) =>
			runCommand(command, { io, exit, title: 'verify-bundle' }, (context) =>
				verifyBundle(file, command.optsWithGlobals<VerifyOptions>(), context),
			),
		);
};

const addSign = (conformance: Command, { io, exit }: Parts): void => {
	conformance
		.command('sign-bundle')
		.argument('<file>', 'an in-toto statement')
		.requiredOption('--bundle <file>', 'where the bundle goes')
		.requiredOption('--identity-token <token>')
		.option('--in-toto')
		.option('--trusted-root <file>')
		.option('--signing-config <file>')
		.option('--staging')
		.action((file: string, _, command: Command) =>
			runCommand(command, { io, exit, title: 'sign-bundle' }, (context) =>
				signBundle(file, command.optsWithGlobals<SignOptions>(), context),
			),
		);
};

/** `slipway conformance …`: the client that the Sigstore conformance suite drives; not part of the main help. */
export const addConformance = (program: Command, parts: Parts): void => {
	const conformance = program
		.command('conformance', { hidden: true })
		.description('a client of the Sigstore conformance suite (its docs/cli_protocol.md)')
		.option('--pinned', "without --trusted-root: the copy of the public instance's root in this version");
	addVerify(conformance, parts);
	addSign(conformance, parts);
};
