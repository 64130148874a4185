import { createHash } from 'node:crypto';
import { type Json, SlipwayError } from '@slipway/core';
import type { RehearsalCode } from '../code.ts';
import type { Services } from '../services/start-services.ts';

export interface SeededPackage {
	readonly name: string;
	readonly version: string;
	readonly manifest: Readonly<Record<string, Json>>;
	readonly tarball: Uint8Array;
}

const toBase64 = (algorithm: string, bytes: Uint8Array): string =>
	createHash(algorithm).update(bytes).digest('base64');

/** The document of npm's publish request, with `latest` pointing at this version. */
const toDocument = ({ name, version, manifest, tarball }: SeededPackage, origin: string): object => {
	const file = `${name}-${version}.tgz`;
	const dist = {
		integrity: `sha512-${toBase64('sha512', tarball)}`,
		shasum: createHash('sha1').update(tarball).digest('hex'),
		tarball: `${origin}/${name}/-/${file}`,
	};
	const data = Buffer.from(tarball).toString('base64');
	return {
		_id: name,
		name,
		'dist-tags': { latest: version },
		versions: { [version]: { ...manifest, name, version, _id: `${name}@${version}`, dist } },
		_attachments: { [file]: { content_type: 'application/octet-stream', data, length: tarball.length } },
	};
};

/**
 * Puts a version into the embedded registry as if it had been released long ago.
 * @throws SlipwayError REHEARSAL_COMMAND_FAILED
 */
export const putPackage = async (
	{ registry, token }: Pick<Services, 'registry' | 'token'>,
	seed: SeededPackage,
): Promise<void> => {
	const reply = await fetch(`${registry.origin}/${seed.name.replace('/', '%2f')}`, {
		method: 'PUT',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
		body: JSON.stringify(toDocument(seed, registry.origin)),
	});
	if (reply.ok) return;
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_COMMAND_FAILED',
		`expected the embedded registry to take ${seed.name} ${seed.version}, got status ${reply.status}`,
		{ hint: 'Please report this with the package.json of the project.' },
	);
};
