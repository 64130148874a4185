import { parseRelease, type Release, toRelease } from './release-file.ts';

const RELEASE: Release = {
	suite: 'stable',
	codename: 'stable',
	origin: 'Example',
	label: 'Example',
	date: Date.parse('2026-11-21T05:19:00Z'),
	validUntil: Date.parse('2026-12-21T05:19:00Z'),
	serial: 12,
	architectures: ['amd64', 'arm64'],
	components: ['main'],
	files: new Map([
		['main/binary-amd64/Packages', { size: 10, sha256: 'a'.repeat(64) }],
		['main/binary-amd64/Packages.gz', { size: 9, sha256: 'b'.repeat(64) }],
	]),
	removed: ['pool/main/g/greet/greet_1.0.0-1_all.deb'],
	others: [['Description', 'Examples']],
};

test('a Release is read as it was written', () => {
	expect(parseRelease(toRelease(RELEASE))).toEqual(RELEASE);
});

test('the text that apt reads', () => {
	expect(toRelease(RELEASE)).toBe(`Origin: Example
Label: Example
Suite: stable
Codename: stable
Date: Sat, 21 Nov 2026 05:19:00 UTC
Valid-Until: Mon, 21 Dec 2026 05:19:00 UTC
Architectures: amd64 arm64
Components: main
Acquire-By-Hash: yes
Description: Examples
Slipway-Serial: 12
Slipway-Removed:
 pool/main/g/greet/greet_1.0.0-1_all.deb
SHA256:
 ${'a'.repeat(64)} 10 main/binary-amd64/Packages
 ${'b'.repeat(64)} 9 main/binary-amd64/Packages.gz
`);
});

test('fields of other tools are kept, their weaker hashes are not', () => {
	const text = `Suite: stable\nNotAutomatic: yes\nMD5Sum:\n ${'0'.repeat(32)} 1 x\nDate: Sat, 21 Nov 2026 05:19:00 +0000\n`;
	const release = parseRelease(text);
	expect(release.others).toEqual([['NotAutomatic', 'yes']]);
	expect(toRelease(release)).not.toContain('MD5');
	expect(release.serial).toBe(0);
});

const DATE = 'Date: Sat, 21 Nov 2026 05:19:00 UTC\n';
test.each([
	['no Date', 'Suite: stable\n', 'APT_RELEASE_INVALID'],
	['a Date that is none', 'Date: soon\n', 'APT_RELEASE_INVALID'],
	['a Date in local time', 'Date: Sat, 21 Nov 2026 05:19:00 CET\n', 'APT_RELEASE_INVALID'],
	['two stanzas', `${DATE}\nSuite: stable\n`, 'APT_RELEASE_INVALID'],
	[
		'a path that leaves the suite',
		`${DATE}SHA256:\n ${'a'.repeat(64)} 1 ../../evil\n`,
		'APT_RELEASE_INVALID',
	],
	['a hash that is none', `${DATE}SHA256:\n abc 1 Packages\n`, 'APT_RELEASE_INVALID'],
	['a serial that is none', `${DATE}Slipway-Serial: -1\n`, 'APT_RELEASE_INVALID'],
	['a field twice', `${DATE}Suite: a\nsuite: b\n`, 'DEB_STANZA_INVALID'],
])('refuses %s', (_name, text, code) => {
	expect(() => parseRelease(text)).toThrow(expect.objectContaining({ code }));
});
