import { compareDebianOrder, toPrintable } from '@slipway/core';
import { toDebError } from './error.ts';

/** A Debian version in its parts (Policy 5.6.12): `[epoch:]upstream[-revision]`. */
export interface DebianVersion {
	readonly epoch: number;
	readonly upstream: string;
	/** undefined where there is none, which sorts like "0". */
	readonly revision: string | undefined;
}

/** dpkg keeps the epoch in an int. */
const MAX_EPOCH = 2_147_483_647;
const MAX_LENGTH = 1024;

const invalid = (text: string, problem: string) =>
	toDebError(
		'DEB_VERSION_INVALID',
		`expected a Debian version such as 1.2.0-1, got "${toPrintable(text, 80)}": ${problem}`,
		'Write [epoch:]upstream[-revision]: upstream starts with a digit; letters, digits and . + ~ - follow.',
	);

const parseEpoch = (text: string, epoch: string): number => {
	if (!/^[0-9]+$/.test(epoch)) throw invalid(text, 'the epoch is not a number');
	const value = Number(epoch);
	if (value > MAX_EPOCH) throw invalid(text, 'the epoch is too large');
	return value;
};

/**
 * Splits at the first `:` and the last `-`, as dpkg does; stricter than dpkg where that only warns.
 * @throws SlipwayError DEB_VERSION_INVALID
 */
export const parseDebianVersion = (text: string): DebianVersion => {
	if (text.length > MAX_LENGTH) throw invalid(text, `longer than ${MAX_LENGTH} characters`);
	const colon = text.indexOf(':');
	const epoch = colon === -1 ? 0 : parseEpoch(text, text.slice(0, colon));
	const rest = text.slice(colon + 1);
	const hyphen = rest.lastIndexOf('-');
	const upstream = hyphen === -1 ? rest : rest.slice(0, hyphen);
	const revision = hyphen === -1 ? undefined : rest.slice(hyphen + 1);
	if (upstream === '') throw invalid(text, 'the upstream version is empty');
	if (revision === '') throw invalid(text, 'the revision is empty');
	if (!/^[0-9]/.test(upstream)) throw invalid(text, 'the upstream version does not start with a digit');
	if (!(colon === -1 ? /^[A-Za-z0-9.+~-]+$/ : /^[A-Za-z0-9.+~:-]+$/).test(upstream))
		throw invalid(text, 'a character is not allowed');
	if (revision !== undefined && !/^[A-Za-z0-9.+~]+$/.test(revision))
		throw invalid(text, 'a character of the revision is not allowed');
	return { epoch, upstream, revision };
};

/** The version without its epoch: what file names carry. */
export const toVersionWithoutEpoch = ({ upstream, revision }: DebianVersion): string =>
	revision === undefined ? upstream : `${upstream}-${revision}`;

/**
 * Orders two Debian versions as dpkg does (Policy 5.6.12): negative, zero or positive.
 * @throws SlipwayError DEB_VERSION_INVALID
 */
export const compareDebianVersions = (a: string, b: string): number => {
	for (const version of [a, b]) parseDebianVersion(version);
	return compareDebianOrder(a, b);
};
