import { toHtmlText, toInertText, toMarkdownText, toPrintable } from './printable.ts';

const HOSTILE = [
	'\u001b[31mred\u001b[0m',
	'::set-output name=x::y\n::add-mask::z',
	'a\r\nb\u0085c\u2028d\u2029e',
	'\u202egpj.exe',
	'a\u200bb\u2066c\ufeff',
	'\ud800',
	'<img src=x onerror=alert(1)>',
	'[click](https://example.invalid) ![x](y) @user #1 `code` | cell',
	'</td></table><script>alert(1)</script>',
	"\" onmouseover='x'",
	'javascript:alert(1)',
	'www.example.invalid WWW.example.invalid',
];

test.each(HOSTILE)('%j becomes one visible line', (text) => {
	expect(toPrintable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
});

test('what is visible stays, what is not is shown', () => {
	expect(toPrintable('gr\u00fc\u00df \u{1f600} "x"')).toBe('gr\u00fc\u00df \u{1f600} "x"');
	expect(toPrintable('a\nb\u001b\u202e')).toBe('a\\u{a}b\\u{1b}\\u{202e}');
});

test('long text is cut with a mark', () => {
	expect(toPrintable('abcdef', 3)).toBe('abc… (6 characters)');
	expect(toPrintable('abc', 3)).toBe('abc');
	expect(toPrintable('\u{1f600}\u{1f600}', 3)).not.toMatch(/\p{Cs}/u);
});

test.each(HOSTILE)('%j is inert in HTML', (text) => {
	expect(toHtmlText(text)).not.toMatch(/[<>"'\n\r]|&(?!#\d+;)/);
});

test.each(HOSTILE)('%j is inert in Markdown (H3)', (text) => {
	expect(toMarkdownText(text).replace(/&#\d+;/g, '')).not.toMatch(/[&<>"'\\`*_{}[\]()#+!|~@:=\n\r-]/);
});

test('no address becomes a link by itself', () => {
	expect(toMarkdownText('see www.example.invalid, wwww.x')).not.toMatch(/www\./i);
});

test.each([
	['@everyone look', '&#64;&#8203;everyone look'],
	['by @a/team', 'by &#64;&#8203;a/team'],
	['closes #12', 'closes &#35;&#8203;12'],
	['other/repo#1', 'other/repo&#35;&#8203;1'],
	['GH-1', 'GH&#45;&#8203;1'],
	['greet@1.2.0', 'greet&#64;1.2.0'],
])('nobody is called and nothing is referred to by %s (H14)', (text, inert) => {
	expect(toInertText(text)).toBe(inert);
});

test.each(HOSTILE)('%j is inert in notes', (text) => {
	expect(toInertText(text).replace(/&#\d+;/g, '')).not.toMatch(/[&<>"'\\`*_{}[\]()#+!|~@:=\n\r-]|www\./);
});

test('a long text is cut', () => {
	expect(toInertText('a'.repeat(50), 3)).toBe('aaa…');
});
