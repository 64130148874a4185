import { gunzipSync } from 'node:zlib';
import { findInBlocks } from './edit-index.ts';
import { editSuite, type PackageTarget, type SuiteEdit } from './edit-suite.ts';
import { toBlocks } from './gzip-blocks.ts';
import type { Offer } from './offers.ts';
import { type IndexStanza, toIndexStanza, toSha256 } from './packages-index.ts';
import type { PackagesIndex } from './read-index.ts';
import type { Release } from './release-file.ts';
import type { Repository } from './repository.ts';
import { type SuiteView, toOffer } from './suite-view.ts';

const toText = (name: string, version: string, architecture = 'all'): string =>
	`Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nFilename: pool/${name}_${version}_${architecture}.deb\nSHA256: ${'a'.repeat(64)}\n\n`;
const toStanza = (name: string, version: string, architecture = 'all'): IndexStanza =>
	toIndexStanza(Buffer.from(toText(name, version, architecture)));

const repository = (architectures: readonly string[]): Repository =>
	({ architectures, origin: 'o', label: 'l', trustedKeys: [], signingKey: null }) as unknown as Repository;

type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

const toIndex = (component: string, architecture: string, text: string | undefined): PackagesIndex => ({
	architecture,
	folder: `${component}/binary-${architecture}`,
	blocks: text === undefined ? [] : toBlocks(Buffer.from(text)),
	hasGzip: text !== undefined,
	isListed: text !== undefined,
});

/** A published suite: the text of each index, by component and architecture; what is missing is not listed. */
const toView = (
	texts: Texts,
	architectures: readonly string[],
	change: Partial<PackagesIndex> = {},
): SuiteView => {
	const published = [...new Set(Object.values(texts).flatMap((indexes) => Object.keys(indexes)))];
	const release = { architectures: published, components: Object.keys(texts) } as unknown as Release;
	const indexes = async (component: string) =>
		[...new Set([...published, ...architectures])].map((architecture) => {
			const index = toIndex(component, architecture, texts[component]?.[architecture]);
			return index.isListed ? { ...index, ...change } : index;
		});
	return {
		suite: {
			name: 'stable',
			release: published.length > 0 ? release : null,
			inRelease: null,
			text: '',
			releaseVersion: null,
			history: [],
		},
		indexes,
		stanzas: async (component, name) =>
			(await indexes(component)).flatMap(({ blocks }) => findInBlocks(blocks, name)),
		pointer: async () => null,
	};
};

const target = (name: string, made: readonly IndexStanza[], component = 'main'): PackageTarget => ({
	component,
	name,
	offers: made.map((stanza): Offer => toOffer(stanza)),
	wasOffered: false,
	made,
});

/** The text of each index that changes, by its folder. */
const toTexts = ({ indexes }: SuiteEdit): Record<string, string> =>
	Object.fromEntries(
		indexes.map(({ folder, files }) => [folder, gunzipSync(files[1]?.bytes ?? '').toString()]),
	);

const A = toText('a', '1');
const B = toText('b', '1');

const edit = (
	view: SuiteView,
	architectures: readonly string[],
	targets: readonly PackageTarget[],
	rewrite = false,
): Promise<SuiteEdit> => editSuite(repository(architectures), view, { targets, rewrite });

test('a package for all goes into every index, one for an architecture into its own', async () => {
	const view = toView({ main: { amd64: A, arm64: A } }, []);
	const made = [toStanza('b', '1'), toStanza('b', '1', 'arm64')];
	expect(toTexts(await edit(view, ['amd64', 'arm64'], [target('b', made)]))).toEqual({
		'main/binary-amd64': A + B,
		'main/binary-arm64': A + B + toText('b', '1', 'arm64'),
	});
});

test('an index that does not change is not written', async () => {
	const view = toView({ main: { amd64: A, arm64: A } }, []);
	const found = await edit(view, ['amd64', 'arm64'], [target('b', [toStanza('b', '1', 'amd64')])]);
	expect(found.indexes.map(({ folder }) => folder)).toEqual(['main/binary-amd64']);
});

test('the compressed form is served and the plain one only listed', async () => {
	const view = toView({ main: { amd64: A } }, []);
	const [index] = (await edit(view, ['amd64'], [target('b', [toStanza('b', '1')])])).indexes;
	const bytes = index?.files[1]?.bytes ?? Buffer.alloc(0);
	expect(index?.files).toEqual([
		{ name: 'Packages', bytes: null, size: (A + B).length, sha256: toSha256(Buffer.from(A + B)) },
		{ name: 'Packages.gz', bytes, size: bytes.length, sha256: toSha256(bytes) },
	]);
});

test.each<[string, boolean, Partial<PackagesIndex>, number]>([
	['nothing changes', false, {}, 0],
	['all is to be written again', true, {}, 1],
	['another tool wrote no compressed form', false, { hasGzip: false }, 1],
])('%s', async (_name, rewrite, change, count) => {
	const view = toView({ main: { amd64: A } }, [], change);
	const { indexes, removed } = await edit(view, ['amd64'], [target('a', [toStanza('a', '1')])], rewrite);
	expect([indexes.length, removed]).toEqual([count, []]);
});

test('a new architecture begins with what there is for all, once', async () => {
	const others = toText('c', '1', 'amd64');
	const indented = 'Package: d\nArchitecture:\tall \nDescription: x\n Architecture: amd64\n\n';
	const bare = 'Package: e\nArchitecture:all\n\n';
	const like =
		'Package: f\nArchitecture: amd64\nX-Architecture: all\n\nPackage: g\nArchitecture: allwinner\n\n';
	const amd64 = `${A}${others}\n${indented}${like}${bare}`;
	const view = toView({ main: { amd64, armhf: A.slice(0, -1) } }, ['arm64']);
	const texts = toTexts(await edit(view, ['arm64'], [target('b', [toStanza('b', '1')])]));
	expect(texts['main/binary-arm64']).toBe(A + indented + bare + B);
	expect(Object.keys(texts)).toHaveLength(3);
});

test.each([[['amd64', 'arm64']], [['arm64']]])(
	'a new architecture of %j goes into every component, also where nothing else changes',
	async (architectures) => {
		const view = toView({ main: { amd64: A }, contrib: { amd64: B } }, ['arm64']);
		expect(toTexts(await edit(view, architectures, [target('a', [toStanza('a', '1')])]))).toEqual({
			'main/binary-arm64': A,
			'contrib/binary-arm64': B,
		});
	},
);

test('to write again is to write every component, with targets only in their own', async () => {
	const view = toView({ main: { amd64: A }, contrib: { amd64: A } }, []);
	const texts = toTexts(await edit(view, ['amd64'], [target('b', [toStanza('b', '1')], 'contrib')], true));
	expect(texts).toEqual({ 'main/binary-amd64': A, 'contrib/binary-amd64': A + B });
});

test('other components stay as they are', async () => {
	const view = toView({ main: { amd64: A }, contrib: { amd64: A } }, []);
	const texts = toTexts(await edit(view, ['amd64'], [target('b', [toStanza('b', '1')], 'contrib')]));
	expect(texts).toEqual({ 'contrib/binary-amd64': A + B });
});

test('other components stay as they are, also where another tool wrote no compressed form', async () => {
	const view = toView({ main: { amd64: A }, contrib: { amd64: A } }, [], { hasGzip: false });
	const texts = toTexts(await edit(view, ['amd64'], [target('b', [toStanza('b', '1')], 'contrib')]));
	expect(texts).toEqual({ 'contrib/binary-amd64': A + B });
});

const ARCHIVED = `history/stable/00000001-${'a'.repeat(16)}`;
const POOL = 'pool/main/b/b/b_1_all.deb';

test.each([
	[false, [POOL]],
	[true, [ARCHIVED, POOL]],
])('what was offered (%s) is looked for in the history, what is new is not', async (wasOffered, paths) => {
	const read: string[] = [];
	const view = toView({ main: { amd64: A } }, []);
	const store = {
		read: async (path: string) => {
			read.push(path);
			return null;
		},
	};
	const request = {
		targets: [{ ...target('b', [toStanza('b', '1')]), wasOffered, made: undefined }],
		rewrite: false,
	};
	const suite = { ...view.suite, history: [ARCHIVED] };
	const given = { ...repository(['amd64']), store } as unknown as Repository;
	await expect(editSuite(given, { ...view, suite }, request)).rejects.toMatchObject({
		code: 'APT_BYTES_MISSING',
	});
	expect(read).toEqual(paths);
});

test('into nothing: the first index holds the package', async () => {
	const texts = toTexts(await edit(toView({}, ['amd64']), ['amd64'], [target('b', [toStanza('b', '1')])]));
	expect(texts).toEqual({ 'main/binary-amd64': B });
});

test('pool files that nothing names any longer are said, each once', async () => {
	const both = toText('a', '1') + toText('a', '2') + B;
	const view = toView({ main: { amd64: both, arm64: both } }, []);
	const { removed } = await edit(view, [], [target('a', [toStanza('a', '2')]), target('b', [])]);
	expect(removed).toEqual(['pool/a_1_all.deb', 'pool/b_1_all.deb']);
});
