// What a workflow names has to be there.
import type { Job, Step, Workflow } from '@slipway/workflow';
import { type Action, type File, forCalled, type Repository, type Rule, toJobName } from './repository.ts';
import { listExpressions } from './shape.ts';

const listStepProblems = (step: Step, actions: Repository['actions']): string[] => {
	if (!step.uses?.startsWith('$/')) return [];
	const action = actions.get(step.uses);
	if (!action) return [`${step.uses} is no action`];
	const unknown = Object.keys(step.with).filter((name) => !Object.hasOwn(action.inputs, name));
	const missing = Object.entries(action.inputs).filter(
		([name, { required }]) => required && !Object.hasOwn(step.with, name),
	);
	return [
		...unknown.map((name) => `${step.uses} has no input ${name}`),
		...missing.map(([name]) => `${step.uses} needs ${name}`),
	];
};

const listCallProblems = (job: Job, resolve: Repository['resolve']): string[] => {
	if (job.uses === undefined) return [];
	const contract = resolve(job.uses);
	if (!contract) return [`${job.uses} is no workflow that can be called`];
	const unknown = Object.keys(job.with).filter((name) => !Object.hasOwn(contract.inputs, name));
	const handed = job.secrets === 'inherit' ? ['inherit'] : Object.keys(job.secrets);
	const strange = handed.filter((name) => !Object.hasOwn(contract.secrets, name));
	return [...unknown, ...strange].map((name) => `${job.uses} declares no ${name}`);
};

/** `needs.a.outputs.b` as its parts, wherever a text mentions it. */
const listMentions = (text: string, pattern: RegExp): RegExpExecArray[] =>
	listExpressions(text).flatMap((expression) => [...expression.matchAll(pattern)]);

const toOutputs = (job: Job | undefined, resolve: Repository['resolve']): readonly string[] =>
	job?.uses === undefined ? Object.keys(job?.outputs ?? {}) : (resolve(job.uses)?.outputs ?? []);

/** Everything in a job that can hold an expression. */
const toJobText = (job: Job): string =>
	`\${{ ${job.condition ?? ''} }}\n${JSON.stringify({ ...job, id: '' })}`;

const listNeedProblems = (workflow: Workflow, job: Job, resolve: Repository['resolve']): string[] =>
	listMentions(toJobText(job), /\bneeds\.([\w-]+)(?:\.outputs\.([\w-]+))?/g).flatMap(
		([, id = '', output]) => {
			if (!job.needs.includes(id)) return [`does not need ${id}`];
			const declared = toOutputs(
				workflow.jobs.find((other) => other.id === id),
				resolve,
			);
			return output === undefined || declared.includes(output) ? [] : [`${id} has no output ${output}`];
		},
	);

const listStepOutputProblems = (job: Job, actions: ReadonlyMap<string, Action>): string[] =>
	listMentions(toJobText(job), /\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g).flatMap(([, id, output = '']) => {
		const step = job.steps.find((candidate) => candidate.id === id);
		const declared = actions.get(step?.uses ?? '')?.outputs ?? [];
		return declared.includes(output) ? [] : [`step ${id} sets no ${output}`];
	});

const inJobs =
	(check: (job: Job, file: File, repository: Repository) => readonly string[]): Rule =>
	(file, repository) =>
		file.workflow.jobs.flatMap((job) =>
			check(job, file, repository).map((problem) => `${toJobName(file, job)} ${problem}`),
		);

const listUsedOutputs = (text: string, id: string): Set<string> => {
	const mentions = listMentions(text, new RegExp(`\\b(?:needs|jobs)\\.${id}\\.outputs\\.([\\w-]+)`, 'g'));
	return new Set(mentions.map(([, output = '']) => output));
};

/** True for jobs that may be skipped while the run goes on well. */
const maySkip = (workflow: Workflow, id: string): boolean => {
	const job = workflow.jobs.find((candidate) => candidate.id === id);
	return job?.condition !== undefined || (job?.needs ?? []).some((need) => maySkip(workflow, need));
};

/** A job that ran out of time is `cancelled`, which neither `failure()` nor `cancelled()` sees; an approval has to be given. */
const isKnownGood = (need: string, condition: string): boolean =>
	condition.includes(`needs.${need}.result == 'success'`) ||
	(need !== 'approve' &&
		['failure', 'cancelled'].every((bad) => condition.includes(`!contains(needs.*.result, '${bad}')`)));

export const REFERENCES: Readonly<Record<string, Rule>> = {
	'uses actions that are there, with inputs that they declare': inJobs(({ steps }, _, { actions }) =>
		steps.flatMap((step) => listStepProblems(step, actions)),
	),

	'calls workflows that are there, with what they declare': inJobs((job, _, { resolve }) =>
		listCallProblems(job, resolve),
	),

	'reads only outputs of jobs that it needs and that have them': inJobs((job, { workflow }, { resolve }) =>
		listNeedProblems(workflow, job, resolve),
	),

	'reads only outputs that the action of a step declares': inJobs((job, _, { actions }) =>
		listStepOutputProblems(job, actions),
	),

	'sets no output that nobody reads': ({ text, workflow }) =>
		workflow.jobs.flatMap(({ id, outputs }) =>
			Object.keys(outputs)
				.filter((output) => !listUsedOutputs(text, id).has(output))
				.map((output) => `${id}.${output}`),
		),

	'returns outputs that its jobs have': ({ workflow }, { resolve }) =>
		Object.entries(workflow.call?.outputs ?? {}).flatMap(([name, { value }]) => {
			const [, id, output = ''] = /^\$\{\{ jobs\.([\w-]+)\.outputs\.([\w-]+) \}\}$/.exec(value) ?? [];
			const job = workflow.jobs.find((candidate) => candidate.id === id);
			return toOutputs(job, resolve).includes(output) ? [] : [name];
		}),

	'reads inputs that it declares, and all of them': ({ text, workflow }) => {
		const used = new Set(listMentions(text, /\binputs\.([\w-]+)/g).map(([, name = '']) => name));
		const declared = Object.keys({ ...workflow.call?.inputs, ...workflow.dispatchInputs });
		return [
			...[...used].filter((name) => !declared.includes(name)),
			...declared.filter((name) => !used.has(name)),
		];
	},

	'declares the secrets that it reads, and reads those that it declares': forCalled(({ text, workflow }) => {
		const used = new Set(listMentions(text, /\bsecrets\.([\w-]+)/g).map(([, name = '']) => name));
		const declared = Object.keys(workflow.call?.secrets ?? {});
		return [
			...[...used].filter((name) => !declared.includes(name)),
			...declared.filter((name) => !used.has(name)),
		];
	}),

	'takes bytes of another job only by their digest': inJobs(({ steps }) =>
		steps
			.filter(({ with: { artifact } }) => String(artifact).startsWith('${' + '{ needs.'))
			.filter(({ with: inputs }) => {
				const name = String(inputs.artifact).replace(/artifact \}\}$/, '');
				return inputs['artifact-digest'] !== `${name}digest }}`;
			})
			.map(({ uses }) => `${uses}`),
	),

	'decides itself whether it runs after a job that may be skipped': inJobs((job, { workflow }) =>
		job.needs
			.filter((need) => maySkip(workflow, need))
			.filter(() => !/(always|cancelled|failure|success)\(\)/.test(job.condition ?? ''))
			.map((need) => `after ${need}`),
	),

	'goes on after nothing but success': forCalled(
		inJobs(({ needs, condition = '' }) =>
			/cancelled\(\)|failure\(\)/.test(condition)
				? needs.filter((need) => !isKnownGood(need, condition)).map((need) => `after ${need}`)
				: [],
		),
	),
};
