/** Files, and the suites that are to notice when one of them changes. Each costs a run, so each names few, fast suites. */
export interface Group {
	/** Paths in the repository. */
	readonly files: readonly string[];
	/** Paths in the repository, without `.test.ts`. */
	readonly suites: readonly string[];
}

const DEB_INDEX = 'packages/deb/src/repository';

/** The protocol modules: what decides whether a release is right. */
export const MODULES: ReadonlyMap<string, readonly Group[]> = new Map([
	[
		'debian-version',
		[
			{
				files: ['packages/deb/src/package/debian-version.ts'],
				suites: ['packages/deb/src/package/debian-version'],
			},
		],
	],
	[
		'index',
		[
			{
				files: ['edit-index.ts', 'gzip-blocks.ts', 'packages-index.ts'].map((name) => `${DEB_INDEX}/${name}`),
				suites: [`${DEB_INDEX}/packages-index`],
			},
		],
	],
]);
