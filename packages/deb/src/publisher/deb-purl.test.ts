import { parseDebPurl } from './deb-purl.ts';

test.each(['all', 'amd64', 'kfreebsd-amd64', 'many'])('a package for %s', (architecture) => {
	expect(parseDebPurl(`pkg:deb/greet@1.0.0-1?arch=${architecture}`)).toEqual({
		name: 'greet',
		version: '1.0.0-1',
		architecture,
	});
});

test.each(['any', 'source', 'any-amd64', 'linux-any', 'AMD64', '-', 'a'.repeat(64)])(
	'%s is no architecture of a package: dpkg would not install it',
	(architecture) => {
		expect(() => parseDebPurl(`pkg:deb/greet@1.0.0-1?arch=${architecture}`)).toThrow(
			expect.objectContaining({ code: 'APT_ARTIFACT_INVALID' }),
		);
	},
);

test.each(['pkg:deb/g@1?arch=all', 'pkg:deb/Greet@1?arch=all', 'pkg:npm/greet@1', 'pkg:deb/greet@1'])(
	'%s is no .deb',
	(purl) => {
		expect(() => parseDebPurl(purl)).toThrow(expect.objectContaining({ code: 'APT_ARTIFACT_INVALID' }));
	},
);
