import { toNextSteps, toRemarks } from './advice.ts';
import type { InitResult } from './init.ts';
import { isPlaceholder } from './library.ts';

/** The result for machines. */
export const toInitJson = ({ plan, outcome }: InitResult): object => {
	const { facts, options, files } = plan;
	return {
		outcome,
		project: { name: facts.metadata.name, kinds: facts.kinds, npm: facts.npmNames },
		targets: options.targets,
		library: { ...options.library, known: !isPlaceholder(options.library) },
		repository: options.repository ?? null,
		files: files.map(({ path, state, about, diff }) => ({ path, state, about, diff })),
		remarks: toRemarks(plan),
		next: toNextSteps(plan),
	};
};
