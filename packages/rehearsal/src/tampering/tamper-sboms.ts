import type { ReleaseCopy } from './release-copy.ts';
import type { Tampering } from './tampering.ts';

const toBundle = (kind: string, name: string): string => `attestations/sbom-${kind}-${name}.sigstore.json`;

/** A change of one SBOM of the artifact, where there is one. */
const change =
	(suffix: string, apply: (copy: ReleaseCopy, path: string) => Promise<void>): Tampering['apply'] =>
	async (copy, { artifact }) => {
		const path = `sbom/${artifact.name}.${suffix}`;
		if (!(await copy.has(path))) return undefined;
		await apply(copy, path);
		return [path];
	};

const rename = (copy: ReleaseCopy, path: string): Promise<void> =>
	copy.edit(path, (text) =>
		text.replace(/"licenseDeclared"\s*:\s*"[^"]*"|"name"\s*:\s*"[^"]*"/, '"name":"harmless"'),
	);

/** What it describes, by digest. */
const bindElsewhere = (copy: ReleaseCopy, path: string): Promise<void> =>
	copy.edit(path, (text) => text.replace(/\b[0-9a-f]{64}\b/, '0'.repeat(64)));

/** SBOMs and who signed them. */
export const SBOMS: readonly Tampering[] = [
	{
		id: 'sbom-edited',
		what: 'a component of the CycloneDX SBOM got another name',
		apply: change('cdx.json', rename),
	},
	{
		id: 'spdx-edited',
		what: 'a package of the SPDX SBOM got another name',
		apply: change('spdx.json', rename),
	},
	{
		id: 'sbom-elsewhere',
		what: 'the SBOM names another digest as what it describes',
		apply: change('cdx.json', bindElsewhere),
	},
	{
		id: 'sbom-gone',
		what: 'an SBOM was taken out',
		apply: change('cdx.json', (copy, path) => copy.remove(path)),
	},
	{
		id: 'sbom-unsigned',
		what: 'the signature of an SBOM was taken out',
		apply: async (copy, { artifact }) => {
			const bundle = toBundle('cyclonedx', artifact.name);
			if (!(await copy.has(bundle))) return undefined;
			await copy.remove(bundle);
			return [bundle, `sbom/${artifact.name}.cdx.json`, artifact.path];
		},
	},
	{
		id: 'sbom-swapped',
		what: "another artifact's SBOM and signature took the place of this one's",
		apply: async (copy, { artifact, artifacts }) => {
			const other = artifacts.find(({ name }) => name !== artifact.name);
			const [path, bundle] = [`sbom/${artifact.name}.cdx.json`, toBundle('cyclonedx', artifact.name)];
			if (!other || !(await copy.has(path)) || !(await copy.has(bundle))) return undefined;
			await copy.replace(path, `sbom/${other.name}.cdx.json`);
			await copy.replace(bundle, toBundle('cyclonedx', other.name));
			return [path, bundle];
		},
	},
];
