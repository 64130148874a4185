// Who may do what: design of the jobs, one by one. A job that is not listed here holds nothing but `contents: read`.
import { type Job, toExcess, toLacking } from '@slipway/workflow';
import { type File, forCalled, jobsWhere, type Rule, toJobName } from './repository.ts';

/** Each right beyond reading the source, and every job that may hold it. */
const HOLDERS: Readonly<Record<string, readonly string[]>> = {
	'id-token: write': [
		'release.yml/sign',
		'release.yml/publish',
		'continue.yml/publish',
		'publish.yml/claim',
		'publish.yml/npm',
		'publish.yml/expose',
		'rollback.yml/act',
	],
	'attestations: write': ['release.yml/sign'],
	'contents: write': [
		'release.yml/publish',
		'continue.yml/publish',
		'publish.yml/claim',
		'publish.yml/apt',
		'publish.yml/github',
		'publish.yml/expose',
		'publish.yml/record',
		'rollback.yml/act',
	],
	'actions: read': ['release.yml/publish', 'continue.yml/publish', 'publish.yml/claim', 'rollback.yml/act'],
	'issues: write': [
		'release.yml/publish',
		'release.yml/notice',
		'continue.yml/publish',
		'publish.yml/record',
		'rollback.yml/notice',
		'watch.yml/watch',
	],
	'apt-signing-key': [
		'release.yml/publish',
		'continue.yml/publish',
		'publish.yml/expose',
		'rollback.yml/act',
	],
	'npm-rollback-token': ['rollback.yml/act'],
};

/** What runs code of the project that is released. */
const PROJECT_CODE = /^\$\/actions\/(build-once|reproduce)$/;

/** Beside our own actions, what a job with rights may run. */
const TRUSTED = /^(\$\/actions\/[a-z-]+|actions\/checkout@[0-9a-f]{40})$/;

const listSecrets = (job: Job): string[] => [
	...new Set([...JSON.stringify(job).matchAll(/secrets\.([\w-]+)/g)].map(([, name = '']) => name)),
];

const listRights = (job: Job): string[] => [
	...Object.entries(typeof job.permissions === 'object' ? job.permissions : { everything: 'write' }).map(
		([scope, level]) => `${scope}: ${level}`,
	),
	...listSecrets(job),
];

const isPrivileged = (job: Job): boolean => listRights(job).some((right) => !right.endsWith(': read'));

const listRefused = (file: File): string[] =>
	file.workflow.jobs.flatMap((job) =>
		listRights(job)
			.filter((right) => right !== 'contents: read')
			.filter((right) => !HOLDERS[right]?.includes(toJobName(file, job)))
			.map((right) => `${toJobName(file, job)}: ${right}`),
	);

const writesToNpm = ({ steps, permissions }: Job): boolean =>
	typeof permissions === 'object' &&
	permissions['id-token'] === 'write' &&
	steps.some(({ uses = '' }) => /\/(publish-npm|expose|rollback)$/.test(uses));

export const RIGHTS: Readonly<Record<string, Rule>> = {
	'gives rights and secrets to no job that is not meant to have them': forCalled(listRefused),

	'gives every job that is meant to have a right that right': forCalled((file) =>
		Object.entries(HOLDERS).flatMap(([right, holders]) =>
			file.workflow.jobs
				.filter((job) => holders.includes(toJobName(file, job)) && !listRights(job).includes(right))
				.map(({ id }) => `${id}: ${right}`),
		),
	),

	'runs no code of the project, and of nobody else, where there are rights': forCalled(
		jobsWhere(
			'runs it',
			(job) =>
				isPrivileged(job) &&
				job.steps.some(
					({ run, uses = '' }) => run !== undefined || PROJECT_CODE.test(uses) || !TRUSTED.test(uses),
				),
		),
	),

	'asks for approval in a job that can do nothing': jobsWhere(
		'can do more than ask',
		({ id, permissions, environment, steps }) =>
			id === 'approve' &&
			(JSON.stringify(permissions) !== '{}' ||
				environment !== '${' + '{ inputs.approval }}' ||
				steps.some(({ uses, env }) => uses !== '$/actions/notice' || Object.keys(env).length > 0)),
	),

	'writes to npm from the environment that npm trusts': forCalled(
		jobsWhere(
			'writes from elsewhere',
			(job) => writesToNpm(job) && job.environment !== '${' + '{ inputs.npm-environment }}',
		),
	),

	'grants exactly what the called workflow needs': (file, { resolve }) =>
		file.workflow.jobs.flatMap((job) => {
			const required = job.uses === undefined ? undefined : resolve(job.uses)?.permissions;
			if (required === undefined || job.permissions === undefined) return [];
			const lacking = Object.keys(toLacking(job.permissions, required));
			const excess = Object.keys(toExcess(job.permissions, required));
			return [...lacking, ...excess].map((scope) => `${toJobName(file, job)} ${scope}`);
		}),

	'tells in its second line what a caller grants': forCalled(({ name, text, workflow }, { resolve }) => {
		const required = resolve(`$/${workflow.path}`)?.permissions ?? {};
		const scopes = Object.entries(required).map(([scope, level]) => `${scope}: ${level}`);
		return text.split('\n')[1] === `# The caller grants: ${scopes.join(', ')}` ? [] : [name];
	}),
};
