import { hashBytes } from '@slipway/archive';
import { type Context, isSameDigest, type Subject } from '@slipway/core';
import { parseSha512 } from '../registry/integrity.ts';
import { toUnreachable } from './errors.ts';
import { fetchTarball } from './fetch-tarball.ts';
import { readPackage } from './read.ts';
import { type Target, toName, toTarball } from './target.ts';

/** What the registry shows under a subject's name and version: our bytes, other ones, or nothing (yet). */
export type Holding = 'ours' | 'foreign' | 'none';

/**
 * Compares by sha512 where the registry names one, else by the bytes themselves.
 * @throws SlipwayError NPM_REGISTRY_UNREACHABLE where neither can be had, NPM_REPLY_INVALID, NPM_TARBALL_ELSEWHERE, NPM_ARTIFACT_CHANGED
 */
export const readHolding = async (target: Target, subject: Subject, context: Context): Promise<Holding> => {
	const { digest } = toTarball(subject);
	const name = toName(subject);
	const manifest = (await readPackage(target, name, context, true))?.version(subject.version);
	if (!manifest) return 'none';
	const sha512 = parseSha512(manifest.dist.integrity);
	if (sha512 !== undefined && digest.sha512 !== undefined)
		return sha512 === digest.sha512 ? 'ours' : 'foreign';
	const tarball = await fetchTarball(target, manifest, context);
	if (tarball.state !== 'found')
		throw toUnreachable(`${name}@${subject.version}`, 'its tarball cannot be read');
	return isSameDigest(hashBytes(tarball.value).digest, digest) ? 'ours' : 'foreign';
};
