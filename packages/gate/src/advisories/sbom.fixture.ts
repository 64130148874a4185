import { createHash } from 'node:crypto';
import type { SbomFile } from '../gate.ts';

/** A CycloneDX SBOM of an artifact, with these components. */
export const toSbomFile = (
	components: readonly object[],
	{ artifact = 'greet-1.1.0.tgz', root = {} }: { readonly artifact?: string; readonly root?: object } = {},
): SbomFile => {
	const text = JSON.stringify({
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		metadata: {
			component: {
				type: 'application',
				name: 'greet',
				version: '1.1.0',
				purl: 'pkg:npm/greet@1.1.0',
				licenses: [{ license: { id: 'MIT' } }],
				...root,
			},
		},
		components,
	});
	const bytes = Buffer.from(text);
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { artifact, path: `sbom/${artifact}.cdx.json`, format: 'cyclonedx', bytes, digest: { sha256 } };
};

/** An npm package as an SBOM component. */
export const toNpmComponent = (name: string, version: string, more: object = {}): object => ({
	type: 'library',
	name,
	version,
	purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
	licenses: [{ license: { id: 'MIT' } }],
	...more,
});
