import { createHash } from 'node:crypto';
import type { PackageJson } from '../package-json.ts';
import { toIntegrity } from './integrity.ts';
import { toRegistryFields } from './to-registry-fields.ts';

/** What npm keeps of a package beside its package.json, read from its tarball. */
export interface PackageFacts {
	readonly packageJson: PackageJson;
	readonly readme?: { readonly fileName: string; readonly text: string } | undefined;
	/** A binding.gyp at the top: npm clients build it on install unless a script says otherwise. */
	readonly hasGypFile: boolean;
	readonly hasShrinkwrap: boolean;
}

export interface PublishRequest {
	readonly facts: PackageFacts;
	/** The tarball. */
	readonly bytes: Uint8Array;
	/** Dist-tag that moves in the same write. */
	readonly tag: string;
	readonly access: 'public' | 'restricted';
	/** Registry with a final slash. */
	readonly registry: string;
	/** A Sigstore bundle about exactly these bytes, as JSON text. */
	readonly provenance?: string | undefined;
}

const MAX_README_CHARACTERS = 64 * 1024;

const toScripts = ({ packageJson, hasGypFile }: PackageFacts): object => {
	const { scripts = {}, gypfile } = packageJson;
	if (!hasGypFile || gypfile === false || scripts.install || scripts.preinstall) return {};
	return { gypfile: true, scripts: { ...scripts, install: 'node-gyp rebuild' } };
};

const toReadme = ({ readme }: PackageFacts): object =>
	readme ? { readme: readme.text.slice(0, MAX_README_CHARACTERS), readmeFilename: readme.fileName } : {};

/** The version's entry of the packument: package.json as npm's clients read it, and its digests. */
const toManifest = ({ facts, bytes, registry }: PublishRequest): Record<string, unknown> => {
	const { packageJson } = facts;
	const { name, version } = packageJson;
	return {
		...toRegistryFields(packageJson),
		...toScripts(facts),
		...toReadme(facts),
		...(facts.hasShrinkwrap && { _hasShrinkwrap: true }),
		_id: `${name}@${version}`,
		dist: {
			integrity: toIntegrity(createHash('sha512').update(bytes).digest('hex')),
			shasum: createHash('sha1').update(bytes).digest('hex'),
			// As npm sends it; registries name their own address when they are asked.
			tarball: new URL(`${name}/-/${name}-${version}.tgz`, registry).href.replace(/^https:/, 'http:'),
		},
	};
};

const toProvenance = (stem: string, bundle: string): object => ({
	[`${stem}.sigstore`]: {
		content_type: String((JSON.parse(bundle) as { readonly mediaType?: unknown }).mediaType),
		data: bundle,
		length: bundle.length,
	},
});

/**
 * The body of a publish or stage call, in the shape that npm's libnpmpublish sends (lib/publish.js). The same request
 * gives the same document, so that repeating it is a read.
 */
export const toPublishDocument = (request: PublishRequest): object => {
	const { facts, bytes, tag, access, provenance } = request;
	const { name, version } = facts.packageJson;
	const stem = `${name}-${version}`;
	return {
		_id: name,
		name,
		...(facts.packageJson.description !== undefined && { description: facts.packageJson.description }),
		'dist-tags': { [tag]: version },
		versions: { [version]: toManifest(request) },
		access: name.startsWith('@') ? access : null,
		_attachments: {
			[`${stem}.tgz`]: {
				content_type: 'application/octet-stream',
				data: Buffer.from(bytes).toString('base64'),
				length: bytes.length,
			},
			...(provenance !== undefined && toProvenance(stem, provenance)),
		},
	};
};
