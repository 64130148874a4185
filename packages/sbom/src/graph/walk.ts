import type { DependencyKind, Scope } from '../model/sbom.ts';
import type { PackageGraph } from './graph.ts';

/** Follows edges of these kinds from `start` to every node that is not in `seen` yet. */
const reach = (
	{ nodes }: PackageGraph,
	{
		start,
		kinds,
		seen,
	}: { start: readonly string[]; kinds: ReadonlySet<DependencyKind>; seen: Map<string, Scope> },
	scope: Scope,
): void => {
	const waiting = [...start];
	for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
		for (const { to, kind } of nodes.get(id)?.edges ?? []) {
			if (!kinds.has(kind) || seen.has(to)) continue;
			seen.set(to, scope);
			waiting.push(to);
		}
	}
};

const RUNTIME: ReadonlySet<DependencyKind> = new Set(['runtime']);
const SHIPPED: ReadonlySet<DependencyKind> = new Set(['runtime', 'optional']);
const ALL: ReadonlySet<DependencyKind> = new Set(['runtime', 'optional', 'development']);

/**
 * Everything that the roots need, and how much: required where a path of run-time edges leads to it, optional where
 * every path has an optional edge, excluded where only development needs it. Flags of lockfiles are not asked: they
 * speak of the whole project, not of one of its packages. Linear in nodes and edges; cycles are walked once.
 */
export const walkGraph = (
	graph: PackageGraph,
	roots: readonly string[],
	{ development }: { readonly development: boolean },
): ReadonlyMap<string, Scope> => {
	const seen = new Map<string, Scope>(roots.map((id) => [id, 'required']));
	reach(graph, { start: roots, kinds: RUNTIME, seen }, 'required');
	reach(graph, { start: [...seen.keys()], kinds: SHIPPED, seen }, 'optional');
	if (development) reach(graph, { start: [...seen.keys()], kinds: ALL, seen }, 'excluded');
	for (const root of roots) seen.delete(root);
	return seen;
};
