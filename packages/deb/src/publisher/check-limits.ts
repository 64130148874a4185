import type { Artifact, Finding } from '@slipway/core';
import type { Store, StoreCode, StoreLimits } from '@slipway/store';
import type { PackagesIndex } from '../repository/read-index.ts';
import type { Repository } from '../repository/repository.ts';
import { openSuite } from '../repository/suite-view.ts';

/** A site that is fuller than this part of what its host serves is worth a word. */
const NEARLY_FULL = 0.8;

const MIB = 1024 ** 2;
/** Rounded up: one byte too many must not look like none. */
const toMib = (bytes: number): string => `${Math.ceil((bytes / MIB) * 10) / 10} MiB`;

const toFinding = (severity: Finding['severity'], message: string, hint: string): Finding => ({
	severity,
	code: 'STORE_TOO_LARGE' satisfies StoreCode,
	message,
	hint,
});

/** Whether the host of the repository takes these files. */
export const checkFileSizes = (
	artifacts: readonly Pick<Artifact, 'name' | 'size'>[],
	{ host, fileBytes, advisedFileBytes, document }: StoreLimits,
): readonly Finding[] =>
	artifacts.flatMap(({ name, size }) => {
		if (size <= advisedFileBytes) return [];
		const [severity, verb, most] =
			size > fileBytes
				? (['error', 'takes', fileBytes] as const)
				: (['warning', 'advises', advisedFileBytes] as const);
		return toFinding(
			severity,
			`${name}: expected at most ${toMib(most)}, which ${host} ${verb} for a file in a branch, got ${toMib(size)}`,
			`Make the package smaller, or keep the repository in a directory or in S3: see ${document}`,
		);
	});

const FIELD = /^(Filename|Size): (.+)$/gm;

const readField = (stanza: string, name: string): string =>
	[...stanza.matchAll(FIELD)].find(([, field]) => field === name)?.[2] ?? '';

/** Bytes of the packages that indexes name, each file once. */
const sumPackages = (indexes: readonly PackagesIndex[]): number => {
	const blocks = indexes.flatMap((index) => index.blocks);
	const stanzas = blocks.flatMap((block) => block.text().toString('latin1').split('\n\n'));
	const sizes = new Map(
		stanzas.map((stanza) => [readField(stanza, 'Filename'), Number(readField(stanza, 'Size')) || 0]),
	);
	return [...sizes.values()].reduce((total, size) => total + size, 0);
};

/** Whether the packages of a component and those to come fit into what the host serves as a site. */
export const checkSiteSize = (
	indexes: readonly PackagesIndex[],
	artifacts: readonly Pick<Artifact, 'size'>[],
	{ host, siteBytes, document }: StoreLimits,
): readonly Finding[] => {
	const total = sumPackages(indexes) + artifacts.reduce((sum, { size }) => sum + size, 0);
	if (total <= NEARLY_FULL * siteBytes) return [];
	return [
		toFinding(
			'warning',
			`the packages of the suite: expected at most ${toMib(siteBytes)}, which ${host} serves as a site, got ${toMib(total)}`,
			`Keep fewer versions (\`keep\` of the target, then \`slipway apt clean\`), or move the repository to S3: see ${document}`,
		),
	];
};

/** What is known of a repository before a release of it is at hand. @throws SlipwayError APT_*, STORE_* */
export const checkHostLimits = async (
	repository: Repository & { readonly store: Store },
	{ suite, component, now }: { readonly suite: string; readonly component: string; readonly now: number },
): Promise<readonly Finding[]> => {
	const limits = await repository.store.limits?.();
	if (!limits) return [];
	const view = await openSuite(repository, suite, { now });
	return checkSiteSize(await view.indexes(component), [], limits);
};
