import { parseTree } from './tree.ts';

const ID = 'a'.repeat(40);

test('what git lists is read; what it did not finish is left out', () => {
	const whole = `100644 blob ${ID}\ta/b\x00120000 blob ${ID}\tlink\x00`;
	expect([...parseTree(Buffer.from(`${whole}100644 blob ${ID}\tcut`))]).toEqual([
		['a/b', { mode: '100644', id: ID, isFile: true }],
		['link', { mode: '120000', id: ID, isFile: false }],
	]);
});
