import { listFiles, parseTree, toFolders } from './tree.ts';

const ID = 'a'.repeat(40);

test('what git lists is read; what it did not finish is left out', () => {
	const whole = `100644 blob ${ID}\ta/b\x00120000 blob ${ID}\tlink\x00`;
	expect([...parseTree(Buffer.from(`${whole}100644 blob ${ID}\tcut`))]).toEqual([
		['a/b', { mode: '100644', id: ID, isFile: true }],
		['link', { mode: '120000', id: ID, isFile: false }],
	]);
});

test('files below a folder are listed in order: no links, and no neighbour whose name begins so', () => {
	const line = (path: string, mode = '100644', type = 'blob') => `${mode} ${type} ${ID}\t${path}\0`;
	const paths = ['b', 'a/c', 'a/b/d', 'ab', 'a/B'].map((path) => line(path)).join('');
	const tree = parseTree(
		Buffer.from(`${paths}${line('a/link', '120000')}${line('a/module', '160000', 'commit')}`),
	);
	expect(listFiles(tree, '')).toEqual(['a/B', 'a/b/d', 'a/c', 'ab', 'b']);
	expect(listFiles(tree, 'a')).toEqual(['a/B', 'a/b/d', 'a/c']);
	expect(listFiles(tree, 'none')).toEqual([]);
	expect(tree.get('a/module')).toEqual({ mode: '160000', id: ID, isFile: false });
});

test('a path that is no text is left out, a mark of byte order is part of a name', () => {
	const bytes = Buffer.concat([
		Buffer.from(`100644 blob ${ID}\t`),
		Buffer.from([0xff, 0]),
		Buffer.from(`100755 blob ${ID}\t\ufeffa\0`),
	]);
	expect([...parseTree(bytes)]).toEqual([['\ufeffa', { mode: '100755', id: ID, isFile: true }]]);
});

test('folders on the way to a path, the nearest last', () => {
	expect(toFolders('a/b/c')).toEqual(['a', 'a/b']);
	expect(toFolders('a')).toEqual([]);
});
