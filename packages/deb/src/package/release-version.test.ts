import { compareVersions } from '@slipway/core';
import fc from 'fast-check';
import { compareDebianVersions } from './debian-version.ts';
import { type ReleaseVersion, toDebianVersion } from './release-version.ts';

const cases: readonly [input: ReleaseVersion, expected: string][] = [
	[{ version: '1.2.0' }, '1.2.0-1'],
	[{ version: '1.2.0-rc.1' }, '1.2.0~rc.1-1'],
	[{ version: '1.2.0-rc-1.0' }, '1.2.0~rc-1.0-1'],
	[{ version: '1.2.0', epoch: 2, revision: '3~deb12u1' }, '2:1.2.0-3~deb12u1'],
	[{ version: '1.2.0', supersedes: '1.1.0' }, '1.2.0+really1.1.0-1'],
	[{ version: '1.2.0', supersedes: '1.2.0-rc.1' }, '1.2.0+really1.2.0~rc.1-1'],
];
test.each(cases)('%j becomes %s', (input, expected) => {
	expect(toDebianVersion(input)).toBe(expected);
});

const refused: readonly [name: string, input: ReleaseVersion][] = [
	['build metadata', { version: '1.0.0+meta' }],
	['a leading v', { version: 'v1.0.0' }],
	['a leading zero', { version: '01.2.3' }],
	['a version of 300 characters', { version: `1.0.0-${'a'.repeat(300)}` }],
	['a hyphen in the revision', { version: '1.0.0', revision: '1-2' }],
	['an empty revision', { version: '1.0.0', revision: '' }],
	['a line break in the revision', { version: '1.0.0', revision: '1\nEssential: yes' }],
	['superseding with newer code', { version: '1.0.0', supersedes: '1.1.0' }],
	['superseding with the same code', { version: '1.0.0', supersedes: '1.0.0' }],
];
test.each(refused)('refuses %s', (_name, input) => {
	expect(() => toDebianVersion(input)).toThrow(expect.objectContaining({ code: 'DEB_VERSION_INVALID' }));
});

test('keeps the order of SemVer for numbers and usual words', () => {
	const identifier = fc.oneof(fc.nat(12).map(String), fc.constantFrom('alpha', 'beta', 'rc', 'preview'));
	const version = fc
		.tuple(fc.nat(2), fc.nat(11), fc.array(identifier, { maxLength: 3 }))
		.map(([major, minor, pre]) => `${major}.${minor}.0${pre.length > 0 ? `-${pre.join('.')}` : ''}`);
	fc.assert(
		fc.property(version, version, (a, b) => {
			const debian = compareDebianVersions(toDebianVersion({ version: a }), toDebianVersion({ version: b }));
			return Math.sign(debian) === compareVersions(a, b);
		}),
		{ numRuns: 2000 },
	);
});
