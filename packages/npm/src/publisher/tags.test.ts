import { findDistTagProblem } from '@slipway/core';
import fc from 'fast-check';
import { toHiddenTag, toPointerTag } from './tags.ts';

test('a hidden dist-tag is one that npm accepts, whatever the version', () => {
	const identifier = fc.stringMatching(/^[a-zA-Z-][a-zA-Z0-9-]{0,30}$/);
	const version = fc
		.tuple(fc.nat(), fc.nat(), fc.nat(), fc.array(identifier, { maxLength: 3 }))
		.map(([major, minor, patch, rest]) =>
			[`${major}.${minor}.${patch}`, rest.join('.')].filter(Boolean).join('-'),
		);
	fc.assert(fc.property(version, (text) => findDistTagProblem(toHiddenTag(text)) === undefined));
	fc.assert(fc.property(version, version, (a, b) => a === b || toHiddenTag(a) !== toHiddenTag(b)));
});

test.each([
	['1.2.3', undefined, undefined, 'latest'],
	['1.2.3', undefined, 'canary', 'canary'],
	['1.2.3', 'legacy', 'canary', 'legacy'],
	['1.2.3-rc.1', undefined, undefined, 'rc'],
	['1.2.3-rc.1', undefined, 'canary', 'rc'],
	['1.2.3-rc.1', 'legacy', undefined, 'legacy'],
	['1.2.3-0', undefined, undefined, 'next'],
	['1.2.3-0.beta', undefined, undefined, 'next'],
	['1.2.3', 'latest', 'canary', 'latest'],
	['2.0.0-latest.1', undefined, undefined, 'next'],
	['2.0.0-latest', undefined, 'latest', 'next'],
	['2.0.0-latest.1', 'latest', undefined, 'next'],
	['2.0.0-rc.1', 'latest', undefined, 'rc'],
	['2.0.0-rc.1', undefined, 'latest', 'rc'],
])('%s on line %s, published as %s: %s', (version, line, publishTag, expected) => {
	expect(toPointerTag(version, { line, publishTag })).toBe(expected);
});
