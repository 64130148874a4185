/** Files, and the suites that are to notice when one of them changes. Each costs a run, so each names few, fast suites. */
export interface Group {
	/** Paths in the repository. */
	readonly files: readonly string[];
	/** Paths in the repository, without `.test.ts`. */
	readonly suites: readonly string[];
}

/** Names of tests of these suites that are left out: teams of processes, which take seconds for each change. */
export const SLOW_TESTS = /^of processes that|^processes that|^writers that are killed/;

const below = (folder: string, names: string): readonly string[] =>
	names.split(' ').map((name) => `packages/${folder}/${name}`);

const toGroup = (folder: string, files: string, suites: string): Group => ({
	files: below(folder, files).map((path) => `${path}.ts`),
	suites: below(folder, suites),
});

const STORIES = 'scripts/mutation/stories';

/** Files of the transaction, with the stories of the simulation. */
const toReleaseGroup = (files: string, suites = 'phases pointers release found-by-simulation'): Group => {
	const group = toGroup('release/src', files, suites);
	return { ...group, suites: [...group.suites, STORIES] };
};

/** The protocol modules: what decides whether a release is right. Files of types and codes alone hold nothing to change. */
export const MODULES: ReadonlyMap<string, readonly Group[]> = new Map([
	['debian-version', [toGroup('deb/src/package', 'debian-version', 'debian-version')]],
	[
		'index',
		[
			toGroup('deb/src/repository', 'edit-index packages-index', 'edit-index'),
			toGroup('deb/src/repository', 'gzip-blocks', 'gzip-blocks'),
			toGroup(
				'deb/src/repository',
				'edit-suite next-release parse-packages',
				'edit-suite next-release parse-packages',
			),
		],
	],
	[
		'replies',
		[
			toGroup('npm/src', 'registry/classify-reply registry/reply-body', 'registry/classify-reply'),
			toGroup('npm/src/publisher', 'probe errors findings', 'probe errors findings'),
			toGroup('github/src/rest', 'reply failure permission patience', 'reply rest'),
			toGroup('github/src/publisher', 'probe', 'probe'),
			toGroup('deb/src/publisher', 'probe findings', 'probe'),
			toGroup('http/src', 'retry-after exchange', 'retry-after exchange client'),
		],
	],
	[
		'store',
		[
			toGroup(
				'store/src',
				'outbox-store fold-outbox verified-store lazy-store open-store',
				'outbox open-store s3/s3-store',
			),
			toGroup(
				'store/src',
				'directory-store write-changes step store-path store-error folder-lock durable-file',
				'store-error directory-store-moment directory-store-folder directory-store-syncs directory-store',
			),
			toGroup(
				'store/src/s3',
				'bucket-address classify-reply credentials s3-error sign-request write-groups xml file-headers',
				'bucket-address classify-reply credentials file-headers s3-error sign-request write-groups xml s3-store',
			),
			toGroup(
				'store/src/s3',
				'bucket list-objects patience read-object s3-store upload-object verify-conditions write-object',
				's3-store s3-store-faults',
			),
			toGroup('store/src/git', 'git-error', 'git-error'),
			toGroup('store/src/git', 'judge ancestry host-limits tree', 'judge ancestry host-limits tree'),
		],
	],
	[
		'release',
		[
			toReleaseGroup('records', 'records release found-by-simulation'),
			toReleaseGroup(
				'journal fence record backoff patience',
				'patience fence journal record release found-by-simulation',
			),
			toReleaseGroup('expose verify withdraw finish'),
			toReleaseGroup(
				'boundary parts plan planning adopt',
				'planning boundary parts phases pointers release meanwhile',
			),
			toReleaseGroup(
				'release upload operation contract examine subject-states status',
				'may-release contract upload phases pointers undo planning records release found-by-simulation',
			),
			toReleaseGroup(
				'rollback restore abort continue verify-release',
				'undo pointers phases release meanwhile contract found-by-simulation',
			),
		],
	],
]);
