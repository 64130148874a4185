/** How bad, in the words of npm and GitHub; `unknown` where nobody said. */
export const RATINGS = ['low', 'moderate', 'high', 'critical', 'unknown'] as const;
export type Rating = (typeof RATINGS)[number];

/** Weights of CVSS v3.1 metrics (specification, 7.4); PR has others where the scope changes. */
const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
	AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
	AC: { L: 0.77, H: 0.44 },
	PR: { N: 0.85, L: 0.62, H: 0.27 },
	UI: { N: 0.85, R: 0.62 },
	C: { H: 0.56, L: 0.22, N: 0 },
	I: { H: 0.56, L: 0.22, N: 0 },
	A: { H: 0.56, L: 0.22, N: 0 },
};
const CHANGED_PRIVILEGES: Readonly<Record<string, number>> = { N: 0.85, L: 0.68, H: 0.5 };

/** Rounds up to one decimal, without the errors of binary fractions (CVSS v3.1, appendix A). */
const roundUp = (value: number): number => {
	const scaled = Math.round(value * 100_000);
	return scaled % 10_000 === 0 ? scaled / 100_000 : (Math.floor(scaled / 10_000) + 1) / 10;
};

/** Base score of a CVSS v3.0 or v3.1 vector, 0 to 10; undefined for anything else. */
export const toCvss3Score = (vector: string): number | undefined => {
	if (!/^CVSS:3\.[01](?:\/[A-Za-z]{1,3}:[A-Za-z]){8,32}$/.test(vector)) return undefined;
	const metrics = new Map(
		vector
			.split('/')
			.slice(1)
			.map((metric) => metric.split(':') as [string, string]),
	);
	const isChanged = metrics.get('S') === 'C';
	const toWeight = (name: string): number => {
		const value = metrics.get(name) ?? '';
		return (name === 'PR' && isChanged ? CHANGED_PRIVILEGES : WEIGHTS[name])?.[value] ?? Number.NaN;
	};
	const iss = 1 - (1 - toWeight('C')) * (1 - toWeight('I')) * (1 - toWeight('A'));
	const impact = isChanged ? 7.52 * (iss - 0.029) - 3.25 * (iss - 0.02) ** 15 : 6.42 * iss;
	const exploitability = 8.22 * toWeight('AV') * toWeight('AC') * toWeight('PR') * toWeight('UI');
	if (Number.isNaN(impact + exploitability)) return undefined;
	if (impact <= 0) return 0;
	return roundUp(Math.min((isChanged ? 1.08 : 1) * (impact + exploitability), 10));
};

/** Qualitative rating of a score (CVSS v3.1, 5). */
export const toRatingOfScore = (score: number): Rating =>
	score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'moderate' : 'low';

const WORDS: Readonly<Record<string, Rating>> = {
	critical: 'critical',
	high: 'high',
	moderate: 'moderate',
	medium: 'moderate',
	low: 'low',
	negligible: 'low',
	minor: 'low',
	unimportant: 'low',
	none: 'low',
	info: 'low',
};

/** The rating that a word of a database stands for. */
export const toRatingOfWord = (word: string): Rating => {
	const key = word.toLowerCase();
	return Object.hasOwn(WORDS, key) ? (WORDS[key] ?? 'unknown') : 'unknown';
};

/** Worst first; `unknown` counts as critical, because nobody said that it is not. */
export const isAtLeast = (rating: Rating, threshold: Rating): boolean =>
	RATINGS.indexOf(rating) >= RATINGS.indexOf(threshold);
