import { SlipwayError } from '@slipway/core';
import type { Change, StoreCode, StoreLimits } from '../store.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * GitHub Docs: "About large files on GitHub" (files above 50 MiB are warned about, above 100 MiB blocked),
 * "Troubleshooting the 2 GB push limit", "GitHub Pages limits" (a published site may be no larger than 1 GB).
 */
const GITHUB: StoreLimits = {
	host: 'GitHub',
	fileBytes: 100 * MIB,
	advisedFileBytes: 50 * MIB,
	writeBytes: 2 * GIB,
	siteBytes: GIB,
	document:
		'https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-large-files-on-github',
};

/** The host of an address as git takes it: a URL, or `user@host:path`. */
const toHost = (address: string): string | undefined => {
	if (/^[a-z][a-z+]*:\/\//i.test(address))
		return URL.canParse(address) ? new URL(address).hostname.toLowerCase() : undefined;
	return /^(?:[^@/\s]{1,200}@)?([^:/\s]{2,200}):/.exec(address)?.[1]?.toLowerCase();
};

/** What the host of a repository takes; undefined: not known, as of a folder. A run's own server has GitHub's limits. */
export const findHostLimits = (address: string, environment: Environment): StoreLimits | undefined => {
	const host = toHost(address);
	if (host === undefined || host === '') return undefined;
	const server = toHost(environment.GITHUB_SERVER_URL || 'https://github.com');
	return host === 'github.com' || host === 'ssh.github.com' || host === server ? GITHUB : undefined;
};

/** Rounded up: one byte too many must not look like none. */
const toMib = (bytes: number): string => `${Math.ceil((bytes / MIB) * 10) / 10} MiB`;

const tooLarge = (what: string, most: number, size: number, { host, document }: StoreLimits) =>
	new SlipwayError<StoreCode>(
		'STORE_TOO_LARGE',
		`${what}: expected at most ${toMib(most)}, which ${host} takes, got ${toMib(size)}; nothing was written`,
		{
			hint: `Make it smaller, or keep the repository where there is no such limit (a directory, or S3): see ${document}`,
		},
	);

/**
 * Looks before anything is written.
 * @throws SlipwayError STORE_TOO_LARGE
 */
export const verifyWithinLimits = (changes: readonly Change[], limits: StoreLimits | undefined): void => {
	if (!limits) return;
	let total = 0;
	for (const change of changes) {
		if (change.kind === 'remove') continue;
		const size = change.bytes.length;
		if (size > limits.fileBytes) throw tooLarge(change.path, limits.fileBytes, size, limits);
		total += size;
	}
	if (total > limits.writeBytes)
		throw tooLarge(`${changes.length} files in one push`, limits.writeBytes, total, limits);
};
