import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@slipway/core/config';
import type { Draft } from '../flow/draft.ts';
import type { Claims, LocalSigstore } from '../sigstore/index.ts';
import { type Origin, toClaims } from './identity.ts';
import { toRehearsedPolicy } from './policy.ts';
import { readRepository } from './repository.ts';

/** How one project's release is signed in the rehearsal, and what a consumer checks it with. */
export interface RehearsedTrust {
	readonly claims: Claims;
	readonly policyFile: string;
	readonly trustedRootFile: string;
	/** For slipway.yml. */
	readonly config: Pick<Config, 'sign' | 'policy'>;
}

interface Opening {
	readonly draft: Draft;
	readonly origin: Origin;
	readonly sigstore: LocalSigstore;
	/** A folder of its own. */
	readonly folder: string;
	/** Milliseconds since 1970. */
	readonly now: number;
}

const toProvenance = async ({ project, notes }: Draft): Promise<'own' | 'none'> => {
	if (project.npmPackages.length === 0) return 'none';
	const asked = project.config.sign?.provenance ?? 'own';
	if (asked !== 'own' || (await readRepository(project)).isNamed) return asked === 'own' ? 'own' : 'none';
	notes.push(
		'npm was given no provenance: it takes only one whose repository is named in package.json, as https://github.com/OWNER/NAME.',
	);
	return 'none';
};

const noteDifferences = ({ project, notes }: Draft): void => {
	if (project.config.sign === undefined)
		notes.push('slipway.yml has no `sign:`. Here the release was signed, in earnest it would not be.');
	else
		notes.push('Signed at a Sigstore that was started for this run, under a policy that names its identity.');
};

/** Writes identity, services, trusted root and policy for one project's release. */
export const openTrust = async ({
	draft,
	origin,
	sigstore,
	folder,
	now,
}: Opening): Promise<RehearsedTrust> => {
	await mkdir(folder, { recursive: true });
	const claims = toClaims(origin, now);
	const policy = await toRehearsedPolicy(draft, origin, sigstore.issuer);
	const provenance = await toProvenance(draft);
	noteDifferences(draft);
	const files = {
		identity: join(folder, 'identity.token'),
		services: join(folder, 'signing-config.json'),
		trustedRoot: join(folder, 'trusted-root.json'),
		policy: join(folder, 'slipway.policy.yml'),
	};
	await Promise.all([
		writeFile(files.identity, sigstore.token(claims), { mode: 0o600 }),
		writeFile(files.services, JSON.stringify(sigstore.signingConfig)),
		writeFile(files.trustedRoot, JSON.stringify(sigstore.trustedRoot)),
		writeFile(files.policy, policy),
	]);
	const sign: Config['sign'] = {
		services: files.services,
		'trusted-root': files.trustedRoot,
		identity: { file: files.identity },
		provenance,
		'github-attestations': false,
	};
	return {
		claims,
		policyFile: files.policy,
		trustedRootFile: files.trustedRoot,
		config: { sign, policy: files.policy },
	};
};
