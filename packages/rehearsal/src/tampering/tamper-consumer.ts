import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSigstore } from '../sigstore/index.ts';
import type { VerifyRequest } from '../trust/verify-folders.ts';
import type { TamperedCopy } from './try-tampering.ts';

/** Where a Release lies whole, and what it is rightly held against. */
interface Whole {
	readonly request: VerifyRequest;
	/** For the exchanged files. */
	readonly folder: string;
}

const withOtherPolicy = async ({ request, folder }: Whole): Promise<VerifyRequest> => {
	const policyFile = join(folder, 'exchanged.policy.yml');
	const text = await readFile(request.policyFile, 'utf8');
	await writeFile(
		policyFile,
		text.replaceAll('/.github/workflows/release.yml@', '/.github/workflows/other.yml@'),
	);
	return { ...request, policyFile };
};

const withOtherRoot = async ({ request, folder }: Whole): Promise<VerifyRequest> => {
	const trustedRootFile = join(folder, 'exchanged-root.json');
	const other = await startSigstore();
	await writeFile(trustedRootFile, JSON.stringify(other.trustedRoot));
	await other.stop();
	return { ...request, trustedRootFile };
};

/** A whole Release that is held against something else than it should. */
export const exchangeAtConsumer = async (
	whole: Whole,
): Promise<readonly (Omit<TamperedCopy, 'folder'> & { readonly request: VerifyRequest })[]> => [
	{
		tampering: {
			id: 'policy-exchanged',
			what: 'the policy was exchanged for one that trusts another workflow',
		},
		links: ['attestations/'],
		request: await withOtherPolicy(whole),
	},
	{
		tampering: { id: 'root-exchanged', what: 'the trusted root was exchanged for that of another Sigstore' },
		links: ['attestations/'],
		request: await withOtherRoot(whole),
	},
];
