import { type History, isAncestor, readHistory } from './ancestry.ts';
import type { PrivateRepository } from './private-repository.ts';

const toHistory = (lines: readonly string[]): History =>
	new Map(
		lines.map((line) => {
			const [id = '', parents = '', squashed = ''] = line.split('|');
			const toIds = (text: string) => text.split(' ').filter((one) => one !== '');
			const isCut = parents === 'cut';
			return [id, { parents: isCut ? [] : toIds(parents), isCut, squashed: toIds(squashed) }];
		}),
	);

const CANDIDATE = { commit: 'mine', parent: 'base' };

test.each<[string, readonly string[], boolean | undefined]>([
	['it is the tip', ['tip|mine', 'mine|base'], true],
	['others are on top', ['tip|a', 'a|b', 'b|mine', 'mine|base'], true],
	['others are on its parent', ['tip|a', 'a|base', 'base|cut'], false],
	['what is here ends too early', ['tip|a', 'a|cut'], undefined],
	['the tip is all there is', ['tip|cut'], undefined],
	['another history', ['tip|a', 'a|'], false],
	['a merge of which one side was cut', ['tip|a b', 'a|base', 'b|cut'], undefined],
	['a merge with it on one side', ['tip|a b', 'a|base', 'b|mine', 'mine|base'], true],
	['a squash that names it', ['tip|s', 's||x mine'], true],
	['a squash that names others', ['tip|s', 's||x y'], false],
])('%s', (_name, lines, expected) => {
	expect(isAncestor(toHistory(lines), 'tip', CANDIDATE)).toBe(expected);
});

test('the commit itself, and one that was to begin the branch', () => {
	expect(isAncestor(toHistory(['mine|cut']), 'mine', CANDIDATE)).toBe(true);
	expect(isAncestor(toHistory(['base|cut']), 'base', CANDIDATE)).toBe(false);
	expect(isAncestor(toHistory(['tip|']), 'tip', { commit: 'mine', parent: undefined })).toBe(false);
	expect(isAncestor(toHistory(['tip|cut']), 'tip', { commit: 'mine', parent: undefined })).toBeUndefined();
});

test('what git tells of a commit: its parents, what a squash put into it, and where it was cut off', async () => {
	let asked: readonly string[] = [];
	const repository = {
		gitBytes: async (words: readonly string[]) => {
			asked = words;
			return Buffer.from('c\ta b\t\na\t\tx y\n\nb\t\t\n');
		},
		readShallow: async () => new Set(['b']),
	} as unknown as PrivateRepository;
	expect([...(await readHistory(repository, 'c'))]).toEqual([
		['c', { parents: ['a', 'b'], isCut: false, squashed: [] }],
		['a', { parents: [], isCut: false, squashed: ['x', 'y'] }],
		['b', { parents: [], isCut: true, squashed: [] }],
	]);
	expect(asked).toEqual([
		'log',
		'--format=%H%x09%P%x09%(trailers:key=Squashed-Commit,valueonly,separator=%x20)',
		'--no-show-signature',
		'c',
	]);
});

test('a note that somebody wrote on two lines is no commit, and breaks nothing', async () => {
	const repository = {
		gitBytes: async () => Buffer.from('c\ta\tx\n y z\na\t\t\n'),
		readShallow: async () => new Set(),
	} as unknown as PrivateRepository;
	const history = await readHistory(repository, 'c');
	expect(history.get('c')).toEqual({ parents: ['a'], isCut: false, squashed: ['x'] });
	expect(history.get(' y z')).toEqual({ parents: [], isCut: false, squashed: [] });
});

test('a commit that is not here tells nothing, and the parent of the candidate is not looked behind', () => {
	expect(isAncestor(toHistory(['tip|absent']), 'tip', CANDIDATE)).toBeUndefined();
	expect(isAncestor(toHistory(['tip|base', 'base|mine', 'mine|']), 'tip', CANDIDATE)).toBe(false);
});
