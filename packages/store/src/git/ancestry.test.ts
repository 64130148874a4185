import { type History, isAncestor } from './ancestry.ts';

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
