import parseExpression from 'spdx-expression-parse';
import type { Licence } from '../model/sbom.ts';
import { type LicenceCorrector, toLicenceCorrector } from './correct-licence.ts';

/** Longer statements are no licence names; the parser below is not asked about them. */
const MAX_LENGTH = 512;

const isExpression = (text: string): boolean => {
	try {
		parseExpression(text);
		return true;
	} catch {
		return false;
	}
};

const parseText = (text: string, correct: LicenceCorrector): Licence | undefined => {
	const trimmed = text.trim();
	if (trimmed === '') return undefined;
	if (trimmed.length > MAX_LENGTH) return { kind: 'named', name: `${trimmed.slice(0, MAX_LENGTH)}…` };
	if (isExpression(trimmed)) return { kind: 'expression', expression: trimmed };
	const corrected = correct(trimmed);
	return corrected ? { kind: 'expression', expression: corrected } : { kind: 'named', name: trimmed };
};

interface OldLicence {
	readonly type?: unknown;
	readonly name?: unknown;
}

const toText = (value: unknown): string | undefined => {
	if (typeof value === 'string') return value;
	const { type, name } = (value ?? {}) as OldLicence;
	return typeof type === 'string' ? type : typeof name === 'string' ? name : undefined;
};

/** A reader of licence statements that looks at each distinct one only once. */
export type LicenceReader = (value: unknown) => Licence | undefined;

/** npm's documentation of `license`: the old array means that one may be chosen. */
const toStatement = (value: unknown): string | undefined => {
	if (!Array.isArray(value)) return toText(value);
	const texts = value
		.slice(0, 32)
		.map(toText)
		.filter((text) => text !== undefined);
	return texts.length > 1 ? `(${texts.join(' OR ')})` : texts[0];
};

/**
 * Reads `license` and `licenses` of package manifests: an SPDX expression where it is one or is near enough to one
 * (only the spelling differs), else the words as they stand ("SEE LICENSE IN FILE", "UNLICENSED").
 */
export const toLicenceReader = (): LicenceReader => {
	const known = new Map<string, Licence | undefined>();
	const correct = toLicenceCorrector();
	return (value) => {
		const text = toStatement(value);
		if (text === undefined) return undefined;
		if (!known.has(text)) known.set(text, parseText(text, correct));
		return known.get(text);
	};
};
