import { parseConfig } from '@slipway/core/config';
import { parsePolicy } from '@slipway/core/policy';
import { checkCaller, LIBRARY, parseWorkflow, toGrant } from '@slipway/workflow';
import { parseLibrary } from '../library.ts';
import { toStarters } from './catalog.ts';

const starters = toStarters(parseLibrary(`acme/slipway@${'1'.repeat(40)}#v1.0.0`));
const toText = (name: string, path: string): string =>
	starters.find((starter) => starter.name === name)?.files.find((file) => file.path === path)?.text ?? '';

test('there is one for each way to release', () => {
	expect(starters.map(({ name }) => name)).toEqual([
		...['npm', 'npm-apt', 'native', 'monorepo', 'private-sigstore', 'approval', 'self-hosted'],
	]);
});

describe.each(starters)('$name', ({ files }) => {
	const callers = files.filter(({ path }) => path.startsWith('.github/workflows/'));

	test('has a configuration, and a policy, that can be read', () => {
		const config = parseConfig(files[0]?.text ?? '');
		expect(Object.keys(config.targets).length).toBeGreaterThan(0);
		for (const { path, text } of files)
			if (path === 'slipway.policy.yml')
				expect(parsePolicy(Buffer.from(text)).policy.signers).toHaveLength(1);
	});

	test('calls the workflows as they are: rights, inputs, secrets, pins, events, queue', () => {
		expect(checkCaller(callers, LIBRARY)).toEqual([]);
	});

	test('grants each call what it needs and no more, and nothing at the top', () => {
		for (const { path, text } of callers) {
			const workflow = parseWorkflow(text, path);
			const calls = workflow.jobs.filter(({ uses }) => uses !== undefined);
			expect(calls.length).toBeGreaterThan(0);
			for (const job of calls) {
				const name = /(\.github\/workflows\/[a-z]+\.yml)@/.exec(job.uses ?? '')?.[1] ?? '';
				expect(toGrant(workflow, job)).toEqual(LIBRARY.workflows[name]?.permissions);
			}
			expect(text).toContain('\npermissions: {}\n');
		}
	});

	test('is short, and hands secrets over by name', () => {
		for (const { text } of callers) {
			expect(text.split('\n').length).toBeLessThanOrEqual(150);
			expect(text).not.toContain('inherit');
		}
	});
});

test('two steps: the environment is named wherever something becomes visible or is hauled back', () => {
	const text = toText('approval', '.github/workflows/release.yml');
	expect(text.match(/approval: release/g)).toHaveLength(3);
});

test('self-hosted: what builds, and nothing that publishes', () => {
	const text = toText('self-hosted', '.github/workflows/release.yml');
	expect(text).toContain(`runners: '["self-hosted"]'`);
	expect(text).not.toContain('runner: ');
});

test('a policy names the pinned workflows and the repository that calls them', () => {
	const { policy } = parsePolicy(Buffer.from(toText('private-sigstore', 'slipway.policy.yml')));
	expect(policy).toMatchObject({
		'trusted-root': 'sigstore/trusted-root.json',
		signers: [
			{
				'identity-pattern': expect.stringContaining('1'.repeat(40)),
				'source-repository': 'https://github.com/OWNER/REPO',
			},
		],
	});
});
