/** What an archive may cost before it is refused whole. */
export interface ArchiveLimits {
	/** Default 100,000. */
	readonly maxEntries: number;
	/** Bytes of one entry. Default 1 GiB. */
	readonly maxEntryBytes: number;
	/** Bytes of all entries, and of what a compressed stream unpacks to. Default 2 GiB. */
	readonly maxTotalBytes: number;
	/** Unpacked bytes for each compressed one, once 1 MiB is unpacked. Default 300. */
	readonly maxRatio: number;
	/** Folders inside each other. Default 64. */
	readonly maxDepth: number;
	/** Links that name an absolute path (a .deb may; an npm package may not). Default false. */
	readonly absoluteLinks: boolean;
}

const DEFAULTS: ArchiveLimits = {
	maxEntries: 100_000,
	maxEntryBytes: 1024 ** 3,
	maxTotalBytes: 2 * 1024 ** 3,
	maxRatio: 300,
	maxDepth: 64,
	absoluteLinks: false,
};

export const toLimits = (limits: Partial<ArchiveLimits> = {}): ArchiveLimits => ({ ...DEFAULTS, ...limits });

/** What can be no larger than this is unpacked at once; what can is looked through first, a few chunks at a time. */
export const AT_ONCE_BYTES = 64 * 1024 * 1024;

/** Below this many unpacked bytes a ratio says nothing. */
const RATIO_FREE_BYTES = 1024 * 1024;

/** How many bytes `compressed` bytes may unpack to. */
export const toUnpackedLimit = (compressed: number, { maxRatio, maxTotalBytes }: ArchiveLimits): number =>
	Math.min(maxTotalBytes, Math.max(RATIO_FREE_BYTES, compressed * maxRatio));
