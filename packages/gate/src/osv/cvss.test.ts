import { isAtLeast, toCvss3Score, toRatingOfScore, toRatingOfWord } from './cvss.ts';

// Scores of FIRST's own examples (CVSS v3.1 examples document) and of well-known vulnerabilities.
test.each([
	['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
	['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
	['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
	['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
	['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', 7.5],
	['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 7.8],
	['CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N', 2.4],
	['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N', 5.9],
	['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
	['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C', 9.8],
])('%s is %d', (vector, score) => {
	expect(toCvss3Score(vector)).toBe(score);
});

test.each([
	'',
	'CVSS:3.1',
	'CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:P/A:P',
	'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
	'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
	'CVSS:3.1/__proto__:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
	'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H',
])('%s is no vector of CVSS 3', (vector) => {
	expect(toCvss3Score(vector)).toBeUndefined();
});

test.each([
	[0, 'low'],
	[3.9, 'low'],
	[4, 'moderate'],
	[7, 'high'],
	[8.9, 'high'],
	[9, 'critical'],
] as const)('%d is %s', (score, rating) => {
	expect(toRatingOfScore(score)).toBe(rating);
});

test.each([
	['MODERATE', 'moderate'],
	['medium', 'moderate'],
	['CRITICAL', 'critical'],
	['not yet assigned', 'unknown'],
	['constructor', 'unknown'],
] as const)('the word %s is %s', (word, rating) => {
	expect(toRatingOfWord(word)).toBe(rating);
});

test('what nobody rated counts as the worst', () => {
	expect(isAtLeast('unknown', 'critical')).toBe(true);
	expect(isAtLeast('moderate', 'high')).toBe(false);
	expect(isAtLeast('high', 'high')).toBe(true);
});
