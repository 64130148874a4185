import { parse } from 'yaml';
import { type Origin, toExpandedWorkflow } from './expand-workflow.ts';
import { findTokenVariables, type Permissions, toTokenVariable } from './job-token.ts';

const ORIGIN: Origin = { path: '.github/workflows/x.yml', library: 'acme/lib', ref: 'abc' };

const toToken = (permissions: Permissions): string => `\${{ vars.${toTokenVariable(permissions)} }}`;

const expand = (source: string) => parse(toExpandedWorkflow(source, ORIGIN));

test('references to the library itself name it at its commit, each action under a ref of its own', () => {
	const { jobs } = expand(`
jobs:
  a:
    steps:
      - uses: $/actions/sign # why
      - uses: actions/checkout@0123 # v1
  b:
    uses: $/.github/workflows/y.yml
`);
	expect(jobs.a.steps).toEqual([
		{ uses: 'acme/lib/actions/sign@abc-sign', with: { token: toToken({}) } },
		{ uses: 'actions/checkout@0123' },
	]);
	expect(jobs.b).toEqual({ uses: 'acme/lib/.github/workflows/y.yml@abc' });
});

test('what act refuses is dropped, and nothing beside it', () => {
	const expanded = expand(`
concurrency: { group: g, cancel-in-progress: false, queue: max }
jobs:
  a:
    concurrency: { group: h, queue: max }
    permissions:
      contents: read # why
      artifact-metadata: write # why
    steps: []
`);
	expect(expanded.concurrency).toEqual({ group: 'g', 'cancel-in-progress': false });
	expect(expanded.jobs.a).toMatchObject({ concurrency: { group: 'h' }, permissions: { contents: 'read' } });
	expect(expanded.jobs.a.permissions).toEqual({ contents: 'read' });
});

test('the place of the workflow is written out', () => {
	const source = `jobs: { a: { steps: [{ with: { r: "\${{ job.workflow_ref }} \${{ job.workflow_sha }}" } }] } }`;
	expect(expand(source).jobs.a.steps[0].with.r).toBe(
		`\${{ 'acme/lib/.github/workflows/x.yml@abc' }} \${{ 'abc' }}`,
	);
});

test('a caller pins an action by the ref of the library', () => {
	const { jobs } = expand(
		'jobs: { a: { steps: [{ uses: acme/lib/actions/notice@abc, with: { jobs: x } }] } }',
	);
	expect(jobs.a.steps).toEqual([
		{ uses: 'acme/lib/actions/notice@abc-notice', with: { jobs: 'x', token: toToken({}) } },
	]);
});

test('actions get a token with the rights of their job, unless they are given another one', () => {
	const { jobs } = expand(`
permissions: { contents: read }
jobs:
  default: { steps: [{ uses: $/actions/x }] }
  own: { permissions: { issues: write }, steps: [{ uses: $/actions/x, with: { token: t } }, { uses: $/actions/x }] }
`);
	expect(jobs.default.steps[0].with.token).toBe(toToken({ contents: 'read' }));
	expect(jobs.own.steps[0].with.token).toBe('t');
	expect(jobs.own.steps[1].with.token).toBe(toToken({ issues: 'write' }));
});

test('a job can ask for ID tokens where it may', () => {
	const { jobs } = expand(`
jobs:
  none: { permissions: { contents: read }, env: { OWN: '1' }, steps: [] }
  signs: { permissions: { id-token: write }, environment: "\${{ inputs.e }}", env: { OWN: '1' }, steps: [] }
`);
	expect(jobs.none.env).toEqual({ OWN: '1' });
	expect(jobs.signs.env).toEqual({
		OWN: '1',
		ACTIONS_ID_TOKEN_REQUEST_URL: `\${{ vars.SLIPWAY_ID_TOKEN_URL }}?workflow=.github/workflows/x.yml&environment=\${{ inputs.e }}`,
		ACTIONS_ID_TOKEN_REQUEST_TOKEN: `\${{ vars.SLIPWAY_ID_TOKEN_SECRET }}`,
	});
});

test('the variable of a token says its rights', () => {
	const all: readonly Permissions[] = [
		{},
		{ contents: 'read' },
		{ 'id-token': 'write', contents: 'write', 'pull-requests': 'read' },
	];
	const found = findTokenVariables(all.map(toToken).join(' '));
	expect([...found.values()]).toEqual(all);
	expect([...found.keys()]).toEqual(all.map(toTokenVariable));
});
