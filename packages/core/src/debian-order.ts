/** dpkg's order of one character outside of numbers: `~` before the end, then letters, then all others (Policy 5.6.12). */
const toWeight = (character: string | undefined): number => {
	if (character === undefined) return 0;
	if (character === '~') return -1;
	return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z')
		? character.charCodeAt(0)
		: character.charCodeAt(0) + 256;
};

const compareText = (a: string, b: string): number => {
	for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
		const order = toWeight(a[index]) - toWeight(b[index]);
		if (order !== 0) return order;
	}
	return 0;
};

const compareDigits = (a: string, b: string): number => {
	const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
	return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
};

/** Runs of other characters and of digits by turns, always starting with a (maybe empty) run of others. */
const toRuns = (text: string): string[] => {
	const runs: string[] = [];
	for (const [, others = '', digits = ''] of text.matchAll(/([^0-9]*)([0-9]*)/g)) runs.push(others, digits);
	return runs;
};

const comparePart = (a: string, b: string): number => {
	const [left, right] = [toRuns(a), toRuns(b)];
	for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
		const compare = index % 2 === 0 ? compareText : compareDigits;
		const order = compare(left[index] ?? '', right[index] ?? '');
		if (order !== 0) return order;
	}
	return 0;
};

const split = (text: string) => {
	const colon = text.indexOf(':');
	const rest = text.slice(colon + 1);
	const hyphen = rest.lastIndexOf('-');
	return {
		epoch: colon === -1 ? '' : text.slice(0, colon),
		upstream: hyphen === -1 ? rest : rest.slice(0, hyphen),
		revision: hyphen === -1 ? '' : rest.slice(hyphen + 1),
	};
};

/** Orders two Debian versions as dpkg does; takes what databases hold, also where dpkg would refuse it. Never throws. */
export const compareDebianOrder = (a: string, b: string): number => {
	const [left, right] = [split(a), split(b)];
	return (
		compareDigits(left.epoch, right.epoch) ||
		comparePart(left.upstream, right.upstream) ||
		comparePart(left.revision, right.revision)
	);
};
