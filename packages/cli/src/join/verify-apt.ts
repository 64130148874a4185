import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hashBytes } from '@slipway/archive';
import { type Context, SlipwayError } from '@slipway/core';
import type { RepositoryFiles, VerifiedDeb, VerifiedRepository } from '@slipway/deb';
import { openStore } from '@slipway/store';
import type { FileVerification } from '@slipway/verify';
import type { Door, JoinCode } from './project.ts';
import { toRequired } from './verify-file.ts';
import { openMeans, type TrustOptions, type VerifyMeans } from './verify-means.ts';

export interface AptOptions extends TrustOptions {
	/** `apt:URL` or `apt:FOLDER`. */
	readonly spec: string;
	readonly suite: string;
	/** Files with the OpenPGP public keys of which one signs the repository. */
	readonly signingKeys: readonly string[];
	/** Verify signatures and hashes of the repository alone, and no attestations. */
	readonly withoutAttestations?: boolean | undefined;
}

/** A repository that was verified: every file of a suite, and what is attested of each package. */
export interface VerifiedApt {
	readonly kind: 'apt';
	readonly from: string;
	/** undefined: attestations were left aside. */
	readonly means: VerifyMeans | undefined;
	readonly repository: VerifiedRepository;
	readonly packages: readonly FileVerification[];
}

const openFiles = async (place: string): Promise<RepositoryFiles> => {
	if (/^https?:\/\//.test(place)) {
		const { openServedFiles } = await import('@slipway/deb');
		return openServedFiles(place);
	}
	const store = openStore({ directory: resolve(place) }, process.cwd(), { environment: {} });
	return { get: async (path) => (await store.read(path))?.bytes ?? null };
};

/** @throws SlipwayError SIGNING_KEY_MISSING, PROJECT_UNREADABLE */
const readKeys = async (paths: readonly string[]): Promise<string[]> => {
	if (paths.length === 0)
		throw new SlipwayError<JoinCode>(
			'SIGNING_KEY_MISSING',
			'expected the key that signs the repository, got none',
			{
				hint: 'Name its public key with --signing-key FILE: from the publisher, not from the repository itself.',
			},
		);
	return Promise.all(
		paths.map((path) =>
			readFile(resolve(path), 'utf8').catch((cause) => {
				throw new SlipwayError<JoinCode>(
					'PROJECT_UNREADABLE',
					`cannot read ${path}: expected an armored public key`,
					{
						hint: 'Correct the name of the file.',
						cause,
					},
				);
			}),
		),
	);
};

const verifyDeb = async (
	deb: VerifiedDeb,
	means: VerifyMeans,
	{ clock }: Context,
): Promise<FileVerification> => {
	const { verifyFile } = await import('@slipway/verify');
	const { digest } = hashBytes(deb.bytes);
	const { trust, policy, revocations } = means;
	return verifyFile({
		name: deb.filename,
		digest: { sha256: digest.sha256, sha512: digest.sha512 ?? '' },
		bundles: deb.bundles.map((bytes, index) => ({
			path: `attestation ${index + 1} of ${deb.filename}`,
			bytes,
		})),
		origin: 'named',
		trust,
		policy,
		revocations,
		clock,
		require: toRequired(means, 'found'),
	});
};

/**
 * Verifies a suite of an apt repository: its signature, dates and every hash; and, for each package, its attestations under
 * the policy.
 * @throws SlipwayError APT_*, VERIFY_*, POLICY_*, SIGNING_KEY_MISSING
 */
export const verifyAptRepository = async (
	door: Door,
	options: AptOptions,
	context: Context,
): Promise<VerifiedApt> => {
	const from = options.spec.replace(/^apt:/, '');
	const keys = await readKeys(options.signingKeys);
	const means = options.withoutAttestations ? undefined : await openMeans(door, options, context);
	const { verifyRepository } = await import('@slipway/deb');
	const packages: FileVerification[] = [];
	const onDeb = async (deb: VerifiedDeb): Promise<void> => {
		if (means) packages.push(await verifyDeb(deb, means, context));
	};
	const files = await openFiles(from);
	const repository = await verifyRepository(files, { suite: options.suite, keys, onDeb }, context);
	return { kind: 'apt', from, means, repository, packages };
};
