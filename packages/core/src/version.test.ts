import { compareVersions, findDistTagProblem, findVersionProblem, toPrereleaseTag } from './version.ts';

test.each([
	'0.0.0',
	'1.2.3',
	'1.2.3-rc.1',
	'10.20.30-alpha-beta.0',
	`1.0.0-${'a'.repeat(100)}`,
	'9007199254740991.0.0',
])('%s names a release', (version) => {
	expect(findVersionProblem(version)).toBeUndefined();
});

test.each([
	'1.0.0+meta',
	'1.0.0-rc.1+meta',
	'v1',
	'v1.0.0',
	'V1.0.0',
	'=1.0.0',
	'01.2.3',
	'1.02.3',
	'1.0.0-01',
	'1.0',
	'1',
	'1.0.0.0',
	'',
	' 1.0.0',
	'1.0.0 ',
	'1.0.0\n',
	'1.0.0-',
	'1.0.0-rc..1',
	'1.0.0-\u00e9',
	'\uff11.0.0',
	'latest',
	'^1.0.0',
	'1.x',
	'*',
	'9007199254740992.0.0',
	`1.0.0-${'a'.repeat(300)}`,
])('%j does not (H10)', (version) => {
	expect(findVersionProblem(version)).toEqual(expect.any(String));
});

test.each(['latest', 'next', 'rc', 'slipway-1.2.0', 'beta_2', 'legacy-v1', 'V1'])(
	'%s can be a dist-tag',
	(tag) => {
		expect(findDistTagProblem(tag)).toBeUndefined();
	},
);

test.each([
	'1',
	'1.0.0',
	'v1',
	'v1.2',
	'x',
	'X',
	'X.5',
	'vx.0.1',
	'^1',
	'~1.2',
	'>=1',
	'*',
	'',
	'a b',
	'-rf',
	'--',
	'a/b',
	'../a',
	'a\n',
	'caf\u00e9',
	'.a',
	'_a',
	'a'.repeat(65),
])('%j cannot (H10)', (tag) => {
	expect(findDistTagProblem(tag)).toEqual(expect.any(String));
});

test.each([
	['1.0.0', undefined],
	['1.0.0-rc.1', 'rc'],
	['1.0.0-beta', 'beta'],
	['1.0.0-0', 'next'],
	['1.0.0-0.rc', 'next'],
	['1.0.0-x.1', 'next'],
	['1.0.0-v1', 'next'],
	['1.0.0--a', 'next'],
	['2.0.0-latest', 'next'],
	['2.0.0-latest.1', 'next'],
	['2.0.0-rc.latest', 'rc'],
])('the dist-tag of %s is %s', (version, tag) => {
	expect(toPrereleaseTag(version)).toBe(tag);
});

test('order is that of SemVer 2.0.0, 11', () => {
	const ordered = [
		'1.0.0-alpha',
		'1.0.0-alpha.1',
		'1.0.0-alpha.beta',
		'1.0.0-beta',
		'1.0.0-beta.2',
		'1.0.0-beta.11',
		'1.0.0-rc.1',
		'1.0.0',
		'1.9.0',
		'1.10.0',
		'2.0.0',
	];
	expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
});
