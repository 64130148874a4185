import { findTriggerProblem, toProtectionWarning } from './trigger.ts';

const own = { repository: { full_name: 'acme/greet' } };
const head = (full_name: string) => ({ head: { repo: { full_name } } });

test.each([
	['push', own],
	['workflow_dispatch', own],
	['schedule', {}],
	['pull_request', { ...own, pull_request: head('acme/greet') }],
	['workflow_run', { ...own, workflow_run: { head_repository: { full_name: 'acme/greet' } } }],
])('%s of the repository itself may release', (name, event) => {
	expect(findTriggerProblem(name, event)).toBeUndefined();
});

test.each([
	['pull_request_target', own],
	['issue_comment', own],
	['pull_request', { ...own, pull_request: head('mallory/greet') }],
	['pull_request', { ...own, pull_request: { head: { repo: null } } }],
	['pull_request', { pull_request: head('acme/greet') }],
	['workflow_run', { ...own, workflow_run: { head_repository: { full_name: 'mallory/greet' } } }],
	['workflow_run', { ...own, workflow_run: {} }],
])('%s with %j may not', (name, event) => {
	expect(findTriggerProblem(name, event)).toMatch(/anybody|comes from/);
});

test.each([
	['a protected ref', { GITHUB_REF: 'refs/heads/main', GITHUB_REF_PROTECTED: 'true' }, undefined],
	['no runner', {}, undefined],
	[
		'a tag',
		{ GITHUB_REF: 'refs/tags/v1', GITHUB_REF_PROTECTED: 'false' },
		/New tag ruleset.*\n.*refs\/tags\/v\*/,
	],
	['a branch', { GITHUB_REF: 'refs/heads/main', GITHUB_REF_PROTECTED: 'false' }, /target refs\/heads\/main/],
])('protection of %s', (_name, environment, expected) => {
	const warning = toProtectionWarning(environment);
	expected ? expect(warning).toMatch(expected) : expect(warning).toBeUndefined();
});
