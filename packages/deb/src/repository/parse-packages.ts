import { toPrintable } from '@slipway/core';
import { findField, parseStanzas, type Stanza } from '../package/deb822.ts';
import { toAptError } from './error.ts';
import type { DebIdentity } from './paths.ts';

/** A package as a Packages index lists it; size in bytes. */
export interface ListedDeb extends DebIdentity {
	/** Relative to the repository. */
	readonly filename: string;
	readonly size: number;
	readonly sha256: string;
}

const toListed = (stanza: Stanza, what: string): ListedDeb => {
	const field = (name: string): string => {
		const value = findField(stanza, name);
		if (value !== undefined && value !== '') return value;
		throw toAptError(
			'APT_INDEX_INVALID',
			`${what}: expected the field ${name} of ${toPrintable(findField(stanza, 'Package') || 'a package', 200)}, found none`,
			'Look at which tool wrote the repository: SHA256 sums are expected for every package.',
		);
	};
	const [size, sha256] = [field('Size'), field('SHA256').toLowerCase()];
	if (!/^\d{1,15}$/.test(size) || !/^[0-9a-f]{64}$/.test(sha256))
		throw toAptError(
			'APT_INDEX_INVALID',
			`${what}: expected a size and a SHA-256 of ${toPrintable(field('Package'), 200)}`,
			'Look at which tool wrote the repository.',
		);
	return {
		name: field('Package'),
		version: field('Version'),
		architecture: field('Architecture'),
		filename: field('Filename').replace(/^\.\//, ''),
		size: Number(size),
		sha256,
	};
};

/**
 * Reads a whole Packages index, every stanza of it.
 * @throws SlipwayError APT_INDEX_INVALID, DEB_STANZA_INVALID, DEB_TOO_LARGE
 */
export const parsePackages = (bytes: Uint8Array, what: string): ListedDeb[] =>
	parseStanzas(bytes, what, { maxBytes: bytes.length + 1, maxStanzas: 2_000_000 }).map((stanza) =>
		toListed(stanza, what),
	);
