import { readWorkflows } from '../join/preview-permissions.ts';
import type { OpenProject } from '../join/project.ts';

/** How the project's workflow files call the library, as far as registries and settings have to know. */
export interface Callers {
	/** File name that npm has to trust, for example `release.yml`; undefined: none releases. */
	readonly file: string | undefined;
	/** Environment of the jobs that write to npm. */
	readonly npmEnvironment: string;
	/** Environments whose reviewers approve. */
	readonly approvals: readonly string[];
}

const RELEASING = /\/\.github\/workflows\/(?:release|continue|rollback|publish)\.yml@/;

const toText = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' && !value.includes('${{') ? value : undefined;

/** Reads the workflow files of the tree; those that cannot be read are told of by another check. */
export const readCallers = async (project: OpenProject): Promise<Callers> => {
	const { parseWorkflow } = await import('@slipway/workflow');
	const parsed = (await readWorkflows(project)).flatMap(({ path, text }) => {
		try {
			return [parseWorkflow(text, path)];
		} catch {
			return [];
		}
	});
	const calls = parsed.flatMap((workflow) =>
		workflow.jobs
			.filter(({ uses }) => uses !== undefined && RELEASING.test(uses))
			.map((job) => ({ path: workflow.path, with: job.with })),
	);
	const inputs = (name: string) => calls.flatMap((call) => toText(call.with[name]) ?? []);
	return {
		file: calls[0]?.path.split('/').at(-1),
		npmEnvironment: inputs('npm-environment')[0] ?? 'npm',
		approvals: [...new Set(inputs('approval'))],
	};
};
