// How a workflow file is written.
import { forCalled, jobsWhere, type Rule } from './repository.ts';

const PIN = /^(\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\$\/(actions|\.github\/workflows)\/\S+)$/;

/** Those that change registries. */
const WAITING = ['release.yml', 'publish.yml', 'continue.yml', 'rollback.yml', 'own-release.yml'];

const listRuns = (text: readonly { readonly run?: string }[]): string[] =>
	text.flatMap(({ run }) => run ?? []);

/** Expressions with this name in front: `secrets.x`, `needs.a.outputs.b`. */
export const listExpressions = (text: string): string[] =>
	[...text.matchAll(/\$\{\{(.*?)\}\}/g)].map(([, expression = '']) => expression);

export const SHAPE: Readonly<Record<string, Rule>> = {
	'is at most 150 lines': ({ name, text }) =>
		text.split('\n').length - 1 > 150 ? [`${name} has ${text.split('\n').length - 1} lines`] : [],

	'pins what it uses to a commit with its version, and itself by $/': ({ text }) =>
		[...text.matchAll(/uses: (.*)$/gm)].map(([, uses = '']) => uses).filter((uses) => !PIN.test(uses)),

	'grants nothing at the top': ({ name, workflow }) =>
		JSON.stringify(workflow.permissions) === '{}' ? [] : [name],

	'says for each job what it may do': jobsWhere(
		'does not say',
		({ permissions }) => typeof permissions !== 'object',
	),

	'says what each right is for': ({ text }) => text.match(/^\s+[a-z-]+: (read|write)(?! # \w)$/gm) ?? [],

	'ends each job after a time': jobsWhere(
		'has no timeout-minutes',
		({ uses, timeoutMinutes }) => uses === undefined && typeof timeoutMinutes !== 'number',
	),

	'leaves no credentials in the folder': jobsWhere('leaves them', ({ steps }) =>
		steps.some(
			(step) => step.uses?.startsWith('actions/checkout@') && step.with['persist-credentials'] !== false,
		),
	),

	'puts no expression into a script': ({ workflow }) =>
		workflow.jobs.flatMap(({ steps }) => listRuns(steps)).filter((run) => run.includes('${' + '{')),

	'has no scripts': forCalled(({ workflow }) =>
		workflow.jobs
			.flatMap(({ steps }) => steps)
			.flatMap(({ run, uses }) => run ?? (uses?.includes('github-script') ? uses : []))
			.map(String),
	),

	'is not started by strangers': ({ workflow }) =>
		workflow.triggers.filter((trigger) => /_target$|comment|^workflow_run$|^issues$/.test(trigger)),

	'waits for its turn and is never cancelled': ({ name, workflow: { concurrency } }) =>
		WAITING.includes(name) && (concurrency?.queue !== 'max' || concurrency.cancels !== false)
			? [`${name} ${JSON.stringify(concurrency)}`]
			: [],

	'shares its queue with no other workflow': ({ name, workflow }, { files }) =>
		files
			.filter((other) => other.name !== name && workflow.concurrency !== undefined)
			.filter((other) => other.workflow.concurrency?.group === workflow.concurrency?.group)
			.map((other) => other.name),

	'uses no cache where it releases': ({ name, workflow }) =>
		workflow.jobs
			.flatMap(({ steps }) => steps)
			.filter(({ uses = '', with: inputs }) => {
				const isOff = inputs['package-manager-cache'] === false || inputs.cache === false;
				const caches =
					/actions\/cache/.test(uses) || (/setup-/.test(uses) && !isOff) || inputs.cache === true;
				return WAITING.includes(name) && caches;
			})
			.map(({ uses = '' }) => uses),

	'gives no outputs from a matrix': (file) =>
		file.workflow.jobs
			.filter(({ id, outputs }) => file.jobKeys[id]?.strategy && Object.keys(outputs).length > 0)
			.map(({ id }) => id),

	'names what it uploads after the attempt': forCalled(({ workflow }) =>
		workflow.jobs
			.flatMap(({ steps }) => steps)
			.flatMap(({ with: inputs }) => Object.values(inputs).map(String))
			.filter((value) => /(\.tar|\.md)$/.test(value) && !value.includes('${' + '{ github.run_attempt }}')),
	),
};
