import { findHighestBelow, toLowerVersion } from './previous-version.ts';

test.each([
	['1.2.3', '1.2.2'],
	['1.2.0', '1.1.0'],
	['1.0.0', '0.9.0'],
	['0.0.1', '0.0.0'],
	['0.0.0', '0.0.0-0'],
	['2.0.0-rc.1', '1.9.0'],
	['1.2.3-beta.4', '1.2.2'],
])('before %s comes %s', (version, lower) => {
	expect(toLowerVersion(version)).toBe(lower);
});

test.each([
	[['1.0.0', '1.9.0', '1.10.0', '2.0.0'], '2.0.0', '1.10.0'],
	[['1.0.0', '1.1.0-rc.1'], '1.1.0', '1.0.0'],
	[['1.0.0', '1.0.1'], '1.0.0', undefined],
	[['1.0.0', 'latest', 'v0.9.0', '01.0.0'], '1.0.1', '1.0.0'],
	[[], '1.0.0', undefined],
])('of %j the highest below %s is %s', (versions, version, highest) => {
	expect(findHighestBelow(versions, version)).toBe(highest);
});
