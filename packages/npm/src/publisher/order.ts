import type { Subject } from '@slipway/core';

/** Dependencies before what depends on them; otherwise, and in a circle, the order given. */
export const toDependencyOrder = <S extends Pick<Subject, 'id' | 'dependsOn'>>(
	subjects: readonly S[],
): readonly S[] => {
	const byId = new Map(subjects.map((subject) => [subject.id, subject]));
	const ordered = new Set<S>();
	const entered = new Set<S>();
	const visit = (subject: S): void => {
		if (entered.has(subject)) return;
		entered.add(subject);
		for (const id of subject.dependsOn) {
			const dependency = byId.get(id);
			if (dependency) visit(dependency);
		}
		ordered.add(subject);
	};
	for (const subject of subjects) visit(subject);
	return [...ordered];
};
