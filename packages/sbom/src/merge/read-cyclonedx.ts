import { quote, toSbomError } from '../code.ts';
import type { LicenceReader } from '../licence/parse-licence.ts';
import { toPublicUrl } from '../model/link.ts';
import { ROOT } from '../model/part.ts';
import type { CarrierFile, Component, Dependency, Licence, Link, LinkType, Supplier } from '../model/sbom.ts';
import { attachToRoot } from './attach.ts';
import type { CycloneDxComponent, CycloneDxDocument, CycloneDxLicence } from './cyclonedx-schema.ts';
import {
	checkForeignText,
	cleanText,
	toForeignEpoch,
	toForeignHash,
	toForeignPurl,
	toForeignType,
} from './foreign.ts';
import type { ReadySbom } from './ready-sbom.ts';

interface Reading {
	readonly file: string;
	readonly readLicence: LicenceReader;
}

/** CycloneDX, `licenses`: several entries apply together. */
const toLicence = (
	licences: readonly CycloneDxLicence[] = [],
	readLicence: LicenceReader,
): Licence | undefined => {
	const texts = licences.flatMap(
		({ expression, license }) => expression ?? license?.id ?? cleanText(license?.name) ?? [],
	);
	const read = readLicence(texts.length > 1 ? texts.map((text) => `(${text})`).join(' AND ') : texts[0]);
	return read ?? undefined;
};

const toSupplier = (supplier: CycloneDxComponent['supplier']): Supplier | undefined => {
	const name = cleanText(supplier?.name);
	if (name === undefined) return undefined;
	const email = supplier?.contact?.find((contact) => contact.email !== undefined)?.email;
	return { kind: 'organization', name, email: cleanText(email), url: toPublicUrl(supplier?.url?.[0]) };
};

const LINKS = new Set<string>(['distribution', 'vcs', 'website', 'issue-tracker'] satisfies LinkType[]);

const toLinks = (references: CycloneDxComponent['externalReferences'] = []): readonly Link[] =>
	references.flatMap(({ type, url }) => {
		const address = LINKS.has(type) ? toPublicUrl(url) : undefined;
		return address === undefined ? [] : [{ type: type as LinkType, url: address }];
	});

const toFile = (properties: ReadonlyMap<string, string>): CarrierFile | undefined => {
	const name = cleanText(properties.get('bsi:component:filename'));
	if (name === undefined) return undefined;
	return {
		name,
		executable: properties.get('bsi:component:executable') === 'executable',
		archive: properties.get('bsi:component:archive') === 'archive',
		structured: properties.get('bsi:component:structured') === 'structured',
	};
};

const KEPT = /^slipway:(deb:relation|unresolved)$/;

const toComponent = (raw: CycloneDxComponent, ref: string, { file, readLicence }: Reading): Component => {
	const properties = new Map(
		(raw.properties ?? []).flatMap(({ name, value }): [string, string][] =>
			name === undefined || value === undefined ? [] : [[name, value]],
		),
	);
	const kept = [...properties].filter(([name]) => KEPT.test(name));
	return {
		ref,
		type: toForeignType(raw.type),
		group: raw.group === undefined || raw.group === '' ? undefined : checkForeignText(raw.group, file),
		name: checkForeignText(raw.name, file),
		version:
			raw.version === undefined || raw.version === '' ? undefined : checkForeignText(raw.version, file),
		purl: toForeignPurl(raw.purl),
		description: cleanText(raw.description),
		scope: raw.scope === 'optional' || raw.scope === 'excluded' ? raw.scope : 'required',
		hashes: (raw.hashes ?? []).flatMap(({ alg, content }) => toForeignHash(alg, content) ?? []),
		licence: toLicence(raw.licenses, readLicence),
		supplier: toSupplier(raw.supplier),
		links: toLinks(raw.externalReferences),
		file: toFile(properties),
		external: properties.get('slipway:external') === 'true' ? true : undefined,
		bundled: properties.get('cdx:npm:package:bundled') === 'true' ? true : undefined,
		...(kept.length > 0 && { properties: Object.fromEntries(kept) }),
	};
};

/** Components lie inside each other; they are taken out and hang from the one that they lie in. */
const flatten = (
	document: CycloneDxDocument,
): { raw: CycloneDxComponent; parent: CycloneDxComponent | undefined }[] => {
	const root = document.metadata?.component;
	const all: { raw: CycloneDxComponent; parent: CycloneDxComponent | undefined }[] = [];
	const waiting = [
		...(root?.components ?? []).map((raw) => ({ raw, parent: root })),
		...document.components.map((raw) => ({ raw, parent: undefined })),
	].reverse();
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const { raw } = next;
		all.push(next);
		waiting.push(...(raw.components ?? []).map((child) => ({ raw: child, parent: raw })).reverse());
	}
	return all;
};

const toRef = (raw: CycloneDxComponent, index: number): string =>
	raw['bom-ref'] ?? raw.purl ?? `component ${index}`;

/** Since 1.5 tools are components; before that, a list. */
const toAuthor = ({ metadata }: CycloneDxDocument): string => {
	const tools = (metadata?.tools as { components?: unknown } | undefined)?.components ?? metadata?.tools;
	const [tool] = Array.isArray(tools) ? (tools as { name?: unknown }[]) : [];
	return typeof tool?.name === 'string' ? tool.name : (metadata?.authors?.[0]?.name ?? '');
};

/** Files of the tree are no packages; scanners list thousands of them. */
const isPackage = ({ raw }: { readonly raw: CycloneDxComponent }): boolean => raw.type !== 'file';

/** @throws SlipwayError SBOM_REFERENCE_DANGLING, SBOM_MERGE_INVALID */
export const readCycloneDx = (document: CycloneDxDocument, reading: Reading): ReadySbom => {
	const { file } = reading;
	const root = document.metadata?.component;
	const rootRef = root?.['bom-ref'];
	const all = flatten(document);
	const refs = new Map<CycloneDxComponent, string>(root ? [[root, ROOT]] : []);
	const known = new Set<string>(rootRef === undefined ? [] : [rootRef]);
	for (const [index, { raw }] of all.entries()) {
		const ref = toRef(raw, index);
		if (known.has(ref))
			throw toSbomError('SBOM_MERGE_INVALID', `${file}: the reference ${quote(ref)} is given twice`);
		known.add(ref);
		refs.set(raw, ref);
	}
	const packages = all.filter(isPackage);
	const kept = new Set([ROOT, ...packages.map(({ raw }) => refs.get(raw) ?? '')]);
	const toOwn = (ref: string): string => {
		if (!known.has(ref))
			throw toSbomError(
				'SBOM_REFERENCE_DANGLING',
				`${file}: ${quote(ref)} is named in dependencies and is no component`,
			);
		return ref === rootRef ? ROOT : ref;
	};
	const edges = document.dependencies.flatMap(({ ref, dependsOn }) =>
		dependsOn.map((to): Dependency => ({ from: toOwn(ref), to: toOwn(to), kind: 'runtime' })),
	);
	const nested = packages.flatMap(({ raw, parent }): Dependency[] =>
		parent ? [{ from: refs.get(parent) ?? ROOT, to: refs.get(raw) ?? ROOT, kind: 'runtime' }] : [],
	);
	const components = packages.map(({ raw }) => toComponent(raw, refs.get(raw) ?? '', reading));
	const dependencies = [...edges, ...nested].filter(({ from, to }) => kept.has(from) && kept.has(to));
	return {
		file,
		root: root && toComponent(root, ROOT, reading),
		part: {
			components,
			dependencies: attachToRoot(components, dependencies),
			complete: !document.compositions.some(({ aggregate }) => aggregate?.startsWith('incomplete')),
			notes: [],
		},
		epoch: toForeignEpoch(document.metadata?.timestamp),
		author: toAuthor(document),
	};
};
