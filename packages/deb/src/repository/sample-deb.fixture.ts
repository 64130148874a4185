import { createHash } from 'node:crypto';
import { toAr, toGzip, toTarBytes } from '@slipway/archive';
import { type Artifact, MEDIA_TYPES } from '@slipway/core';
import { toDebFileName, toDebPurl } from '../package/deb-name.ts';
import { toStanza } from '../package/deb822.ts';

/** A .deb for tests: its bytes and what a manifest says of it. */
export interface SampleDeb {
	readonly bytes: Uint8Array;
	readonly artifact: Artifact;
}

const MTIME = 1_750_000_000;

const toGzipTar = (name: string, content: string): Uint8Array =>
	toGzip(
		toTarBytes(
			[
				{ type: 'directory', name: './', mode: 0o755 },
				{ type: 'file', name, mode: 0o644, content: Buffer.from(content) },
			],
			{ mtime: MTIME },
		),
	);

/**
 * A small package that dpkg and apt accept; `content` is what its one file holds,
 * `controlEnd` follows its control fields as it stands.
 */
export const toSampleDeb = (
	name: string,
	version: string,
	{ architecture = 'all', content = `${name} ${version}`, controlEnd = '' } = {},
): SampleDeb => {
	const control = toStanza([
		['Package', name],
		['Version', version],
		['Architecture', architecture],
		['Maintainer', 'Ada Lovelace <ada@example.org>'],
		['Section', 'utils'],
		['Priority', 'optional'],
		['Description', `sample ${name}\n For tests.`],
	]);
	const members = [
		{ name: 'debian-binary', content: [Buffer.from('2.0\n')] },
		{ name: 'control.tar.gz', content: [toGzipTar('./control', control + controlEnd)] },
		{ name: 'data.tar.gz', content: [toGzipTar(`./${name}.txt`, content)] },
	];
	const bytes = Buffer.concat([...toAr(members, { mtime: MTIME })]);
	return {
		bytes,
		artifact: toArtifact(
			toDebFileName(name, version, architecture),
			bytes,
			toDebPurl(name, version, architecture),
		),
	};
};

const toArtifact = (name: string, bytes: Uint8Array, purl: string): Artifact => ({
	name,
	path: `artifacts/${name}`,
	mediaType: MEDIA_TYPES.deb,
	size: bytes.length,
	digest: { sha256: createHash('sha256').update(bytes).digest('hex') },
	purl,
});
