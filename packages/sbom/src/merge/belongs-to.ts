import type { Artifact } from '@slipway/core';
import type { ReadySbom } from './ready-sbom.ts';

const isNamed = ({ file }: ReadySbom, { name }: Pick<Artifact, 'name'>): boolean =>
	(file.split('/').at(-1) ?? '').startsWith(`${name}.`);

const isBound = ({ root }: ReadySbom, { digest }: Pick<Artifact, 'digest'>): boolean =>
	root?.hashes.some(({ algorithm, value }) =>
		algorithm === 'SHA-256' ? value === digest.sha256 : algorithm === 'SHA-512' && value === digest.sha512,
	) === true;

/**
 * The ready SBOMs of one artifact: those that are bound to it by digest or named after its file (`NAME.cdx.json`); what
 * is bound to or named after no artifact at all is taken to speak of every one.
 */
export const findReadySboms = (
	ready: readonly ReadySbom[],
	artifact: Artifact,
	all: readonly Artifact[],
): readonly ReadySbom[] =>
	ready.filter((sbom) => {
		const owners = all.filter((each) => isBound(sbom, each) || isNamed(sbom, each));
		return owners.length === 0 || owners.some(({ name }) => name === artifact.name);
	});
