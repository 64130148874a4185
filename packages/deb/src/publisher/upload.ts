import type { Artifact, ChangeContext, UploadOutcome } from '@slipway/core';
import { toAttestations, toAttestationsPath } from '../repository/attestations.ts';
import { toAptError } from '../repository/error.ts';
import { toSha256 } from '../repository/packages-index.ts';
import { toPoolPath } from '../repository/paths.ts';
import { readControl } from '../repository/pool-deb.ts';
import { parseDebPurl } from './deb-purl.ts';
import type { Apt } from './options.ts';

/** @throws SlipwayError APT_ARTIFACT_CHANGED */
const verifyBytes = (bytes: Uint8Array, artifact: Artifact): void => {
	const sha256 = toSha256(bytes);
	if (bytes.length === artifact.size && sha256 === artifact.digest.sha256) return;
	throw toAptError(
		'APT_ARTIFACT_CHANGED',
		`${artifact.name}: expected ${artifact.size} bytes with sha256 ${artifact.digest.sha256}, got ${bytes.length} bytes with ${sha256}`,
		'The artifact is not what was built: get the Release folder of the build again.',
	);
};

/**
 * Puts what is attested of a .deb beside the pool, before the .deb: a file in the pool has all that belongs to it. What lies
 * there already for these bytes stays, since somebody may have read it.
 */
const uploadAttestations = async (
	{ options, repository }: Apt,
	artifact: Artifact,
	{ context, guard }: ChangeContext,
): Promise<void> => {
	const bundles = (await options.attestations?.(artifact)) ?? [];
	if (bundles.length === 0) return;
	const path = toAttestationsPath(artifact.digest.sha256);
	const change = { kind: 'create', path, bytes: toAttestations(bundles) } as const;
	const { outcome } = await repository.store.write([change], guard);
	if (outcome === 'conflict')
		context.log.info(`${path} holds attestations of an earlier attempt about the same bytes: they stay`);
};

/**
 * Puts a .deb into the pool, where nobody finds it until an index names it. Never replaces other bytes.
 * @throws SlipwayError APT_ARTIFACT_CHANGED, APT_ARTIFACT_INVALID, DEB_*, STORE_*
 */
export const upload = async (apt: Apt, artifact: Artifact, change: ChangeContext): Promise<UploadOutcome> => {
	const { options, repository } = apt;
	const { context, guard } = change;
	const identity = parseDebPurl(artifact.purl);
	const bytes = await options.readArtifact(artifact);
	verifyBytes(bytes, artifact);
	await readControl(bytes, identity);
	context.signal.throwIfAborted();
	await uploadAttestations(apt, artifact, change);
	const path = toPoolPath(options.target.component, identity);
	const { outcome } = await repository.store.write([{ kind: 'create', path, bytes }], guard);
	return outcome === 'written'
		? { outcome: 'accepted' }
		: { outcome: 'unknown', reason: `${path} holds other bytes already` };
};
