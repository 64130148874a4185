import fc from 'fast-check';
import { toLookUp } from './component.ts';

test.each([
	['pkg:npm/left-pad@1.3.0', { ecosystem: 'npm', name: 'left-pad', version: '1.3.0' }],
	['pkg:npm/%40acme/greet@1.0.0-rc.1', { ecosystem: 'npm', name: '@acme/greet', version: '1.0.0-rc.1' }],
	['pkg:npm/@acme/greet@1.0.0', { ecosystem: 'npm', name: '@acme/greet', version: '1.0.0' }],
	['pkg:NPM/x@1#sub/path', { ecosystem: 'npm', name: 'x', version: '1' }],
	[
		'pkg:golang/github.com/acme/greet/v2@v2.0.1',
		{ ecosystem: 'Go', name: 'github.com/acme/greet/v2', version: '2.0.1' },
	],
	['pkg:cargo/serde@1.0.0', { ecosystem: 'crates.io', name: 'serde', version: '1.0.0' }],
	['pkg:pypi/Foo_Bar.baz@1.0', { ecosystem: 'PyPI', name: 'foo-bar-baz', version: '1.0' }],
	['pkg:maven/org.example/lib@1.0', { ecosystem: 'Maven', name: 'org.example:lib', version: '1.0' }],
	[
		'pkg:deb/debian/libc6@2.36-9%2Bdeb12u1?distro=debian-12&upstream=glibc',
		{ ecosystem: 'Debian', name: 'glibc', version: '2.36-9+deb12u1', release: '12' },
	],
	[
		'pkg:deb/debian/bash@5.2-2?upstream=bash%405.2-1&distro=bookworm',
		{ ecosystem: 'Debian', name: 'bash', version: '5.2-1', release: '12' },
	],
	[
		'pkg:deb/ubuntu/bash@5.2?distro=ubuntu-24.04',
		{ ecosystem: 'Ubuntu', name: 'bash', version: '5.2', release: '24.04' },
	],
	['pkg:deb/debian/bash@5.2', { ecosystem: 'Debian', name: 'bash', version: '5.2', release: undefined }],
])('%s', (purl, expected) => {
	expect(toLookUp(purl)).toEqual(expected);
});

test.each([
	'',
	'left-pad@1.0.0',
	'pkg:npm',
	'pkg:npm/left-pad',
	'pkg:npm/%zz@1.0.0',
	'pkg:deb/greet@1.0.0-1?arch=all',
	'pkg:deb/acme/greet@1.0.0-1',
	'pkg:generic/openssl@3.0.0',
	`pkg:npm/${'a'.repeat(3000)}@1`,
])('%s is known to no database', (purl) => {
	expect(toLookUp(purl)).toBeUndefined();
});

test('any text is read or passed over, never thrown (fuzz)', () => {
	const text = fc.oneof(
		fc.string(),
		fc
			.array(
				fc.constantFrom(
					'pkg:',
					'npm',
					'deb',
					'/',
					'@',
					'%40',
					'%',
					'?',
					'upstream=',
					'&',
					'#',
					'debian',
					'1.0',
					'\u202e',
				),
			)
			.map((parts) => `pkg:${parts.join('')}`),
	);
	fc.assert(
		fc.property(text, (purl) => {
			const found = toLookUp(purl);
			if (found) expect(found.name.length * found.version.length).toBeGreaterThan(0);
		}),
		{ numRuns: 2000 },
	);
});
