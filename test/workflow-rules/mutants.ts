// For each rule a workflow that breaks it: one text of one of our files replaced by another.

import { type Mutant, toExpression } from './mutant.ts';
import { RIGHTS_MUTANTS } from './mutants-rights.ts';

const SHAPE: readonly Mutant[] = [
	{ rule: 'is at most 150 lines', file: 'publish.yml', from: '\njobs:', to: '\n\n\n\njobs:' },
	{
		rule: 'pins what it uses to a commit with its version, and itself by $/',
		file: 'watch.yml',
		from: /actions\/checkout@\S+ # v\S+/,
		to: 'actions/checkout@v7',
	},
	{
		rule: 'pins what it uses to a commit with its version, and itself by $/',
		file: 'watch.yml',
		from: '$/actions/watch',
		to: './actions/watch',
	},
	{
		rule: 'grants nothing at the top',
		file: 'watch.yml',
		from: 'permissions: {}',
		to: 'permissions: read-all',
	},
	{
		rule: 'says for each job what it may do',
		file: 'watch.yml',
		from: / {4}permissions:\n( {6}.*\n)+/,
		to: '',
	},
	{ rule: 'says what each right is for', file: 'watch.yml', from: 'read # checkout', to: 'read' },
	{ rule: 'ends each job after a time', file: 'watch.yml', from: / {4}timeout-minutes: .*\n/, to: '' },
	{
		rule: 'leaves no credentials in the folder',
		file: 'watch.yml',
		from: /\n.*persist-credentials: false.*/,
		to: '',
	},
	{
		rule: 'puts no expression into a script',
		file: 'ci.yml',
		from: 'run: npm start',
		to: `run: npm start ${toExpression('github.head_ref')}`,
	},
	{
		rule: 'has no scripts',
		file: 'watch.yml',
		from: '    steps:\n',
		to: '    steps:\n      - run: npm ci\n',
	},
	{ rule: 'is not started by strangers', file: 'ci.yml', from: 'pull_request:', to: 'pull_request_target:' },
	{
		rule: 'waits for its turn and is never cancelled',
		file: 'release.yml',
		from: 'cancel-in-progress: false',
		to: 'cancel-in-progress: true',
	},
	{
		rule: 'waits for its turn and is never cancelled',
		file: 'rollback.yml',
		from: ', queue: max',
		to: '',
	},
	{
		rule: 'shares its queue with no other workflow',
		file: 'continue.yml',
		from: 'slipway-continue-',
		to: 'slipway-publish-',
	},
	{
		rule: 'uses no cache where it releases',
		file: 'release.yml',
		from: '    steps:\n',
		to: `    steps:\n      - uses: actions/cache@${'a'.repeat(40)} # v5.0.0\n`,
	},
	{
		rule: 'gives no outputs from a matrix',
		file: 'release.yml',
		from: '    runs-on: ${' + '{ matrix.runner }}\n',
		to: '    runs-on: ${' + '{ matrix.runner }}\n    outputs: { digest: x }\n',
	},
	{
		rule: 'names what it uploads after the attempt',
		file: 'release.yml',
		from: `slipway-signed-${toExpression('github.run_attempt')}.tar`,
		to: 'slipway-signed.tar',
	},
];

const REFERENCES: readonly Mutant[] = [
	{
		rule: 'uses actions that are there, with inputs that they declare',
		file: 'release.yml',
		from: '$/actions/sign',
		to: '$/actions/sing',
	},
	{
		rule: 'uses actions that are there, with inputs that they declare',
		file: 'release.yml',
		from: 'emergency: "',
		to: 'emergencies: "',
	},
	{
		rule: 'calls workflows that are there, with what they declare',
		file: 'continue.yml',
		from: 'repoint: "',
		to: 're-point: "',
	},
	{
		rule: 'calls workflows that are there, with what they declare',
		file: 'continue.yml',
		from: /secrets: \{ apt.*\}/,
		to: 'secrets: inherit',
	},
	{
		rule: 'reads only outputs of jobs that it needs and that have them',
		file: 'release.yml',
		from: 'needs: [join, gate]',
		to: 'needs: [gate]',
	},
	{
		rule: 'reads only outputs of jobs that it needs and that have them',
		file: 'release.yml',
		from: 'needs.gate.outputs.digest',
		to: 'needs.gate.outputs.artifact-digest',
	},
	{
		rule: 'reads only outputs that the action of a step declares',
		file: 'release.yml',
		from: 'steps.sign.outputs.artifact-digest',
		to: 'steps.sign.outputs.digest',
	},
	{
		rule: 'sets no output that nobody reads',
		file: 'watch.yml',
		from: 'outputs: { findings:',
		to: `outputs: { more: "${toExpression('steps.watch.outputs.findings')}", findings:`,
	},
	{
		rule: 'returns outputs that its jobs have',
		file: 'watch.yml',
		from: 'jobs.watch.outputs.findings',
		to: 'jobs.watch.outputs.count',
	},
	{
		rule: 'reads inputs that it declares, and all of them',
		file: 'watch.yml',
		from: 'inputs.days',
		to: 'inputs.dayz',
	},
	{
		rule: 'declares the secrets that it reads, and reads those that it declares',
		file: 'rollback.yml',
		from: 'secrets.npm-rollback-token',
		to: 'secrets.NPM_TOKEN',
	},
	{
		rule: 'takes bytes of another job only by their digest',
		file: 'release.yml',
		from: `, artifact-digest: "${toExpression('needs.sign.outputs.digest')}"`,
		to: '',
	},
	{
		rule: 'decides itself whether it runs after a job that may be skipped',
		file: 'publish.yml',
		from: /if: .* \(inputs\.approval == '' \|\| needs\.approve\.result == 'success'\) \}\}/,
		to: `if: ${toExpression("needs.claim.result == 'success'")}`,
	},
	...['publish.yml', 'rollback.yml'].map((file) => ({
		rule: 'goes on after nothing but success',
		file,
		from: " && (inputs.approval == '' || needs.approve.result == 'success')",
		to: '',
	})),
	{
		rule: 'goes on after nothing but success',
		file: 'publish.yml',
		from: " && !contains(needs.*.result, 'cancelled')",
		to: '',
	},
];

export const MUTANTS: readonly Mutant[] = [...SHAPE, ...REFERENCES, ...RIGHTS_MUTANTS];
