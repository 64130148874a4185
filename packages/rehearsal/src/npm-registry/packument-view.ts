import { PREDICATE_TYPES } from '@slipway/core/attestation';
import { type FrontReply, toJsonReply } from './exchange.ts';
import { type FrontState, isScanning, toKey } from './state.ts';

interface Packument {
	readonly name: string;
	readonly 'dist-tags': Readonly<Record<string, string>>;
	readonly versions: Readonly<Record<string, { readonly dist: object }>>;
	readonly time?: Readonly<Record<string, string>>;
}

export const toPackument = ({ body }: FrontReply): Packument => JSON.parse(body.toString());

const withAttestations = (
	origin: string,
	key: string,
	manifest: { readonly dist: object },
	state: FrontState,
) => {
	if (!state.attestations.has(key)) return manifest;
	const provenance = { predicateType: PREDICATE_TYPES.provenance };
	// As the public registry writes it: the slash of a scope encoded, its @ not.
	const attestations = { url: `${origin}/-/npm/v1/attestations/${key.replace('/', '%2f')}`, provenance };
	return { ...manifest, dist: { ...manifest.dist, attestations } };
};

const toReadableTags = (
	{ 'dist-tags': tags }: Packument,
	before: Readonly<Record<string, string>> = {},
	isReadable: (version: string) => boolean,
) =>
	Object.fromEntries(
		Object.entries(tags).flatMap(([tag, version]) => {
			const shown = isReadable(version) ? version : before[tag];
			return shown === undefined || !isReadable(shown) ? [] : [[tag, shown]];
		}),
	);

/**
 * A packument as readers see it: versions that are being scanned are not there yet, and tags that name them still
 * name what they did before; versions with provenance name their attestations.
 */
export const toReaderView = (
	reply: FrontReply,
	{ state, origin, now }: { readonly state: FrontState; readonly origin: string; readonly now: number },
): FrontReply => {
	if (state.scans.size === 0 && state.attestations.size === 0) return reply;
	const packument = toPackument(reply);
	const isReadable = (version: string) => !isScanning(state, packument.name, version, now);
	const versions = Object.entries(packument.versions).filter(([version]) => isReadable(version));
	if (versions.length === 0) return toJsonReply(404, { error: 'Not found' });
	const type = reply.headers['content-type'] ?? 'application/json';
	const view = {
		...packument,
		'dist-tags': toReadableTags(packument, state.tagsBefore.get(packument.name), isReadable),
		versions: Object.fromEntries(
			versions.map(([version, manifest]) => [
				version,
				withAttestations(origin, toKey(packument.name, version), manifest, state),
			]),
		),
		...(packument.time && {
			time: Object.fromEntries(Object.entries(packument.time).filter(([version]) => isReadable(version))),
		}),
	};
	return { ...toJsonReply(200, view), headers: { ...reply.headers, 'content-type': type } };
};
