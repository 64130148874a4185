import { quote, toSbomError } from '../code.ts';
import type { ComponentType, Hash, HashAlgorithm } from '../model/sbom.ts';

const MAX_TEXT = 4096;

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * A name or version of a ready SBOM: whatever an ecosystem allows, but no marks that turn the direction of writing, hide
 * letters or break lines.
 * @throws SlipwayError SBOM_NAME_INVALID
 */
export const checkForeignText = (text: string, file: string): string => {
	if (text.length > MAX_TEXT || UNSAFE.test(text))
		throw toSbomError('SBOM_NAME_INVALID', `${file}: expected a plain name or version, got ${quote(text)}`);
	return text;
};

/** Free text: what would break lines or turn them is replaced. */
export const cleanText = (text: string | undefined): string | undefined => {
	const clean = text
		?.slice(0, MAX_TEXT)
		.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
		.trim();
	return clean === '' ? undefined : clean;
};

/** A purl as it stands, when it is one. */
export const toForeignPurl = (text: string | undefined): string | undefined =>
	text !== undefined && /^pkg:[a-z][a-z0-9.+-]*\/[!-~]{1,2000}$/i.test(text) ? text : undefined;

const LENGTHS: ReadonlyMap<string, readonly [HashAlgorithm, number]> = new Map([
	['MD5', ['MD5', 32]],
	['SHA1', ['SHA-1', 40]],
	['SHA256', ['SHA-256', 64]],
	['SHA384', ['SHA-384', 96]],
	['SHA512', ['SHA-512', 128]],
]);

/** A hash in either format's words; undefined for algorithms that are not kept. */
export const toForeignHash = (algorithm: string, value: string): Hash | undefined => {
	const [name, length] = LENGTHS.get(algorithm.replace('-', '').toUpperCase()) ?? [];
	return name && value.length === length && /^[0-9a-fA-F]+$/.test(value)
		? { algorithm: name, value: value.toLowerCase() }
		: undefined;
};

const TYPES: ReadonlyMap<string, ComponentType> = new Map(
	(['application', 'library', 'framework', 'file', 'operating-system', 'container'] as const).map((type) => [
		type,
		type,
	]),
);

/** Types that only newer or other formats have become libraries. */
export const toForeignType = (type: string | undefined): ComponentType =>
	TYPES.get((type ?? '').toLowerCase()) ?? 'library';

/** A time of day in seconds since 1970; 0 where it is none. */
export const toForeignEpoch = (text: string | undefined): number => {
	const milliseconds = text !== undefined && text.length <= 64 ? Date.parse(text) : Number.NaN;
	return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
};
