import fc from 'fast-check';
import { findPathProblem } from './path.ts';

test.each([
	'a',
	'a/b',
	'artifacts/greet-1.0.0.tgz',
	'.hidden',
	'a..b',
	'...',
	'a/..b',
	'caf\u00e9',
	'a b',
	'@scope/x',
])('%j is a path inside a folder', (path) => {
	expect(findPathProblem(path)).toBeUndefined();
});

test.each([
	['nothing', ''],
	['climbing', '..'],
	['climbing in front', '../a'],
	['climbing in the middle', 'a/../../b'],
	['climbing at the end', 'a/..'],
	['the folder itself', '.'],
	['a dot segment', 'a/./b'],
	['an empty segment', 'a//b'],
	['a final slash', 'a/'],
	['absolute', '/etc/passwd'],
	['a network path', '//host/share'],
	['a drive', 'C:/a'],
	['a drive-relative path', 'C:a'],
	['a backslash', 'a\\b'],
	['an alternate stream', 'a:b'],
	['NUL', 'a\0b'],
	['a line feed', 'a\nb'],
	['an escape sequence', '\u001b[0m'],
	['delete', 'a\u007f'],
	['right-to-left override (H6)', 'a\u202eb'],
	['zero-width joiner (H6)', 'a\u200db'],
	['a lone surrogate', 'a\ud800'],
	['decomposed letters', 'cafe\u0301'],
	['a wildcard', '*.deb'],
	['too long', 'a'.repeat(1025)],
])('%s is not (H4)', (_name, path) => {
	expect(findPathProblem(path)).toEqual(expect.any(String));
});

test('property: no accepted path leads out of its folder', () => {
	const segment = fc.oneof(fc.constantFrom('..', '.', '', 'a', 'b\\..', '%2e%2e', 'C:'), fc.string());
	fc.assert(
		fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
			const path = segments.join('/');
			fc.pre(findPathProblem(path) === undefined);
			const url = new URL(encodeURI(path), 'file:///base/');
			expect(url.pathname.startsWith('/base/')).toBe(true);
		}),
	);
});
