import * as v from 'valibot';
import { Artifact } from './artifact.ts';
import { toCanonicalJson } from './canonical-json.ts';
import { SlipwayError } from './error.ts';
import { parseJson } from './json.ts';
import { parseWith } from './schema.ts';
import { Version } from './version.ts';

export type ManifestCode = 'MANIFEST_INVALID' | 'MANIFEST_VERSION_UNKNOWN';

export const MANIFEST_MEDIA_TYPE = 'application/vnd.slipway.manifest.v1+json';

/** A name that can be a folder, a branch part and a package name: also the project's name in the journal. */
export const ProjectName = v.pipe(
	v.string(),
	v.regex(
		/^[a-z0-9][a-z0-9._-]*$/,
		'expected lower-case letters, digits and . _ -, starting with a letter or digit',
	),
	v.maxLength(100),
);

/** Where the bytes come from; null where the project is not under version control. */
export const Source = v.strictObject({
	repo: v.nullable(v.pipe(v.string(), v.maxLength(1024))),
	commit: v.nullable(
		v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'expected a full commit id')),
	),
	ref: v.nullable(v.pipe(v.string(), v.maxLength(1024))),
});
export type Source = v.InferOutput<typeof Source>;

const findDuplicate = (names: readonly string[]): string | undefined =>
	names.find((name, index) => names.indexOf(name) !== index);

/** What a Release consists of: the project, the version that names the release, and every artifact by digest. */
export const Manifest = v.strictObject({
	mediaType: v.literal(MANIFEST_MEDIA_TYPE),
	project: ProjectName,
	version: Version,
	source: Source,
	artifacts: v.pipe(
		v.array(Artifact),
		v.minLength(1, 'expected at least one artifact'),
		v.check(
			(artifacts) => !findDuplicate(artifacts.map(({ name }) => name.toLowerCase())),
			'two artifacts have the same name',
		),
		v.check(
			(artifacts) => !findDuplicate(artifacts.map(({ path }) => path.toLowerCase())),
			'two artifacts have the same path',
		),
	),
});
export type Manifest = v.InferOutput<typeof Manifest>;

/**
 * Reads a Manifest of version 1; all bad fields are reported at once.
 * @throws SlipwayError MANIFEST_INVALID, MANIFEST_VERSION_UNKNOWN, JSON_*
 */
export const parseManifest = (source: string | Uint8Array): Manifest => {
	const json = parseJson(source, 'the manifest');
	const mediaType = v.safeParse(v.object({ mediaType: v.string() }), json);
	if (mediaType.success && mediaType.output.mediaType !== MANIFEST_MEDIA_TYPE) {
		throw new SlipwayError<ManifestCode>(
			'MANIFEST_VERSION_UNKNOWN',
			`expected media type ${MANIFEST_MEDIA_TYPE}, got ${JSON.stringify(mediaType.output.mediaType.slice(0, 200))}`,
			{ hint: 'Read this Release with the version of Slipway that wrote it, or build it again.' },
		);
	}
	return parseWith(Manifest, json, {
		code: 'MANIFEST_INVALID' satisfies ManifestCode,
		what: 'the manifest',
		hint: 'Build the Release again; a manifest is written by a build and never edited.',
	});
};

/** The bytes of manifest.json: canonical JSON and a final line feed, so that equal releases have equal manifests. */
export const toManifestText = (manifest: Manifest): string => `${toCanonicalJson(manifest)}\n`;
