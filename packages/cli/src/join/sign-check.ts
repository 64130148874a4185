import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Context, SlipwayError } from '@slipway/core';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';
import type { SigningConfig } from '@slipway/sign';
import type { Trust } from '@slipway/verify';
import type { JoinCode, OpenProject } from './project.ts';

/** Whose signatures are expected: by the issuers and the identity of a token, or by a key. */
export type ExpectedSignature =
	| { readonly issuers: readonly string[]; readonly identity: string | undefined }
	| { readonly publicKey: string };

export type CheckBundle = (bundle: Uint8Array) => unknown;

const readRoot = async (project: OpenProject, path: string): Promise<Uint8Array> =>
	readFile(resolve(project.configFolder, path)).catch((cause) => {
		throw new SlipwayError<JoinCode>(
			'PROJECT_UNREADABLE',
			`cannot read ${path}: expected a Sigstore trusted root`,
			{
				hint: 'Put the file there, or correct `sign: trusted-root:` in slipway.yml.',
				cause,
			},
		);
	});

const toSigners = (expected: ExpectedSignature): object[] => {
	if ('publicKey' in expected) return [{ name: 'the key that signs', key: expected.publicKey }];
	const { issuers, identity } = expected;
	const who = identity === undefined ? { 'identity-pattern': '.+' } : { identity };
	return issuers.map((issuer) => ({ name: 'the identity that signs', issuer, ...who }));
};

/** As many witnesses as the services have given: one of each kind that there is. */
const toPolicy = (
	expected: ExpectedSignature,
	{ rekorTlogUrls, tsaUrls }: SigningConfig,
	{ authorities }: Trust,
): PinnedPolicy => {
	const toThreshold = (list: readonly unknown[]): number => Math.min(1, list.length);
	const thresholds = {
		'transparency-logs': toThreshold(rekorTlogUrls),
		timestamps: toThreshold(tsaUrls),
		'certificate-logs': toThreshold(authorities.ctlogs),
	};
	const policy = { policy: 1, signers: toSigners(expected), thresholds };
	return parsePolicy(Buffer.from(JSON.stringify(policy)), 'what signing expects');
};

/** What signatures that signing expects are verified by; undefined: no trusted root is named. */
export const openSignTrust = async (
	project: OpenProject,
	{ expected, services }: { readonly expected: ExpectedSignature; readonly services: SigningConfig },
	{ clock }: Pick<Context, 'clock'>,
): Promise<{ readonly trust: Trust; readonly policy: PinnedPolicy } | undefined> => {
	const from = project.config.sign?.['trusted-root'];
	if (from === undefined) return undefined;
	const { openTrust } = await import('@slipway/verify');
	const trust = await openTrust({ trustedRoot: await readRoot(project, from), from, clock });
	return { trust, policy: toPolicy(expected, services, trust) };
};

/**
 * Where `sign: trusted-root:` names the keys of the services, each bundle is verified under them before it is put anywhere:
 * a service that signs with other keys than its own is noticed by us, not by users. undefined: no such file is named.
 * @throws SlipwayError PROJECT_UNREADABLE, VERIFY_TRUST_INVALID
 */
export const openBundleCheck = async (
	project: OpenProject,
	{ expected, services }: { readonly expected: ExpectedSignature; readonly services: SigningConfig },
	{ clock }: Pick<Context, 'clock'>,
): Promise<CheckBundle | undefined> => {
	const means = await openSignTrust(project, { expected, services }, { clock });
	if (!means) return undefined;
	const { verifyBundle } = await import('@slipway/verify');
	return (bundle) => verifyBundle(bundle, { ...means, clock });
};
