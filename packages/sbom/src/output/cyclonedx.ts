import type { Serialize } from '@cyclonedx/cyclonedx-library';
import type { Component, Licence, Link, Sbom, Supplier } from '../model/sbom.ts';
import { toSbomUuid } from '../model/uuid.ts';
import { compareText, toTimestamp } from './order.ts';

/** The library's own type of a serialized document; what it has no words for yet is added. */
type Normalized = Serialize.JSON.Types.Normalized.Bom;
type CycloneDxComponent = Serialize.JSON.Types.Normalized.Component;
type CycloneDxLicence = Serialize.JSON.Types.Normalized.License;

interface Composition {
	readonly aggregate: 'complete' | 'incomplete' | 'unknown';
	readonly dependencies: readonly string[];
}

interface CycloneDxBom extends Normalized {
	compositions: readonly Composition[];
}

const SIMPLE_ID = /^[A-Za-z0-9.-]+$/;

const toLicences = (licence: Licence): CycloneDxLicence[] => {
	const acknowledgement = 'declared' as Extract<CycloneDxLicence, { expression: string }>['acknowledgement'] &
		string;
	if (licence.kind === 'named') {
		const text =
			licence.text === undefined ? {} : { text: { contentType: 'text/plain', content: licence.text } };
		return [{ license: { name: licence.name, acknowledgement, ...text } }];
	}
	const { expression } = licence;
	if (SIMPLE_ID.test(expression) && !expression.startsWith('LicenseRef-'))
		return [{ license: { id: expression, acknowledgement } }];
	return [{ expression, acknowledgement }];
};

const toOrganization = ({
	name,
	email,
	url,
}: Supplier): Serialize.JSON.Types.Normalized.OrganizationalEntity => ({
	name,
	...(url !== undefined && { url: [url] }),
	...(email !== undefined && { contact: [{ name, email }] }),
});

const toFileProperties = ({ file }: Component): [string, string][] =>
	file
		? [
				['bsi:component:archive', file.archive ? 'archive' : 'no archive'],
				['bsi:component:executable', file.executable ? 'executable' : 'non-executable'],
				['bsi:component:filename', file.name],
				['bsi:component:structured', file.structured ? 'structured' : 'unstructured'],
			]
		: [];

/** Names of the registered taxonomies of npm and of BSI TR-03183-2, and our own; sorted. */
const toProperties = (component: Component): { name: string; value: string }[] => {
	const { bundled, external, scope, properties = {} } = component;
	const own = Object.entries({ ...(external && { 'slipway:external': 'true' }), ...properties });
	const all = [
		...toFileProperties(component),
		...(bundled ? [['cdx:npm:package:bundled', 'true'] as const] : []),
		...(scope === 'excluded' ? [['cdx:npm:package:development', 'true'] as const] : []),
		...own.sort(([a], [b]) => compareText(a, b)),
	];
	return all.map(([name, value]) => ({ name, value }));
};

const toReferences = (links: readonly Link[]) =>
	links
		.map(({ type, url }) => ({ type: type as never, url }))
		.sort((a, b) => compareText(`${a.type} ${a.url}`, `${b.type} ${b.url}`));

const toComponent = (component: Component): CycloneDxComponent => {
	const { ref, type, group, name, version, purl, description, scope, hashes, licence, supplier, links } =
		component;
	const properties = toProperties(component);
	return {
		type: type as CycloneDxComponent['type'],
		'bom-ref': ref,
		...(supplier && { supplier: toOrganization(supplier) }),
		...(group !== undefined && { group }),
		name,
		...(version !== undefined && { version }),
		...(description !== undefined && { description }),
		scope: scope as NonNullable<CycloneDxComponent['scope']>,
		...(hashes.length > 0 && {
			hashes: hashes.map(({ algorithm, value }) => ({ alg: algorithm as never, content: value })),
		}),
		...(licence && { licenses: toLicences(licence) }),
		...(purl !== undefined && { purl }),
		...(links.length > 0 && { externalReferences: toReferences(links) }),
		...(properties.length > 0 && { properties }),
	};
};

const toFileComponents = ({ files }: Sbom): CycloneDxComponent[] =>
	files.map(({ path, hashes, executable }) => ({
		type: 'file' as CycloneDxComponent['type'],
		'bom-ref': `file:${path}`,
		name: path,
		hashes: hashes.map(({ algorithm, value }) => ({ alg: algorithm as never, content: value })),
		...(executable && { properties: [{ name: 'bsi:component:executable', value: 'executable' }] }),
	}));

/** Every component has its line, also those that need nothing: that is said, not left open. */
const toDependencies = ({
	root,
	components,
	dependencies,
}: Sbom): { ref: string; dependsOn?: string[] }[] => {
	const needs = new Map<string, string[]>([root, ...components].map(({ ref }) => [ref, []]));
	for (const { from, to } of dependencies) needs.get(from)?.push(to);
	return [...needs]
		.sort(([a], [b]) => compareText(a, b))
		.map(([ref, dependsOn]) => (dependsOn.length > 0 ? { ref, dependsOn } : { ref }));
};

const toMetadata = (sbom: Sbom): NonNullable<Normalized['metadata']> => {
	const { root, tool, epoch, notes } = sbom;
	const files = toFileComponents(sbom);
	return {
		timestamp: toTimestamp(epoch),
		// Without an artifact nothing is built yet.
		lifecycles: [{ phase: (root.hashes.length > 0 ? 'build' : 'pre-build') as never }],
		tools: {
			components: [
				{ type: 'application' as CycloneDxComponent['type'], name: tool.name, version: tool.version },
			],
		},
		...(root.supplier && {
			authors: [
				{
					name: root.supplier.name,
					...(root.supplier.email !== undefined && { email: root.supplier.email }),
				},
			],
		}),
		component: { ...toComponent(root), ...(files.length > 0 && { components: files }) },
		...(root.supplier && { supplier: toOrganization(root.supplier) }),
		...(notes.length > 0 && { properties: notes.map((value) => ({ name: 'slipway:note', value })) }),
	};
};

/** What is known of the root's needs; what the needs of packages are that the system supplies is nobody's to say. */
const toCompositions = ({ root, components, complete }: Sbom): Composition[] => {
	const external = components.filter((component) => component.external).map(({ ref }) => ref);
	return [
		{ aggregate: complete ? 'complete' : 'incomplete', dependencies: [root.ref] },
		...(external.length > 0 ? [{ aggregate: 'unknown' as const, dependencies: external }] : []),
	];
};

/** An SBOM as CycloneDX 1.6. */
const toCycloneDxBom = (sbom: Sbom): CycloneDxBom => ({
	$schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
	bomFormat: 'CycloneDX',
	specVersion: '1.6',
	serialNumber: `urn:uuid:${toSbomUuid(sbom.digest)}`,
	version: 1,
	metadata: toMetadata(sbom),
	components: sbom.components.map(toComponent),
	dependencies: toDependencies(sbom),
	compositions: toCompositions(sbom),
});

/** The bytes of an SBOM as CycloneDX 1.6 JSON: the same for the same SBOM, on every machine. */
export const toCycloneDx = (sbom: Sbom): Uint8Array =>
	Buffer.from(`${JSON.stringify(toCycloneDxBom(sbom))}\n`);
