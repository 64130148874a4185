import { type Caller, toJobPlace, toShown } from '../caller.ts';
import type { WorkflowFinding } from '../finding.ts';

/** Events that run with this repository's rights although strangers cause them. */
const STRANGERS = ['pull_request_target', 'issue_comment', 'workflow_run'];

/** Events of which no release may come, though a read-only check may. */
const NO_RELEASE =
	/^(pull_request.*|issues|issue_.*|discussion.*|fork|watch|star|gollum|check_run|check_suite|status|workflow_run)$/;

const checkTriggers = ({ workflow, calls }: Caller): WorkflowFinding[] => {
	const releasing = calls.filter(({ contract }) => contract.waits);
	const isRefused = (trigger: string): boolean =>
		STRANGERS.includes(trigger) || (releasing.length > 0 && NO_RELEASE.test(trigger));
	return workflow.triggers.filter(isRefused).map((trigger) => {
		// A condition may keep the releasing jobs out of it; nothing keeps strangers out of their own events.
		const isGuarded =
			!STRANGERS.includes(trigger) && releasing.every(({ job }) => job.condition !== undefined);
		return {
			severity: isGuarded ? 'warning' : 'error',
			code: 'CALLER_TRIGGER',
			file: workflow.path,
			place: `on.${toShown(trigger)}`,
			message: `expected events of people who may release (push of a tag, workflow_dispatch), got ${toShown(trigger)}, which strangers cause`,
			hint: `Remove \`${toShown(trigger)}\` from \`on:\`; pull requests have a workflow of their own, on \`pull_request\`, that calls check.yml.`,
		};
	});
};

const checkEnvironments = ({ workflow, calls }: Caller): WorkflowFinding[] =>
	calls
		.filter(({ job, contract }) => contract.inputs['npm-environment'] && job.with['npm-environment'] === '')
		.map(({ job }) => ({
			severity: 'warning',
			code: 'CALLER_ENVIRONMENT_MISSING',
			file: workflow.path,
			place: toJobPlace(job, 'with.npm-environment'),
			message:
				'expected the environment that npm trusts, got none: every branch of the repository could ask npm for a token',
			hint: `Write \`npm-environment: npm\` in \`with:\` of job ${toShown(job.id)}, and limit that environment to protected tags.`,
		}));

/** A release is started by those who may, and writes to npm from one environment. */
export const checkStarts = (caller: Caller): WorkflowFinding[] => [
	...checkTriggers(caller),
	...checkEnvironments(caller),
];
