import * as v from 'valibot';
import { Artifact } from './artifact.ts';

/**
 * What one pointer belongs to at one target: an npm package (pointer: a dist-tag), a Debian package
 * (pointer: its versions in a suite), a repository's GitHub releases (pointer: latest). Part of the Plan.
 */
export const Subject = v.strictObject({
	/** The target's id in slipway.yml, for example "npm" or "apt". */
	target: v.string(),
	/** Package URL without version, for example `pkg:npm/greet`. */
	id: v.string(),
	/** In the target's own notation, for example `1.2.0` or `1.2.0-1`. */
	version: v.string(),
	artifacts: v.array(Artifact),
	/** How it is published, named by the adapter; `hides`: bytes can lie there before anybody resolves them by default. */
	mode: v.strictObject({ name: v.string(), hides: v.boolean() }),
	/**
	 * The pointer that expose moves from `previous` to `next` and withdraw moves back. Values are the adapter's own
	 * canonical text, compared for equality only; null: the pointer does not exist.
	 */
	pointer: v.strictObject({ name: v.string(), previous: v.nullable(v.string()), next: v.string() }),
	/** Ids of subjects of the same target that are exposed before this one and withdrawn after it. */
	dependsOn: v.array(v.string()),
});
export type Subject = v.InferOutput<typeof Subject>;

/** Dependencies (of the same target) before what depends on them; otherwise the order given; a circle is entered at its first one. */
export const toDependencyOrder = <S extends Pick<Subject, 'target' | 'id' | 'dependsOn'>>(
	subjects: readonly S[],
): readonly S[] => {
	const toKey = (target: string, id: string) => JSON.stringify([target, id]);
	const byKey = new Map(subjects.map((subject) => [toKey(subject.target, subject.id), subject]));
	const ordered = new Set<S>();
	const entered = new Set<S>();
	const visit = (subject: S): void => {
		if (entered.has(subject)) return;
		entered.add(subject);
		for (const id of subject.dependsOn) {
			const dependency = byKey.get(toKey(subject.target, id));
			if (dependency) visit(dependency);
		}
		ordered.add(subject);
	};
	for (const subject of subjects) visit(subject);
	return [...ordered];
};
