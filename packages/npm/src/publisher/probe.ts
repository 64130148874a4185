import { hashBytes } from '@slipway/archive';
import { type Artifact, type Context, isSameDigest, type Presence } from '@slipway/core';
import { readDistTags } from '../registry/dist-tags.ts';
import { parseSha512 } from '../registry/integrity.ts';
import { type Packument, readPackument } from '../registry/read-packument.ts';
import { findStaged } from '../registry/staged.ts';
import { fetchTarball } from './fetch-tarball.ts';
import { type Identity, type Target, toIdentity, toKey } from './target.ts';

const compare = async (
	target: Target,
	artifact: Artifact,
	packument: Packument,
	context: Context,
): Promise<Presence | undefined> => {
	const manifest = packument.version(toIdentity(artifact.purl).version);
	if (!manifest) return undefined;
	const sha512 = parseSha512(manifest.dist.integrity);
	if (sha512 !== undefined && artifact.digest.sha512 !== undefined)
		return sha512 === artifact.digest.sha512 ? { state: 'match' } : { state: 'mismatch', found: { sha512 } };
	// A registry that names no sha512, or a manifest without one: only the bytes themselves can tell.
	const tarball = await fetchTarball(target, manifest, context);
	if (tarball.state !== 'found')
		return { state: 'pending', waitsFor: 'time', reason: 'its tarball cannot be read yet' };
	const found = hashBytes(tarball.value).digest;
	return isSameDigest(found, artifact.digest) ? { state: 'match' } : { state: 'mismatch', found };
};

const REASONS = {
	accepted: 'accepted by the registry, not readable yet (scan or cache)',
	taken: 'the registry says that the version is used up, but does not show it yet',
	staged: 'accepted earlier: the registry scans it, or a person must approve it',
} as const;

/** The version is not to be seen: has the registry accepted it all the same? */
const findPending = async (target: Target, identity: Identity, context: Context): Promise<Presence> => {
	const { name, version } = identity;
	const acknowledged = target.acknowledged.get(toKey(identity));
	const authorization = await target.credentials.authorize(name, 'mark', context);
	const tags = await readDistTags(target.registry, { name, context, authorization });
	if (tags.state === 'unknown') return { state: 'unknown', reason: tags.reason };
	if (tags.state === 'found' && [...tags.value.values()].includes(version))
		return { state: 'pending', waitsFor: 'time', reason: REASONS.accepted };
	if (target.mode === 'stage') {
		const staged = await findStaged(target.registry, { name, version, context, authorization });
		if (staged.state === 'found' || acknowledged === 'staged' || acknowledged === 'accepted')
			return { state: 'pending', waitsFor: 'person', reason: 'staged: a maintainer must approve it' };
	}
	if (acknowledged) return { state: 'pending', waitsFor: 'time', reason: REASONS[acknowledged] };
	return { state: 'absent' };
};

/** What the registry holds for one tarball, by digest. */
export const probe = async (target: Target, artifact: Artifact, context: Context): Promise<Presence> => {
	const identity = toIdentity(artifact.purl);
	const { name } = identity;
	const authorization = await target.credentials.authorize(name, 'read', context);
	const reading = await readPackument(target.registry, { name, context, authorization });
	if (reading.state === 'unknown') return { state: 'unknown', reason: reading.reason };
	const found = reading.state === 'found' && (await compare(target, artifact, reading.value, context));
	return found || findPending(target, identity, context);
};
