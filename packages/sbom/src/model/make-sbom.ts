import { toSbomError } from '../code.ts';
import { checkCount, LIMITS } from '../graph/limits.ts';
import { ComponentSet } from './merge-components.ts';
import { ROOT, type SbomPart } from './part.ts';
import type { Component, ContainedFile, Dependency, DependencyKind, Sbom } from './sbom.ts';

/** What an SBOM is made of. */
export interface SbomRequest {
	/** Its ref is its purl, else its name and version. */
	readonly root: Omit<Component, 'ref' | 'scope'>;
	readonly parts: readonly SbomPart[];
	readonly files?: readonly ContainedFile[];
	/** sha256 that the SBOM is bound to, lower-case hexadecimal. */
	readonly digest: string;
	/** Seconds since 1970. */
	readonly epoch: number;
	readonly tool: Sbom['tool'];
}

const KINDS: readonly DependencyKind[] = ['development', 'optional', 'runtime'];

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every edge once, under its strongest kind. */
class EdgeSet {
	readonly #byFrom = new Map<string, Map<string, DependencyKind>>();

	add({ from, to, kind }: Dependency): void {
		if (from === to) return;
		const edges = this.#byFrom.get(from) ?? new Map<string, DependencyKind>();
		const known = edges.get(to);
		if (known === undefined || KINDS.indexOf(kind) > KINDS.indexOf(known)) edges.set(to, kind);
		this.#byFrom.set(from, edges);
	}

	toSorted(): readonly Dependency[] {
		return [...this.#byFrom]
			.sort(([a], [b]) => compare(a, b))
			.flatMap(([from, edges]) =>
				[...edges].sort(([a], [b]) => compare(a, b)).map(([to, kind]) => ({ from, to, kind })),
			);
	}
}

const toRootRef = ({ purl, name, version }: SbomRequest['root']): string =>
	purl ?? (version === undefined ? name : `${name}@${version}`);

const dangling = (ref: string) =>
	toSbomError(
		'SBOM_REFERENCE_DANGLING',
		`a dependency names ${JSON.stringify(ref.slice(0, 200))}, which is no component`,
	);

/** @throws SlipwayError SBOM_REFERENCE_DANGLING */
const addPart = (
	part: SbomPart,
	root: Component,
	sets: { components: ComponentSet; edges: EdgeSet },
): void => {
	const refs = new Map<string, string>([[ROOT, root.ref]]);
	for (const component of part.components) {
		const isRoot = component.purl !== undefined && component.purl === root.purl;
		refs.set(component.ref, isRoot ? root.ref : sets.components.add(component));
	}
	for (const { from, to, kind } of part.dependencies) {
		const [source, target] = [refs.get(from), refs.get(to)];
		if (source === undefined || target === undefined) throw dangling(source === undefined ? from : to);
		sets.edges.add({ from: source, to: target, kind });
	}
};

/**
 * Joins what the sources say below one root: each component once, each edge once, everything sorted, so that equal
 * inputs give equal bytes.
 * @throws SlipwayError SBOM_REFERENCE_DANGLING, SBOM_TOO_LARGE
 */
export const makeSbom = ({ root, parts, files = [], digest, epoch, tool }: SbomRequest): Sbom => {
	const rootComponent: Component = { ...root, ref: toRootRef(root), scope: 'required' };
	const sets = { components: new ComponentSet(), edges: new EdgeSet() };
	for (const part of parts) addPart(part, rootComponent, sets);
	const components = sets.components.toSorted();
	checkCount(components.length, LIMITS.packages, 'components');
	checkCount(files.length, LIMITS.files, 'files');
	return {
		root: rootComponent,
		components,
		dependencies: sets.edges.toSorted(),
		files: files.toSorted((a, b) => compare(a.path, b.path)),
		digest,
		epoch,
		tool,
		complete: parts.every(({ complete }) => complete),
		notes: [...new Set(parts.flatMap(({ notes }) => notes))].sort(compare),
	};
};
