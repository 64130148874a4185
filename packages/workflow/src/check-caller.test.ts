import { GOOD_FILES, toFiles } from './caller.fixture.ts';
import { checkCaller } from './check-caller.ts';
import type { CallerCode } from './code.ts';
import { LIBRARY } from './library.ts';

type Name = keyof typeof GOOD_FILES;

/** The good repository with one text of one file replaced. */
const toBroken = (name: Name, from: string, to: string): Readonly<Record<string, string>> => {
	const text: string = GOOD_FILES[name];
	if (text.split(from).length !== 2) throw new Error(`expected ${name} to hold this once: ${from}`);
	return { ...GOOD_FILES, [name]: text.replace(from, () => to) };
};

const check = (texts: Readonly<Record<string, string>>) => checkCaller(toFiles(texts), LIBRARY);

test('a repository that calls the library as it should has no finding, whatever else it does', () => {
	expect(check(GOOD_FILES)).toEqual([]);
	expect(checkCaller([], LIBRARY)).toEqual([]);
});

interface Case {
	readonly code: CallerCode;
	readonly severity?: 'warning';
	readonly file: Name;
	readonly from: string;
	readonly to: string;
	/** The line to write, as the hint has it. */
	readonly hint: string;
	readonly place: string;
}

const CASES: readonly Case[] = [
	{
		code: 'CALLER_PERMISSIONS_TOO_FEW',
		file: 'release',
		from: '      attestations: write\n',
		to: '',
		hint: 'Add `attestations: write` to the permissions of job release.',
		place: 'jobs.release.permissions',
	},
	{
		code: 'CALLER_PERMISSIONS_TOO_FEW',
		file: 'watch',
		from: 'contents: read, issues: write',
		to: 'contents: read, issues: read',
		hint: 'Add `issues: write` to the permissions of job watch.',
		place: 'jobs.watch.permissions',
	},
	{
		code: 'CALLER_PERMISSIONS_TOO_FEW',
		file: 'check',
		from: '    permissions: { contents: read }\n',
		to: '',
		hint: 'Add to job check: `permissions: { contents: read }`',
		place: 'jobs.check.permissions',
	},
	{
		code: 'CALLER_PERMISSIONS_TOO_MANY',
		severity: 'warning',
		file: 'check',
		from: 'contents: read }',
		to: 'contents: read, packages: write }',
		hint: 'Remove `packages: write` from the permissions of job check.',
		place: 'jobs.check.permissions',
	},
	{
		code: 'CALLER_PERMISSIONS_TOO_MANY',
		severity: 'warning',
		file: 'check',
		from: 'contents: read }',
		to: 'contents: write }',
		hint: 'Replace the permissions of job check by `permissions: { contents: read }`',
		place: 'jobs.check.permissions',
	},
	{
		code: 'CALLER_PERMISSIONS_TOO_MANY',
		severity: 'warning',
		file: 'check',
		from: '{ contents: read }',
		to: 'write-all',
		hint: 'Replace the permissions of job check by `permissions: { contents: read }`',
		place: 'jobs.check.permissions',
	},
	{
		code: 'CALLER_PERMISSIONS_AT_TOP',
		severity: 'warning',
		file: 'check',
		from: 'permissions: {}\n',
		to: 'permissions: read-all\n',
		hint: 'Write `permissions: {}` at the top, and what it needs into each job.',
		place: 'permissions',
	},
	{
		code: 'CALLER_PERMISSIONS_AT_TOP',
		severity: 'warning',
		file: 'check',
		from: 'permissions: {}\n',
		to: '',
		hint: 'Write `permissions: {}` at the top, and what it needs into each job.',
		place: 'permissions',
	},
	{
		code: 'CALLER_INPUT_UNKNOWN',
		file: 'release',
		from: 'approval: releases',
		to: 'aproval: releases',
		hint: 'Remove `aproval:` from `with:` of job release.',
		place: 'jobs.release.with.aproval',
	},
	{
		code: 'CALLER_INPUT_MISSING',
		file: 'release',
		from: ', reason: "${' + '{ inputs.reason }}"',
		to: '',
		hint: 'Add `reason: VALUE` to `with:` of job rollback.',
		place: 'jobs.rollback.with',
	},
	{
		code: 'CALLER_INPUT_TYPE',
		file: 'release',
		from: 'dry-run: "${' + '{ inputs.dry-run }}"',
		to: 'dry-run: "true"',
		hint: 'Write `dry-run: true` or `false` without quotes',
		place: 'jobs.rollback.with.dry-run',
	},
	{
		code: 'CALLER_INPUT_TYPE',
		file: 'release',
		from: 'dry-run: "${' + '{ inputs.dry-run }}"',
		to: 'dry-run: "${' + '{ inputs.tag }}"',
		hint: 'declared with `type: boolean`',
		place: 'jobs.rollback.with.dry-run',
	},
	{
		code: 'CALLER_INPUT_TYPE',
		file: 'release',
		from: 'dry-run: "${' + '{ inputs.dry-run }}"',
		to: 'dry-run: "${' + '{ github.event.inputs.dry-run }}"',
		hint: 'declared with `type: boolean`',
		place: 'jobs.rollback.with.dry-run',
	},
	{
		code: 'CALLER_INPUT_TYPE',
		file: 'watch',
		from: 'days: 30',
		to: 'days: thirty',
		hint: 'Write `days: 14` without quotes',
		place: 'jobs.watch.with.days',
	},
	{
		code: 'CALLER_SECRET_UNKNOWN',
		file: 'release',
		from: 'apt-signing-key:',
		to: 'apt-key:',
		hint: 'Remove `apt-key:` from `secrets:` of job release.',
		place: 'jobs.release.secrets.apt-key',
	},
	{
		code: 'CALLER_SECRETS_INHERITED',
		severity: 'warning',
		file: 'release',
		from: '{ apt-signing-key: "${' + '{ secrets.APT }}" }',
		to: 'inherit',
		hint: 'by `secrets: { apt-signing-key: "${' + '{ secrets.apt-signing-key }}" }`',
		place: 'jobs.release.secrets',
	},
	{
		code: 'CALLER_WORKFLOW_UNKNOWN',
		file: 'check',
		from: 'workflows/check.yml',
		to: 'workflows/chekc.yml',
		hint: 'Correct the path in `uses:` of job check.',
		place: 'jobs.check.uses',
	},
	{
		code: 'CALLER_NOT_PINNED',
		file: 'check',
		from: 'check.yml@v1',
		to: 'check.yml',
		hint: 'Write `uses: OWNER/slipway/.github/workflows/check.yml@COMMIT # vX.Y.Z`',
		place: 'jobs.check.uses',
	},
	{
		code: 'CALLER_STAND_IN',
		file: 'check',
		from: 'check.yml@v1',
		to: `check.yml@${'0'.repeat(40)} # v0.0.0`,
		hint: 'Put the real one there: `slipway init --library OWNER/REPO@COMMIT#vX.Y.Z`.',
		place: 'jobs.check.uses',
	},
	{
		code: 'CALLER_PINNED_TO_BRANCH',
		severity: 'warning',
		file: 'check',
		from: 'check.yml@v1',
		to: 'check.yml@main',
		hint: 'Write `uses: OWNER/slipway/.github/workflows/check.yml@COMMIT # vX.Y.Z`',
		place: 'jobs.check.uses',
	},
	{
		code: 'CALLER_ACTION_NOT_PINNED',
		severity: 'warning',
		file: 'steps',
		from: `checkout@${'c'.repeat(40)}\n      - run`,
		to: 'checkout@v7\n      - run',
		hint: 'Write `uses: actions/checkout@COMMIT # vX.Y.Z`',
		place: 'jobs.build.steps[0].uses',
	},
	{
		code: 'CALLER_ACTION_NOT_PINNED',
		severity: 'warning',
		file: 'steps',
		from: `alpine@sha256:${'d'.repeat(64)}`,
		to: 'alpine:3',
		hint: 'Write `uses: docker://alpine:3@sha256:DIGEST`.',
		place: 'jobs.publish.steps[1].uses',
	},
	{
		code: 'CALLER_QUEUE',
		severity: 'warning',
		file: 'release',
		from: ', queue: max',
		to: '',
		hint: 'Add `queue: max` under `concurrency:`.',
		place: 'concurrency',
	},
	{
		code: 'CALLER_QUEUE',
		severity: 'warning',
		file: 'release',
		from: 'concurrency:',
		to: 'x:',
		hint: 'Add `concurrency: { group: release, cancel-in-progress: false, queue: max }`',
		place: 'concurrency',
	},
	{
		code: 'CALLER_CANCELS',
		file: 'release',
		from: 'cancel-in-progress: false',
		to: 'cancel-in-progress: true',
		hint: 'Write `cancel-in-progress: false` and `queue: max` under `concurrency:`.',
		place: 'concurrency',
	},
	{
		code: 'CALLER_TRIGGER',
		file: 'check',
		from: 'on: pull_request',
		to: 'on: pull_request_target',
		hint: 'Remove `pull_request_target` from `on:`',
		place: 'on.pull_request_target',
	},
	{
		code: 'CALLER_TRIGGER',
		severity: 'warning',
		file: 'release',
		from: '  workflow_dispatch:\n',
		to: '  pull_request:\n  workflow_dispatch:\n',
		hint: 'Remove `pull_request` from `on:`',
		place: 'on.pull_request',
	},
	{
		code: 'CALLER_TRIGGER',
		file: 'release',
		from: '  workflow_dispatch:\n',
		to: '  issue_comment:\n  workflow_dispatch:\n',
		hint: 'Remove `issue_comment` from `on:`',
		place: 'on.issue_comment',
	},
	{
		code: 'CALLER_IDENTITY_EXPOSED',
		file: 'steps',
		from: 'contents: read }\n    steps',
		to: 'contents: read, id-token: write }\n    steps',
		hint: 'Move those steps into a job without `id-token: write`',
		place: 'jobs.build.permissions.id-token',
	},
	{
		code: 'CALLER_IDENTITY_EXPOSED',
		file: 'steps',
		from: 'actions/publish-npm@v1',
		to: 'actions/publish-npm@v1\n      - uses: ./scripts/after',
		hint: 'Move that step into a job without `id-token: write`',
		place: 'jobs.publish.permissions.id-token',
	},
	{
		code: 'CALLER_IDENTITY_EXPOSED',
		file: 'steps',
		from: 'OWNER/slipway/actions/publish-npm@v1',
		to: 'OWNER/slipway@v1\n        with: { build: true }',
		hint: 'Move that step',
		place: 'jobs.publish.permissions.id-token',
	},
	{
		code: 'CALLER_ENVIRONMENT_MISSING',
		severity: 'warning',
		file: 'steps',
		from: '    environment: npm\n',
		to: '',
		hint: 'Add `environment: npm` to job publish',
		place: 'jobs.publish.environment',
	},
	{
		code: 'CALLER_ENVIRONMENT_MISSING',
		severity: 'warning',
		file: 'release',
		from: 'approval: releases',
		to: 'npm-environment: ""',
		hint: 'Write `npm-environment: npm` in `with:` of job release',
		place: 'jobs.release.with.npm-environment',
	},
	{
		code: 'CALLER_PUBLISH_TOKEN',
		file: 'steps',
		from: 'publish-npm@v1\n',
		to: 'publish-npm@v1\n        env: { NODE_AUTH_TOKEN: "${' + '{ secrets.NPM_TOKEN }}" }\n',
		hint: 'Remove `NODE_AUTH_TOKEN:` from `env:`',
		place: 'jobs.publish.steps[2].env.NODE_AUTH_TOKEN',
	},
	{
		code: 'CALLER_PUBLISH_TOKEN',
		file: 'release',
		from: 'jobs:\n',
		to: 'env: { npm_token: x }\njobs:\n',
		hint: 'Remove `npm_token:` from `env:`',
		place: 'env.npm_token',
	},
	{
		code: 'CALLER_UNREADABLE',
		severity: 'warning',
		file: 'other',
		from: 'jobs:',
		to: 'jobs: &a',
		hint: 'without anchors',
		place: '(document)',
	},
];

test.each(CASES)('$code: $file, "$from" becomes "$to"', ({ code, severity, file, from, to, hint, place }) => {
	expect(check(toBroken(file, from, to))).toEqual([
		{
			code,
			severity: severity ?? 'error',
			file: `.github/workflows/${file}.yml`,
			place,
			message: expect.stringMatching(code === 'CALLER_UNREADABLE' ? /./ : /^expected .*, (got )?/),
			hint: expect.stringContaining(hint),
		},
	]);
});

test('a job that does not say what it grants has the default token, which may be too little', () => {
	const text = GOOD_FILES.watch
		.replace('permissions: {}\n', '')
		.replace('    permissions: { contents: read, issues: write }\n', '');
	expect(check({ watch: text })).toMatchObject([
		{ code: 'CALLER_PERMISSIONS_AT_TOP', severity: 'warning' },
		{
			code: 'CALLER_PERMISSIONS_MISSING',
			severity: 'error',
			hint: 'Add to job watch: `permissions: { contents: read, issues: write }`',
		},
	]);
	const reads = GOOD_FILES.check.replaceAll(/ *permissions: .*\n/g, '');
	expect(check({ check: reads })).toMatchObject([
		{},
		{ code: 'CALLER_PERMISSIONS_MISSING', severity: 'warning' },
	]);
});

test('npm trusts one file: a second one that releases is told about, unless others call it', () => {
	expect(check({ ...GOOD_FILES, second: GOOD_FILES.release })).toMatchObject([
		{
			code: 'CALLER_SEVERAL',
			severity: 'error',
			file: '.github/workflows/second.yml',
			hint: expect.stringContaining('.github/workflows/release.yml'),
		},
	]);
});

test('a queue of each releasing job does as well as one of the workflow', () => {
	const text = GOOD_FILES.release.replace(/concurrency: .*\n/, '');
	const withQueue = (queue: string): string =>
		text.replaceAll('    permissions:', `    concurrency: { group: g, ${queue} }\n    permissions:`);
	expect(check({ release: withQueue('queue: max') })).toEqual([]);
	expect(check({ release: withQueue('cancel-in-progress: true') })).toMatchObject([
		{ code: 'CALLER_CANCELS', place: 'jobs.release.concurrency' },
		{ code: 'CALLER_CANCELS', place: 'jobs.rollback.concurrency' },
	]);
});

test('a file of as many calls as one can hold is checked in half a second', () => {
	const jobs = Array.from(
		{ length: 500 },
		(_, index) => `  j${index}: { uses: a/slipway/.github/workflows/release.yml@v1, with: { x: 1 } }\n`,
	);
	const text = `on: push\njobs:\n${jobs.join('')}`;
	const start = process.threadCpuUsage();
	expect(check({ text }).length).toBeGreaterThan(1000);
	const { user } = process.threadCpuUsage(start);
	expect(user / 1000).toBeLessThan(500);
});

const THROUGH = `on:
  workflow_call:
    inputs:
      days: { type: number, required: true }
    secrets:
      key: { required: true }
permissions: {}
jobs:
  inner:
    permissions: { contents: read, issues: write }
    uses: OWNER/slipway/.github/workflows/watch.yml@v1
`;

test('a workflow of the repository between the caller and the library passes its needs on', () => {
	const outer = GOOD_FILES.watch
		.replace('OWNER/slipway/.github/workflows/watch.yml@v1', './.github/workflows/through.yml')
		.replace(', issues: write', '');
	expect(check({ through: THROUGH, outer })).toMatchObject([
		{ code: 'CALLER_PERMISSIONS_TOO_FEW', hint: 'Add `issues: write` to the permissions of job watch.' },
		{
			code: 'CALLER_SECRET_MISSING',
			hint: 'Add `key: ${' + '{ secrets.key }}` to `secrets:` of job watch.',
		},
	]);
});

test('each code has a case', () => {
	const codes = new Set<CallerCode>(CASES.map(({ code }) => code));
	expect(codes.size).toBe(20);
});

test('names from a foreign file do nothing to a terminal, and stay short', () => {
	const text = GOOD_FILES.check
		.replace('check:', `"\\e[31m\\u202e${'x'.repeat(500)}":`)
		.replace('contents: read', 'issues: read, "\\r::error::": write');
	const told = JSON.stringify(
		check({ check: text }).map(({ message, hint, place }) => [message, hint, place]),
	);
	expect(check({ check: text }).length).toBeGreaterThan(1);
	expect(told).not.toMatch(/[\p{Cc}\p{Cf}]|\\u001b|\\r/u);
	expect(told).not.toContain('x'.repeat(200));
});
