import { CHARACTERS, toCharacter, toCharacterIndex } from '@slipway/testing';
import fc from 'fast-check';
import {
	toAddress,
	toDebName,
	toLine,
	toMaintainer,
	toProjectName,
	toRepository,
	toVersion,
} from './words.ts';

test.each([
	['https://github.com/acme/box', 'acme/box'],
	['git+https://github.com/acme/box.git', 'acme/box'],
	['git+ssh://git@github.com/acme/box.git', 'acme/box'],
	['ssh://git@github.com/acme/box.git', 'acme/box'],
	['git@github.com:acme/box.git', 'acme/box'],
	['git://github.com/acme/box.git', 'acme/box'],
	['github:acme/box', 'acme/box'],
	['acme/box', 'acme/box'],
	['https://token@github.com/acme/box', 'acme/box'],
	['https://github.com/acme/box#readme', 'acme/box'],
	['https://gitlab.com/acme/box', undefined],
	['https://github.com.evil.example/acme/box', undefined],
	['https://github.com/acme/box/../../evil', undefined],
	['acme/box\nevil: true', undefined],
	[{ url: 'x' }, undefined],
])('%j is the repository %j', (value, expected) => {
	expect(toRepository(value)).toBe(expected);
});

test.each([
	['Ada Example <ada@example.org> (https://example.org)', 'Ada Example <ada@example.org>'],
	[{ name: 'Ada Example', email: 'ada@example.org' }, 'Ada Example <ada@example.org>'],
	['Ada Example', undefined],
	[{ name: 'Ada' }, undefined],
	['<ada@example.org>', undefined],
	['Ada\nEvil: 1 <ada@example.org>', 'Ada Evil: 1 <ada@example.org>'],
	[42, undefined],
])('%j is the maintainer %j', (value, expected) => {
	expect(toMaintainer(value)).toBe(expected);
});

test.each([
	['1.2.3', '1.2.3'],
	['v1.2.3', '1.2.3'],
	['1.2', '1.2.0'],
	['1.2.3-rc.1', '1.2.3-rc.1'],
	['1.2.3+build', undefined],
	['01.2.3', undefined],
	['latest', undefined],
	['', undefined],
])('%j is the version %j', (value, expected) => {
	expect(toVersion(value)).toBe(expected);
});

test.each([
	['@acme/Box', 'box', 'box'],
	['../../etc', 'etc', 'etc'],
	['my_tool', 'my_tool', 'my-tool'],
	['Ünicode', 'nicode', 'nicode'],
	['x', 'x', undefined],
	['---', undefined, undefined],
])('%j names the project %j and the Debian package %j', (value, project, deb) => {
	expect(toProjectName(value)).toBe(project);
	expect(toDebName(value)).toBe(deb);
});

test('addresses are of the web', () => {
	expect(toAddress('https://example.org/x')).toBe('https://example.org/x');
	expect(toAddress('javascript:alert(1)')).toBeUndefined();
	expect(toAddress('https://')).toBeUndefined();
});

test('lines have no control characters and an end, quickly', () => {
	const character = fc.nat(CHARACTERS - 1).map(toCharacter, toCharacterIndex);
	fc.assert(
		fc.property(fc.string({ unit: character, maxLength: 400 }), (value) => {
			expect(toLine(value) ?? '').not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
		}),
		{ numRuns: 300 },
	);
	const start = process.threadCpuUsage();
	for (const value of [
		'a'.repeat(1_000_000),
		'<'.repeat(1_000_000),
		`${' '.repeat(1_000_000)}@`,
		'@/'.repeat(500_000),
	]) {
		toLine(value);
		toMaintainer(value);
		toRepository(value);
		toProjectName(value);
		toVersion(value);
		toAddress(value);
	}
	const { user, system } = process.threadCpuUsage(start);
	expect((user + system) / 1000).toBeLessThan(800);
});
