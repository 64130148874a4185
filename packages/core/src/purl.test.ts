import fc from 'fast-check';
import { parsePurl, toPurl, toSubjectId } from './purl.ts';

test.each([
	['pkg:npm/greet@1.2.0', { type: 'npm', name: 'greet', version: '1.2.0' }],
	[
		'pkg:npm/%40acme/greet@1.2.0-rc.1',
		{ type: 'npm', namespace: '@acme', name: 'greet', version: '1.2.0-rc.1' },
	],
	[
		'pkg:deb/tally@1:1.2.0~rc1%2Bb1-1?arch=amd64',
		{ type: 'deb', name: 'tally', version: '1:1.2.0~rc1+b1-1', qualifiers: { arch: 'amd64' } },
	],
	[
		'pkg:deb/debian/g%2B%2B?arch=all&distro=sid',
		{ type: 'deb', namespace: 'debian', name: 'g++', qualifiers: { distro: 'sid', arch: 'all' } },
	],
	['pkg:generic/a%21%27%28%29%2A@1', { type: 'generic', name: "a!'()*", version: '1' }],
])('%s', (text, purl) => {
	expect(toPurl(purl)).toBe(text);
	expect(parsePurl(text)).toEqual({
		namespace: undefined,
		version: undefined,
		qualifiers: {},
		...purl,
	});
});

test('a plus in a qualifier is a plus', () => {
	expect(parsePurl('pkg:deb/a@1?x=c++').qualifiers).toEqual({ x: 'c++' });
});

test.each([
	'',
	'greet',
	'pkg:',
	'pkg:npm',
	'pkg:npm/',
	'pkg:/greet',
	'PKG:npm/greet',
	'pkg:npm/a@',
	'pkg:npm/a@1@2',
	'pkg:npm/%zz@1',
	'pkg:npm/a@%',
	'npm/greet@1',
	'pkg:npm/a#b',
])('%j is no package URL', (text) => {
	expect(() => parsePurl(text)).toThrow(
		expect.objectContaining({ name: 'SlipwayError', code: 'PURL_INVALID' }),
	);
});

test('a subject has neither version nor qualifiers', () => {
	expect(toSubjectId('pkg:npm/%40acme/greet@1.2.0')).toBe('pkg:npm/%40acme/greet');
	expect(toSubjectId('pkg:deb/tally@1.2.0-1?arch=amd64')).toBe('pkg:deb/tally');
});

test('property: what is written is read again', () => {
	const part = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed());
	fc.assert(
		fc.property(part, fc.option(part, { nil: undefined }), part, part, (name, namespace, version, arch) => {
			const purl = { type: 'npm', namespace, name, version, qualifiers: { arch } };
			expect(parsePurl(toPurl(purl))).toEqual(purl);
		}),
	);
});
