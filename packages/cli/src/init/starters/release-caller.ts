import { noted, type Tree, type TreeMap, toYamlText } from '../yaml.ts';
import {
	type CallerOptions,
	NPM_ENVIRONMENT,
	toBuildInputs,
	toExpression,
	toPermissions,
	toPlaceInputs,
	toWith,
	toWorkflowUses,
} from './callers.ts';
import { type CalledWorkflow, toCallPermissions } from './permissions.ts';

const HEAD = `Releases this project, goes on with a release that broke off, and hauls a bad one back.
npm trusts one workflow file of a package: this one, under this name, is what its trusted publisher names.`;

const toDispatchInputs = (): TreeMap => ({
	operation: {
		description: 'What to do. For release, choose the tag under "Use workflow from"',
		type: 'choice',
		options: ['release', 'continue', 'abort', 'rollback', 'restore'],
		default: 'continue',
		required: true,
	},
	tag: { description: 'Tag of the release, for example v1.2.0', type: 'string', required: true },
	reason: {
		description: 'Why; abort, rollback and restore record it',
		type: 'string',
		default: '',
		required: false,
	},
	'dry-run': {
		description: 'abort, rollback, restore: only show what would be done',
		type: 'boolean',
		default: false,
		required: false,
	},
	repoint: {
		description: 'continue: plan the pointers afresh, because somebody else moved them',
		type: 'boolean',
		default: false,
		required: false,
	},
	'take-over': {
		description: 'Reason to overrule the unfinished operation of another release',
		type: 'string',
		default: '',
		required: false,
	},
});

interface Call {
	readonly name: string;
	readonly workflow: CalledWorkflow;
	readonly condition: string;
	readonly inputs: TreeMap;
	readonly secrets: TreeMap;
	readonly above: string;
}

const toCall = (options: CallerOptions, { name, workflow, condition, inputs, secrets, above }: Call): Tree =>
	noted(
		{
			name,
			if: toExpression(condition),
			permissions: toPermissions(toCallPermissions(workflow)),
			uses: toWorkflowUses(options.library, workflow),
			with: toWith(inputs),
			secrets: toWith(secrets),
		},
		{ above, apart: true },
	);

/** Each is handed over by its name, to the workflows that need it and to no other. */
const toSecrets = ({ targets }: CallerOptions) => {
	const apt = targets.includes('apt') ? { 'apt-signing-key': toExpression('secrets.APT_SIGNING_KEY') } : {};
	const npm = targets.includes('npm')
		? { 'npm-rollback-token': toExpression('secrets.NPM_ROLLBACK_TOKEN') }
		: {};
	return { release: apt, rollback: { ...apt, ...npm } };
};

const toJobs = (options: CallerOptions): TreeMap => {
	const secrets = toSecrets(options);
	const place = toPlaceInputs(options);
	const shared: TreeMap = {
		approval: options.approval,
		'npm-environment': options.targets.includes('npm') ? NPM_ENVIRONMENT : undefined,
		'take-over': toExpression('inputs.take-over'),
	};
	return {
		release: toCall(options, {
			name: 'Release',
			workflow: 'release',
			condition: "github.event_name == 'push' || inputs.operation == 'release'",
			inputs: { ...place, ...toBuildInputs(options), ...shared },
			secrets: secrets.release,
			above:
				'Build once, prove it, sign it, upload it everywhere unseen, then make everything visible together.',
		}),
		continue: toCall(options, {
			name: 'Continue',
			workflow: 'continue',
			condition: "inputs.operation == 'continue'",
			inputs: {
				...place,
				version: toExpression('inputs.tag'),
				repoint: toExpression('inputs.repoint'),
				...shared,
			},
			secrets: secrets.release,
			above: 'The same bytes and the same plan; only what is missing is done.',
		}),
		rollback: toCall(options, {
			name: 'Haul back or restore',
			workflow: 'rollback',
			condition: `contains(fromJSON('["abort", "rollback", "restore"]'), inputs.operation)`,
			inputs: {
				operation: toExpression('inputs.operation'),
				...place,
				version: toExpression('inputs.tag'),
				reason: toExpression('inputs.reason'),
				'dry-run': toExpression('inputs.dry-run'),
				...shared,
			},
			secrets: secrets.rollback,
			above: 'A dry run first, then the same for real; the pointers of every registry move back together.',
		}),
	};
};

/** The one file that releases: a tag starts it, and so does a dispatch that names an operation. */
export const toReleaseCaller = (options: CallerOptions): string =>
	toYamlText(
		{
			name: 'Release',
			'run-name': `${toExpression("inputs.operation || 'release'")} ${toExpression('inputs.tag || github.ref_name')}`,
			on: noted(
				{ push: { tags: ['v*'] }, workflow_dispatch: { inputs: toDispatchInputs() } },
				{ apart: true },
			),
			permissions: noted({}, { apart: true }),
			concurrency: noted(
				{
					group: `${toExpression('github.workflow')}-${toExpression("inputs.operation || 'release'")}`,
					'cancel-in-progress': false,
					queue: 'max',
				},
				{
					above: 'One after the other, in the order in which they were started; none is dropped.',
					apart: true,
				},
			),
			jobs: noted(toJobs(options), { apart: true }),
		},
		HEAD,
	);
