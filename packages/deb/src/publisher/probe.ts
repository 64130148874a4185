import { type Artifact, type Context, type Presence, SlipwayError } from '@slipway/core';
import { toSha256 } from '../repository/packages-index.ts';
import { toPoolPath } from '../repository/paths.ts';
import { openSuite } from '../repository/suite-view.ts';
import { parseDebPurl } from './deb-purl.ts';
import { type Apt, toSuiteOf } from './options.ts';

const toPresence = (found: string, { digest }: Artifact): Presence =>
	found === digest.sha256 ? { state: 'match' } : { state: 'mismatch', found: { sha256: found } };

/** What the suite's index says of this version, when the pool has nothing at our path: another tool's file. */
const probeIndex = async (
	{ repository, options }: Apt,
	artifact: Artifact,
	{ clock }: Context,
): Promise<Presence> => {
	const { name, version, architecture } = parseDebPurl(artifact.purl);
	const suite = toSuiteOf(options.target, version);
	if (suite === undefined) return { state: 'absent' };
	const view = await openSuite(repository, suite, { now: clock.now() });
	const stanza = (await view.stanzas(options.target.component, name)).find(
		(found) => found.version === version && found.architecture === architecture,
	);
	if (!stanza) return { state: 'absent' };
	if (stanza.sha256 !== artifact.digest.sha256) return toPresence(stanza.sha256, artifact);
	const file = await repository.store.read(stanza.filename);
	return file ? toPresence(toSha256(file.bytes), artifact) : { state: 'absent' };
};

const look = async (apt: Apt, artifact: Artifact, context: Context): Promise<Presence> => {
	const path = toPoolPath(apt.options.target.component, parseDebPurl(artifact.purl));
	const found = await apt.repository.store.read(path);
	return found ? toPresence(toSha256(found.bytes), artifact) : probeIndex(apt, artifact, context);
};

/**
 * What the repository holds for one .deb, by digest: the pool file, hashed; else what the index names.
 * A store that cannot be read says nothing: unknown.
 * @throws SlipwayError APT_*
 */
export const probe = async (apt: Apt, artifact: Artifact, context: Context): Promise<Presence> => {
	try {
		return await look(apt, artifact, context);
	} catch (thrown) {
		if (thrown instanceof SlipwayError && thrown.code.startsWith('STORE_'))
			return { state: 'unknown', reason: thrown.message };
		throw thrown;
	}
};
