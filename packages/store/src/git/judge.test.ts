import fc from 'fast-check';
import type { Change } from '../store.ts';
import { judge, toBlobId } from './judge.ts';
import { listFiles, parseTree, type Tree } from './tree.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const toTree = (files: Readonly<Record<string, string>>): Tree =>
	new Map(
		Object.entries(files).map(([path, text]) => [
			path,
			{ mode: '100644', id: toBlobId(bytes(text)), isFile: true },
		]),
	);

test('the name of bytes is what git calls them', () => {
	expect(toBlobId(bytes(''))).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
	expect(toBlobId(bytes('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
});

const A = toBlobId(bytes('1'));

test.each<[string, Change, 'apply' | 'done' | 'conflict']>([
	['create where nothing is', { kind: 'create', path: 'b', bytes: bytes('1') }, 'apply'],
	['create the same', { kind: 'create', path: 'a', bytes: bytes('1') }, 'done'],
	['create other bytes', { kind: 'create', path: 'a', bytes: bytes('2') }, 'conflict'],
	['replace what was read', { kind: 'replace', path: 'a', bytes: bytes('2'), version: A }, 'apply'],
	['replace by the same', { kind: 'replace', path: 'a', bytes: bytes('1'), version: A }, 'done'],
	['replace another version', { kind: 'replace', path: 'a', bytes: bytes('2'), version: 'x' }, 'conflict'],
	['replace from null', { kind: 'replace', path: 'a', bytes: bytes('1'), version: null }, 'conflict'],
	['replace nothing from null', { kind: 'replace', path: 'b', bytes: bytes('1'), version: null }, 'apply'],
	['put', { kind: 'put', path: 'a', bytes: bytes('2') }, 'apply'],
	['put the same', { kind: 'put', path: 'a', bytes: bytes('1') }, 'done'],
	['remove', { kind: 'remove', path: 'a' }, 'apply'],
	['remove nothing', { kind: 'remove', path: 'b' }, 'done'],
])('%s', (_name, change, expected) => {
	const judgement = judge(toTree({ a: '1' }), [change]);
	const seen = judgement.verdict === 'conflict' ? 'conflict' : judgement.edits.length > 0 ? 'apply' : 'done';
	expect(seen).toBe(expected);
});

test('what is written keeps its mode, a new file is a regular one; the tree holds both', () => {
	const tree = new Map([['run', { mode: '100755', id: A, isFile: true }], ...toTree({ b: '1' })]);
	const judged = judge(tree, [
		{ kind: 'put', path: 'run', bytes: bytes('2') },
		{ kind: 'create', path: 'c/d', bytes: bytes('3') },
		{ kind: 'remove', path: 'b' },
	]);
	const [two, three] = [toBlobId(bytes('2')), toBlobId(bytes('3'))];
	expect(judged).toEqual({
		verdict: 'apply',
		edits: [
			{ path: 'run', mode: '100755', id: two, bytes: bytes('2') },
			{ path: 'c/d', mode: '100644', id: three, bytes: bytes('3') },
			{ path: 'b', mode: '100644', id: '', bytes: null },
		],
		tree: new Map([
			['run', { mode: '100755', id: two, isFile: true }],
			['c/d', { mode: '100644', id: three, isFile: true }],
		]),
	});
	expect(tree.get('run')?.id).toBe(A);
	expect(judge(tree, [{ kind: 'create', path: 'b', bytes: bytes('2') }])).toEqual({
		verdict: 'conflict',
		path: 'b',
	});
});

test.each<[string, Change, string]>([
	[
		'a link',
		{ kind: 'put', path: 'link', bytes: bytes('2') },
		'link: expected a file, got a symbolic link or a submodule',
	],
	[
		'a link, to remove it',
		{ kind: 'remove', path: 'link' },
		'link: expected a file, got a symbolic link or a submodule',
	],
	['a folder', { kind: 'put', path: 'f', bytes: bytes('2') }, 'f: expected a file, got a folder'],
	[
		'a folder of folders',
		{ kind: 'put', path: 'f/g', bytes: bytes('2') },
		'f/g: expected a file, got a folder',
	],
	[
		'a file for a folder',
		{ kind: 'put', path: 'f/g/h/i', bytes: bytes('2') },
		'f/g/h: expected a folder, got a file or a link',
	],
	[
		'a link for a folder',
		{ kind: 'put', path: 'link/a', bytes: bytes('2') },
		'link: expected a folder, got a file or a link',
	],
])('%s in the way is named', (_name, change, message) => {
	const tree = new Map([
		['link', { mode: '120000', id: A, isFile: false }],
		...toTree({ 'f/g/h': '1', 'f/g/k': '1' }),
	]);
	expect(() => judge(tree, [change])).toThrow(
		expect.objectContaining({
			code: 'STORE_WRITE_FAILED',
			message: `${message}, which somebody else put into the branch`,
			hint: expect.stringContaining('Remove it from the branch'),
		}),
	);
});

test('a folder is one as long as a file is in it', () => {
	const remove = (path: string): Change => ({ kind: 'remove', path });
	const put: Change = { kind: 'put', path: 'f', bytes: bytes('2') };
	const again: Change = { kind: 'put', path: 'f/b', bytes: bytes('3') };
	const tree = toTree({ 'f/a': '1', 'f/b': '1' });
	expect(() => judge(tree, [remove('f/a'), put])).toThrow('got a folder');
	expect(judge(tree, [again, remove('f/a'), remove('f/b'), put])).toMatchObject({ verdict: 'apply' });
	expect(judge(tree, [remove('f/a'), remove('f/b'), put, remove('f'), again])).toMatchObject({
		verdict: 'apply',
		tree: new Map([['f/b', expect.anything()]]),
	});
	expect(() => judge(new Map(), [again, put])).toThrow('f: expected a file, got a folder');
});

test('a file makes way for a folder in one write, and a folder for a file', () => {
	const toFolder: Change[] = [
		{ kind: 'remove', path: 'a' },
		{ kind: 'create', path: 'a/b', bytes: bytes('2') },
	];
	const judged = judge(toTree({ a: '1' }), toFolder);
	expect(judged.verdict === 'apply' && [...judged.tree.keys()]).toEqual(['a/b']);
	const toFile: Change[] = [
		{ kind: 'remove', path: 'a/b' },
		{ kind: 'create', path: 'a', bytes: bytes('1') },
	];
	const back = judge(toTree({ 'a/b': '1' }), toFile);
	expect(back.verdict === 'apply' && [...back.tree.keys()]).toEqual(['a']);
	expect(() => judge(toTree({ a: '1' }), [{ kind: 'create', path: 'a/b', bytes: bytes('2') }])).toThrow(
		expect.objectContaining({ code: 'STORE_WRITE_FAILED' }),
	);
	expect(() => judge(toTree({ 'a/b': '1' }), [{ kind: 'put', path: 'a', bytes: bytes('2') }])).toThrow(
		expect.objectContaining({ code: 'STORE_WRITE_FAILED' }),
	);
});

/** What `git ls-tree -r -z` prints for entries. */
const toOutput = (entries: readonly { mode: string; type: string; name: Uint8Array }[]): Buffer =>
	Buffer.concat(
		entries.flatMap(({ mode, type, name }) => [
			Buffer.from(`${mode} ${type} ${'a'.repeat(40)}\t`),
			name,
			Buffer.from('\0'),
		]),
	);

test('any listing is read: names that are text, as they are; others are left out', () => {
	const anyName = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((name) => name.map((byte) => byte || 1));
	const anyEntry = fc.record({
		mode: fc.constantFrom('100644', '100755', '120000', '160000'),
		name: fc.oneof(
			anyName,
			fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => bytes(text.replaceAll('\0', '0'))),
		),
	});
	fc.assert(
		fc.property(fc.array(anyEntry, { maxLength: 30 }), (entries) => {
			const typed = entries.map((entry) => ({ ...entry, type: entry.mode === '160000' ? 'commit' : 'blob' }));
			const tree = parseTree(toOutput(typed));
			const names = new Map(typed.map(({ name, mode }) => [Buffer.from(name).toString('latin1'), mode]));
			for (const [path, { mode, isFile }] of tree) {
				expect(names.get(Buffer.from(path).toString('latin1'))).toBe(mode);
				expect(isFile).toBe(mode.startsWith('100'));
			}
			const texts = [...names.keys()].filter((name) => isText(Buffer.from(name, 'latin1')));
			expect(tree.size).toBe(texts.length);
			expect(listFiles(tree, '').length).toBe(
				texts.filter((name) => names.get(name)?.startsWith('100')).length,
			);
		}),
		{ numRuns: 200 },
	);
});

const isText = (name: Uint8Array): boolean =>
	Buffer.compare(Buffer.from(Buffer.from(name).toString()), name) === 0;
