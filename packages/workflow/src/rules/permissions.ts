import { type Call, type Caller, toJobPlace, toShown } from '../caller.ts';
import type { WorkflowFinding } from '../finding.ts';
import { type Grant, type Permissions, toExcess, toLacking } from '../permissions.ts';
import { toGrant, type Workflow } from '../workflow.ts';

const toLines = (permissions: Permissions): string =>
	Object.entries(permissions)
		.map(([scope, level]) => `\`${toShown(scope)}: ${level}\``)
		.join(', ');

const toFlow = (permissions: Permissions): string => {
	const scopes = Object.entries(permissions).map(([scope, level]) => `${scope}: ${level}`);
	return scopes.length === 0 ? '`permissions: {}`' : `\`permissions: { ${scopes.join(', ')} }\``;
};

const checkMissing = (file: string, { job, contract, uses }: Call): WorkflowFinding => ({
	severity: Object.values(contract.permissions).includes('write') ? 'error' : 'warning',
	code: 'CALLER_PERMISSIONS_MISSING',
	file,
	place: toJobPlace(job, 'permissions'),
	message: `expected job ${toShown(job.id)} to say what ${toShown(uses)} may do, got nothing: it gets the default token of the repository, and where that is too little GitHub starts no job`,
	hint: `Add to job ${toShown(job.id)}: ${toFlow(contract.permissions)}`,
});

const checkTooFew = (file: string, call: Call, grant: Grant): WorkflowFinding[] => {
	const { job, contract, uses } = call;
	const lacking = toLacking(grant, contract.permissions);
	if (Object.keys(lacking).length === 0) return [];
	const atTop = job.permissions === undefined;
	return [
		{
			severity: 'error',
			code: 'CALLER_PERMISSIONS_TOO_FEW',
			file,
			place: toJobPlace(job, 'permissions'),
			message: `expected job ${toShown(job.id)} to grant all that ${toShown(uses)} needs, ${toLines(lacking)} missing: GitHub starts no job of it`,
			hint: atTop
				? `Add to job ${toShown(job.id)}: ${toFlow(contract.permissions)}`
				: `Add ${toLines(lacking)} to the permissions of job ${toShown(job.id)}.`,
		},
	];
};

const toTooManyHint = ({ job, contract }: Call, grant: Grant, excess: Permissions): string => {
	const lowered = Object.keys(excess).filter((scope) => Object.hasOwn(contract.permissions, scope));
	if (typeof grant === 'string' || lowered.length > 0)
		return `Replace the permissions of job ${toShown(job.id)} by ${toFlow(contract.permissions)}`;
	return `Remove ${toLines(excess)} from the permissions of job ${toShown(job.id)}.`;
};

const checkTooMany = (file: string, call: Call, grant: Grant): WorkflowFinding[] => {
	const excess = toExcess(grant, call.contract.permissions);
	if (typeof grant !== 'string' && Object.keys(excess).length === 0) return [];
	return [
		{
			severity: 'warning',
			code: 'CALLER_PERMISSIONS_TOO_MANY',
			file,
			place: toJobPlace(call.job, 'permissions'),
			message: `expected job ${toShown(call.job.id)} to grant what ${toShown(call.uses)} needs and no more, got ${typeof grant === 'string' ? `\`${grant}\`` : `${toLines(excess)} besides`}`,
			hint: toTooManyHint(call, grant, excess),
		},
	];
};

const checkCall = (workflow: Workflow, call: Call): WorkflowFinding[] => {
	const grant = toGrant(workflow, call.job);
	if (grant === undefined) return [checkMissing(workflow.path, call)];
	// What the workflow grants to all its jobs is told once, about the workflow.
	const tooMany = call.job.permissions === undefined ? [] : checkTooMany(workflow.path, call, grant);
	return [...checkTooFew(workflow.path, call, grant), ...tooMany];
};

const checkTop = ({ path, permissions }: Workflow): WorkflowFinding[] =>
	permissions !== undefined && Object.keys(permissions).length === 0
		? []
		: [
				{
					severity: 'warning',
					code: 'CALLER_PERMISSIONS_AT_TOP',
					file: path,
					place: 'permissions',
					message: `expected nothing granted to every job, got ${permissions === undefined ? 'no permissions at the top, which means the default token of the repository' : typeof permissions === 'string' ? `\`${permissions}\`` : toLines(permissions)}`,
					hint: 'Write `permissions: {}` at the top, and what it needs into each job.',
				},
			];

/** Each calling job grants what the called workflow needs: less and GitHub starts nothing, more is never right. */
export const checkPermissions = ({ workflow, calls }: Caller): WorkflowFinding[] => [
	...checkTop(workflow),
	...calls.flatMap((call) => checkCall(workflow, call)),
];
