import type { Context } from '@slipway/core';
import { type Json, parseJson, parseWith } from '@slipway/core';
import * as v from 'valibot';
import type { NpmCode } from '../code.ts';
import { toEscapedName } from '../package-name.ts';
import { type Reading, toReading } from '../registry/read-packument.ts';
import type { Registry } from '../registry/registry.ts';
import { type ParsedBundle, toBundle, toProvenanceError } from './bundle.ts';

/** What registries sign themselves: that this version was published there (npm/attestation, specs/publish). */
const PUBLISH_TYPE = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';

const MAX_BYTES = 16 * 1024 * 1024;
/** A registry keeps two a version: its own, and the provenance. */
const MAX_ATTESTATIONS = 64;

const Reply = v.object({
	attestations: v.pipe(
		v.array(v.object({ predicateType: v.string(), bundle: v.custom<Json>(() => true) })),
		v.maxLength(MAX_ATTESTATIONS),
	),
});

/** The registry's own word that it published something, and everything else that lies with the version. */
export interface Attestations {
	readonly publish: readonly ParsedBundle[];
	readonly others: readonly ParsedBundle[];
}

const HINT = 'Do not install it. Find out who published these attestations, and with what.';

/** Reads the body of `GET /-/npm/v1/attestations/NAME@VERSION`. @throws SlipwayError NPM_PROVENANCE_INVALID, JSON_* */
export const parseAttestations = (body: Uint8Array, what: string): Attestations => {
	const failure = { code: 'NPM_PROVENANCE_INVALID' satisfies NpmCode, what, hint: HINT };
	const { attestations } = parseWith(Reply, parseJson(body, what, { maxBytes: MAX_BYTES }), failure);
	const bundles = attestations.map(({ predicateType, bundle }) => {
		const parsed = toBundle(bundle, what);
		if (parsed.predicateType === predicateType) return parsed;
		const [listed, found] = [predicateType, parsed.predicateType].map((text) => text.slice(0, 200));
		throw toProvenanceError(
			'NPM_PROVENANCE_INVALID',
			`${what}: expected a statement of type ${JSON.stringify(listed)} as listed, got ${JSON.stringify(found)}`,
			HINT,
		);
	});
	const isPublish = ({ predicateType }: ParsedBundle) => predicateType === PUBLISH_TYPE;
	return { publish: bundles.filter(isPublish), others: bundles.filter((bundle) => !isPublish(bundle)) };
};

interface ReadAttestations {
	readonly name: string;
	readonly version: string;
	readonly context: Context;
	readonly authorization: string | undefined;
}

/**
 * The attestations of a published version, from the registry's own address whatever its packument names.
 * @throws SlipwayError NPM_PROVENANCE_INVALID, JSON_*
 */
export const readAttestations = async (
	registry: Registry,
	{ name, version, context, authorization }: ReadAttestations,
): Promise<Reading<Attestations>> => {
	const path = `-/npm/v1/attestations/${toEscapedName(name)}@${encodeURIComponent(version)}`;
	const reading = toReading(await registry.read(path, { context, authorization, maxBytes: MAX_BYTES }));
	if (reading.state !== 'found') return reading;
	return {
		state: 'found',
		value: parseAttestations(reading.value, `the attestations of ${name}@${version}`),
	};
};
