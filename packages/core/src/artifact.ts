import * as v from 'valibot';
import { Digest } from './digest.ts';
import { RelativePath } from './path.ts';

/**
 * One file to publish, in in-toto's field words. `path` is relative to the Release folder, `size` in bytes;
 * the purl (type, name, version) was read from the file's own bytes.
 */
export const Artifact = v.strictObject({
	name: v.pipe(
		v.string(),
		v.regex(/^[A-Za-z0-9@][A-Za-z0-9@._+~-]*$/, 'expected a file name of letters, digits and @ . _ + ~ -'),
		v.maxLength(255),
	),
	path: RelativePath,
	mediaType: v.pipe(v.string(), v.regex(/^[a-z]+\/[a-z0-9.+-]+$/, 'expected a media type')),
	size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
	digest: Digest,
	purl: v.pipe(v.string(), v.startsWith('pkg:'), v.maxLength(1024)),
});
export type Artifact = v.InferOutput<typeof Artifact>;

export const MEDIA_TYPES = {
	npm: 'application/vnd.npm.package+gzip',
	deb: 'application/vnd.debian.binary-package',
	file: 'application/octet-stream',
} as const;
