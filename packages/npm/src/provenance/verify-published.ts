import type { Context, Json } from '@slipway/core';
import type { Target } from '../publisher/target.ts';
import type { Packument, VersionManifest } from '../registry/read-packument.ts';
import { type ParsedBundle, toProvenanceError } from './bundle.ts';
import type { OwnProvenance } from './own-provenance.ts';
import { readAttestations } from './read-attestations.ts';
import { isSameBundle } from './same-bundle.ts';

/** A version as the registry shows it, and what we know of it. */
export interface PublishedVersion {
	readonly manifest: VersionManifest;
	/** Hexadecimal, of the tarball. */
	readonly sha512: string | undefined;
	/** What was published with it; undefined: nothing, or not known here. */
	readonly own: OwnProvenance | undefined;
	/** Whether the version before had attestations. */
	readonly isExpected: boolean;
	readonly state: 'hidden' | 'exposed';
}

const HINT_WAIT = 'A registry may need minutes to show what it accepted. Run the same command again.';
const HINT_ALARM =
	'Do not install it. Withdraw the release, and find out who or what attached this to the version.';

const toMissing = (what: string) =>
	toProvenanceError('NPM_PROVENANCE_MISSING', `${what}: expected its attestations, found none`, HINT_WAIT);

/** Whatever lies with a version speaks of these bytes. @throws SlipwayError NPM_PROVENANCE_DIFFERS */
const verifySubjects = (what: string, bundles: readonly ParsedBundle[], sha512: string | undefined): void => {
	const strange = bundles.find(({ subjects }) => !subjects.some(({ digest }) => digest.sha512 === sha512));
	if (strange === undefined || sha512 === undefined) return;
	throw toProvenanceError(
		'NPM_PROVENANCE_DIFFERS',
		`${what}: expected attestations about sha512 ${sha512}, got one about ${strange.subjects[0]?.digest.sha512 ?? 'nothing'}`,
		HINT_ALARM,
	);
};

const toBytes = (json: Json): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

/**
 * Ours is there, or that of an earlier attempt, and nothing else.
 * @throws SlipwayError NPM_PROVENANCE_MISSING, NPM_PROVENANCE_DIFFERS, NPM_PROVENANCE_UNEXPECTED
 */
const verifyOwn = async (
	what: string,
	{ others, own, target }: { others: readonly ParsedBundle[]; own: OwnProvenance; target: Target },
	context: Context,
): Promise<string> => {
	const strange = others.filter(({ json }) => !isSameBundle(json, own.bundle.json));
	if (others.length === 0) throw toMissing(what);
	const [first] = strange;
	if (first === undefined) return 'published provenance is ours';
	const bundles = { found: toBytes(first.json), own: toBytes(own.bundle.json) };
	if (others.length === 1 && (await target.isEarlierProvenance(bundles, context)))
		return 'published provenance is that of an earlier attempt';
	const isReplaced = strange.length === others.length;
	throw toProvenanceError(
		isReplaced ? 'NPM_PROVENANCE_DIFFERS' : 'NPM_PROVENANCE_UNEXPECTED',
		isReplaced
			? `${what}: expected the provenance of this release, got another one`
			: `${what}: expected the provenance of this release alone, got ${strange.length} more`,
		HINT_ALARM,
	);
};

const verifyNone = (what: string, { state }: PublishedVersion, context: Context): void => {
	const message = `${what}: expected no provenance (sign.provenance: none), found one`;
	// What was released under another setting and is offered again stays what it was.
	if (state === 'exposed') context.log.warning(message);
	else throw toProvenanceError('NPM_PROVENANCE_UNEXPECTED', message, HINT_ALARM);
};

const read = async (target: Target, { name, version }: VersionManifest, context: Context) => {
	const authorization = await target.credentials.authorize(name, 'read', context);
	const reading = await readAttestations(target.registry, { name, version, context, authorization });
	return reading.state === 'found' ? reading.value : undefined;
};

/** True where a version that users get by default, or got by this tag, was published with attestations. */
export const hadProvenance = (packument: Packument | undefined, versions: readonly (string | null)[]) =>
	versions.some(
		(version) => version !== null && packument?.version(version)?.dist.attestations !== undefined,
	);

/**
 * Reads the published attestations back and compares them with ours, in everything that they say.
 * @returns what was checked
 * @throws SlipwayError NPM_PROVENANCE_MISSING (perhaps later), NPM_PROVENANCE_DIFFERS, NPM_PROVENANCE_UNEXPECTED,
 * NPM_PROVENANCE_INVALID, JSON_* (never)
 */
export const verifyPublished = async (
	target: Target,
	published: PublishedVersion,
	context: Context,
): Promise<readonly string[]> => {
	const { manifest, own, sha512, isExpected } = published;
	const what = `${manifest.name}@${manifest.version}`;
	if (manifest.dist.attestations === undefined) {
		if (own !== undefined || (isExpected && target.provenanceMode === 'registry')) throw toMissing(what);
		return [];
	}
	const attestations = await read(target, manifest, context);
	if (attestations === undefined) throw toMissing(what);
	verifySubjects(what, [...attestations.publish, ...attestations.others], sha512);
	if (own !== undefined) {
		return [await verifyOwn(what, { others: attestations.others, own, target }, context)];
	}
	if (attestations.others.length === 0) return [];
	if (target.provenanceMode === 'none') verifyNone(what, published, context);
	return ['published provenance speaks of these bytes'];
};
