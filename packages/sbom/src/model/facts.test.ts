import { toLicenceReader } from '../licence/parse-licence.ts';
import { parseIntegrity } from './integrity.ts';
import { toLinks, toPublicUrl } from './link.ts';
import { parsePerson, parseSupplier } from './supplier.ts';

test.each([
	['MIT', { kind: 'expression', expression: 'MIT' }],
	['(MIT OR Apache-2.0)', { kind: 'expression', expression: '(MIT OR Apache-2.0)' }],
	['Apache 2.0', { kind: 'expression', expression: 'Apache-2.0' }],
	[
		'GPL-2.0-only WITH Classpath-exception-2.0',
		{ kind: 'expression', expression: 'GPL-2.0-only WITH Classpath-exception-2.0' },
	],
	[
		{ type: 'ISC', url: 'https://example.org' },
		{ kind: 'expression', expression: 'ISC' },
	],
	[[{ type: 'MIT' }, 'Apache-2.0'], { kind: 'expression', expression: '(MIT OR Apache-2.0)' }],
	[[{ type: 'MIT' }], { kind: 'expression', expression: 'MIT' }],
	['SEE LICENSE IN MIT', { kind: 'named', name: 'SEE LICENSE IN MIT' }],
	['Apache License, Version 2.0', { kind: 'expression', expression: 'Apache-2.0' }],
	['The MIT License', { kind: 'expression', expression: 'MIT' }],
	['GPLv3', { kind: 'expression', expression: 'GPL-3.0-only' }],
	['BSD', { kind: 'named', name: 'BSD' }],
	['Public domain', { kind: 'named', name: 'Public domain' }],
	['UNLICENSED', { kind: 'named', name: 'UNLICENSED' }],
	['All rights reserved by Example', { kind: 'named', name: 'All rights reserved by Example' }],
	['https://example.org/mit', { kind: 'named', name: 'https://example.org/mit' }],
	['', undefined],
	[undefined, undefined],
	[42, undefined],
	[{ type: 7 }, undefined],
])('licence %j', (value, expected) => {
	expect(toLicenceReader()(value)).toEqual(expected);
});

test.each([
	[
		'Ada <ada@example.org> (https://example.org/ada)',
		{ name: 'Ada', email: 'ada@example.org', url: 'https://example.org/ada' },
	],
	['Ada', { name: 'Ada' }],
	['<ada@example.org>', { name: 'ada@example.org', email: 'ada@example.org' }],
	['Ada <not an address>', { name: 'Ada' }],
	['Ada (javascript:alert(1))', { name: 'Ada' }],
	[
		{ name: 'Team', url: 'http://example.org' },
		{ name: 'Team', url: 'http://example.org/' },
	],
	['Ada\u202e<ada@example.org>', { name: 'Ada', email: 'ada@example.org' }],
])('person %j', (value, expected) => {
	expect(parsePerson(value)).toEqual({ kind: 'person', ...expected });
});

test.each([
	[''],
	[null],
	[7],
	[{}],
	[{ url: 'https://example.org' }],
	['(https://example.org)'],
	['x'.repeat(10_000)],
])('%j names nobody', (value) => {
	expect(parsePerson(value)).toBeUndefined();
});

test('the supplier is the author, else the first maintainer, else nobody', () => {
	expect(parseSupplier({ author: 'Ada', maintainers: ['Bob'] })?.name).toBe('Ada');
	expect(parseSupplier({ maintainers: [{}, { name: 'Bob' }] })?.name).toBe('Bob');
	expect(parseSupplier({})).toBeUndefined();
});

test.each([
	['https://user:password@example.org/a?token=1', 'https://example.org/a'],
	['git+ssh://git@github.com/a/b.git#abc', 'git+ssh://git@github.com/a/b.git#abc'],
	['git@github.com:a/b.git', 'git+ssh://git@github.com/a/b.git'],
	['javascript:alert(1)', undefined],
	['file:///etc/passwd', undefined],
	[`https://example.org/${'a'.repeat(5000)}`, undefined],
	[7, undefined],
])('address %j', (text, expected) => {
	expect(toPublicUrl(text)).toBe(expected);
});

test.each([
	['github:a/b', 'https://github.com/a/b'],
	['a/b', 'https://github.com/a/b'],
	['gitlab:a/b', 'https://gitlab.com/a/b'],
	[{ url: 'git+https://github.com/a/b.git' }, 'git+https://github.com/a/b.git'],
])('repository %j', (repository, url) => {
	expect(toLinks({ repository })).toEqual([{ type: 'vcs', url }]);
});

test('integrity: each algorithm once, whole digests only', () => {
	const sha1 = Buffer.alloc(20, 1).toString('base64');
	const sha512 = Buffer.alloc(64, 2).toString('base64');
	expect(parseIntegrity(`sha1-${sha1} sha512-${sha512}?opt sha512-${sha512} md5-xx sha512-AAAA`)).toEqual([
		{ algorithm: 'SHA-1', value: '01'.repeat(20) },
		{ algorithm: 'SHA-512', value: '02'.repeat(64) },
	]);
	expect(parseIntegrity(undefined)).toEqual([]);
});

test.each([
	['licence', (text: string) => toLicenceReader()(text)],
	['person', (text: string) => parsePerson(text)],
	['address', (text: string) => toPublicUrl(text)],
	['integrity', (text: string) => parseIntegrity(text)],
])('%s: a megabyte of anything takes no time', (_, parse) => {
	for (const sign of ['(', ' ', 'a', '<', '/', '-', 'GPL ', '((MIT) OR '])
		for (const length of [500, 1_000_000]) {
			const text = sign.repeat(Math.ceil(length / sign.length));
			const start = process.threadCpuUsage();
			parse(text);
			expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(1000);
		}
});
