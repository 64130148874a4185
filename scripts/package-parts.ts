// What of others went into a bundle: for its licences, and for the SBOM of the release, which cannot look into a bundle.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

export interface BundledPackage {
	readonly name: string;
	readonly version: string;
	/** SPDX expression, as its package.json says. */
	readonly licence: string | undefined;
	/** Of its licence file. */
	readonly text: string;
}

/** The folder of the package that a file belongs to. */
const toPackageFolder = (path: string): string | undefined =>
	/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path.split(sep).join('/'))?.[1];

const readPackage = (folder: string): BundledPackage => {
	const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const file = readdirSync(folder).find((entry) => /^(?:licen[sc]e|copying)/i.test(entry));
	const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
	return { name, version, licence: typeof license === 'string' ? license : undefined, text };
};

const toId = ({ name, version }: BundledPackage): string => `${name}@${version}`;

/** The packages that files of a bundle come from, each once, in one order. */
export const readBundled = (inputs: readonly string[]): readonly BundledPackage[] => {
	const folders = new Set(inputs.flatMap((path) => toPackageFolder(path) ?? []));
	const read = [...folders].filter((folder) => existsSync(join(folder, 'package.json'))).map(readPackage);
	return mergeBundled([read]);
};

/** Several lists as one. */
export const mergeBundled = (lists: readonly (readonly BundledPackage[])[]): readonly BundledPackage[] => {
	const all = new Map(lists.flat().map((each) => [toId(each), each]));
	return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
};

/** Their licences, one after the other. */
export const toLicences = (bundled: readonly BundledPackage[]): string =>
	bundled.map((each) => `${each.name} ${each.version}\n${each.licence ?? ''}\n${each.text}\n`).join('\n');

/** SHA-512 in hexadecimal of what npm installed, by `name@version`, as the lock file has it. */
const readDigests = (): ReadonlyMap<string, string> => {
	const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
		readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
	};
	return new Map(
		Object.entries(packages).flatMap(([path, { version, integrity }]) => {
			const name = path.split('node_modules/').at(-1);
			const [, digest] = /^sha512-(\S+)$/.exec(integrity ?? '') ?? [];
			return digest ? [[`${name}@${version}`, Buffer.from(digest, 'base64').toString('hex')] as const] : [];
		}),
	);
};

/** An SBOM (CycloneDX 1.6) of what was bundled into the package `name`: `sbom: merge:` of slipway.yml takes it in. */
export const toBundledSbom = (
	{ name, version }: { readonly name: string; readonly version: string },
	bundled: readonly BundledPackage[],
): object => {
	const digests = readDigests();
	const components = bundled.map((each) => {
		const [base = '', group] = each.name.split('/').reverse();
		const purl = `pkg:npm/${each.name.replace('@', '%40')}@${each.version}`;
		const digest = digests.get(toId(each));
		return {
			type: 'library',
			'bom-ref': purl,
			...(group && { group }),
			name: base,
			version: each.version,
			purl,
			scope: 'required',
			...(digest && { hashes: [{ alg: 'SHA-512', content: digest }] }),
			...(each.licence && { licenses: [{ expression: each.licence }] }),
			properties: [{ name: 'cdx:npm:package:bundled', value: 'true' }],
		};
	});
	const ref = `pkg:npm/${name}@${version}`;
	return {
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		version: 1,
		metadata: {
			tools: { components: [{ type: 'application', name: 'build-packages' }] },
			component: { type: 'library', 'bom-ref': ref, name, version, purl: ref },
		},
		components,
		dependencies: [{ ref, dependsOn: components.map((each) => each['bom-ref']) }],
	};
};
