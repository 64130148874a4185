import { checkCount, LIMITS } from '../graph/limits.ts';
import { ROOT } from '../model/part.ts';
import type { Component, Dependency } from '../model/sbom.ts';

/**
 * What nothing leads to hangs from the root, so that no component of a merged SBOM gets lost: first whatever no other
 * component needs, then one of each circle.
 */
export const attachToRoot = (
	components: readonly Component[],
	dependencies: readonly Dependency[],
): readonly Dependency[] => {
	checkCount(components.length, LIMITS.packages, 'components');
	checkCount(dependencies.length, LIMITS.edges, 'dependencies');
	const targets = new Map<string, string[]>();
	for (const { from, to } of dependencies) targets.set(from, [...(targets.get(from) ?? []), to]);
	const wanted = new Set(dependencies.map(({ to }) => to));
	const reached = new Set<string>();
	const visit = (start: string): void => {
		const waiting = [start];
		for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
			if (reached.has(ref)) continue;
			reached.add(ref);
			waiting.push(...(targets.get(ref) ?? []));
		}
	};
	visit(ROOT);
	const added: Dependency[] = [];
	const attach = (ref: string): void => {
		if (reached.has(ref)) return;
		added.push({ from: ROOT, to: ref, kind: 'runtime' });
		visit(ref);
	};
	for (const { ref } of components) if (!wanted.has(ref)) attach(ref);
	for (const { ref } of components) attach(ref);
	return [...dependencies, ...added];
};
