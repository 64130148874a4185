import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSigstore } from '../sigstore/index.ts';
import type { VerifyMeans } from '../trust/verify-folders.ts';
import type { Tampering } from './tampering.ts';

/** Something else that a whole Release is held against. */
export interface Exchange {
	readonly tampering: Pick<Tampering, 'id' | 'what'>;
	readonly links: readonly string[];
	readonly means: VerifyMeans;
}

const withOtherPolicy = async (means: VerifyMeans, folder: string): Promise<VerifyMeans> => {
	const policyFile = join(folder, 'exchanged.policy.yml');
	const text = await readFile(means.policyFile, 'utf8');
	await writeFile(
		policyFile,
		text.replaceAll('/.github/workflows/release.yml@', '/.github/workflows/other.yml@'),
	);
	return { ...means, policyFile };
};

const withOtherRoot = async (means: VerifyMeans, folder: string): Promise<VerifyMeans> => {
	const trustedRootFile = join(folder, 'exchanged-root.json');
	const other = await startSigstore();
	await writeFile(trustedRootFile, JSON.stringify(other.trustedRoot));
	await other.stop();
	return { ...means, trustedRootFile };
};

/** What a consumer could be made to verify a Release with. @param folder for the exchanged files */
export const exchangeMeans = async (means: VerifyMeans, folder: string): Promise<readonly Exchange[]> => [
	{
		tampering: {
			id: 'policy-exchanged',
			what: 'the policy was exchanged for one that trusts another workflow',
		},
		links: ['attestations/'],
		means: await withOtherPolicy(means, folder),
	},
	{
		tampering: { id: 'root-exchanged', what: 'the trusted root was exchanged for that of another Sigstore' },
		links: ['attestations/'],
		means: await withOtherRoot(means, folder),
	},
];
