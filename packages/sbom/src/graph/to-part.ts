import { ROOT, type SbomPart } from '../model/part.ts';
import type { CarrierFile, Component, Dependency, Scope } from '../model/sbom.ts';
import { splitName, toNpmPurl } from '../npm/npm-purl.ts';
import type { PackageGraph, PackageNode } from './graph.ts';
import { walkGraph } from './walk.ts';

/** A registry's tarball: its name is that of the address, or npm's own (NAME-VERSION.tgz). */
const toFile = ({ name, version, origin, resolved }: PackageNode): CarrierFile | undefined => {
	if (version === undefined || (origin !== 'registry' && origin !== 'tarball')) return undefined;
	const last = resolved?.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
	const own = `${splitName(name).base}-${version}.tgz`;
	const fileName = /^[A-Za-z0-9@._~+-]{1,255}\.(tgz|tar\.gz)$/.test(last) ? last : own;
	return { name: fileName, executable: false, archive: true, structured: true };
};

/** A package as a component; its ref is its place until it is joined with others. */
export const toNodeComponent = (node: PackageNode, scope: Scope): Component => {
	const { group, base } = splitName(node.name);
	const purl = toNpmPurl(node);
	return {
		ref: node.id,
		type: 'library',
		group,
		name: base,
		version: node.version,
		purl,
		description: node.description,
		scope,
		hashes: node.hashes,
		licence: node.licence,
		supplier: node.supplier,
		links: node.links,
		file: node.bundled ? undefined : toFile(node),
		bundled: node.bundled,
	};
};

const UNRESOLVED = 'slipway:unresolved';

/** A dependency that the source names and does not place: listed without a version, so that nobody takes it for absent. */
const toPlaceholder = (name: string, range: string): Component => {
	const { group, base } = splitName(name);
	const purl = toNpmPurl({ name, origin: 'registry' });
	const properties = { [UNRESOLVED]: range.slice(0, 256) };
	return {
		ref: `unresolved:${name}`,
		type: 'library',
		group,
		name: base,
		purl,
		scope: 'required',
		hashes: [],
		links: [],
		properties,
	};
};

/**
 * The part of a graph that one of the project's packages needs, with that package as the root.
 * @param from id of the node whose dependencies are wanted
 */
export const toGraphPart = (
	graph: PackageGraph,
	from: string,
	{ development }: { readonly development: boolean },
): SbomPart => {
	const scopes = walkGraph(graph, [from], { development });
	const components: Component[] = [];
	const dependencies: Dependency[] = [];
	const isThere = (id: string): boolean => id === from || scopes.has(id);
	const toRef = (id: string): string => (id === from ? ROOT : id);
	for (const [id, node] of graph.nodes) {
		if (!isThere(id)) continue;
		const scope = scopes.get(id);
		if (scope) components.push(toNodeComponent(node, scope));
		for (const { to, kind } of node.edges)
			if (isThere(to)) dependencies.push({ from: toRef(id), to: toRef(to), kind });
	}
	const unresolved = graph.unresolved.filter((missing) => isThere(missing.from));
	for (const { from: source, name, range } of unresolved) {
		components.push(toPlaceholder(name, range));
		dependencies.push({ from: toRef(source), to: `unresolved:${name}`, kind: 'runtime' });
	}
	return { components, dependencies, complete: unresolved.length === 0, notes: graph.notes };
};
