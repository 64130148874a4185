/** A version in the parts by which it is ordered. */
interface Parts {
	readonly numbers: readonly string[];
	/** Pre-release identifiers; empty for a final version. */
	readonly prerelease: readonly string[];
}

const NUMERIC = /^[0-9]+$/;
const CORE = /^[v=]?([0-9]+(?:\.[0-9]+)*)/;

/** What follows the numbers, with or without a hyphen, is a pre-release; what follows a plus does not count (SemVer 10). */
const toParts = (text: string): Parts => {
	const plain = text.trim().split('+', 1)[0] ?? '';
	const [matched = '', core = ''] = CORE.exec(plain) ?? [];
	const rest = plain.slice(matched.length).replace(/^[-.]/, '');
	return { numbers: core === '' ? [] : core.split('.'), prerelease: rest === '' ? [] : rest.split('.') };
};

/** Digits of any length, compared as numbers without becoming one. */
const compareDigits = (a: string, b: string): number => {
	const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
	return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
};

const compareIdentifiers = (a: string, b: string): number => {
	const [isLeft, isRight] = [NUMERIC.test(a), NUMERIC.test(b)];
	if (isLeft && isRight) return compareDigits(a, b);
	if (isLeft !== isRight) return isLeft ? -1 : 1;
	return a < b ? -1 : a > b ? 1 : 0;
};

const comparePrereleases = (a: readonly string[], b: readonly string[]): number => {
	if (a.length === 0 || b.length === 0) return b.length - a.length;
	for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
		const order = compareIdentifiers(a[index] ?? '', b[index] ?? '');
		if (order !== 0) return order;
	}
	return a.length - b.length;
};

/**
 * Orders two versions by SemVer 2.0.0 precedence, and anything else that databases hold by its nearest reading: a leading v,
 * any count of numbers (missing ones are 0), numbers of any length, pre-releases without a hyphen. Never throws.
 */
export const compareLooseVersions = (a: string, b: string): number => {
	const [left, right] = [toParts(a), toParts(b)];
	for (let index = 0; index < Math.max(left.numbers.length, right.numbers.length); index += 1) {
		const order = compareDigits(left.numbers[index] ?? '', right.numbers[index] ?? '');
		if (order !== 0) return order;
	}
	return comparePrereleases(left.prerelease, right.prerelease);
};
