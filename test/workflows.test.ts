// The rules for workflows, for ours and for those that the documents tell others to copy.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './source-tree.ts';

interface Job {
	readonly permissions?: Readonly<Record<string, string>>;
	readonly 'timeout-minutes'?: number;
	/** A call of a reusable workflow: its own jobs have the time limits. */
	readonly uses?: string;
	readonly environment?: string;
	readonly steps?: readonly Step[];
}
interface Step {
	readonly uses?: string;
	readonly run?: string;
	readonly with?: Readonly<Record<string, unknown>>;
}

const WORKFLOWS = '.github/workflows';

/** Each workflow file, and each YAML block with jobs in a README or a guide. */
const listWorkflows = (): { name: string; text: string }[] => {
	const own = readdirSync(join(ROOT, WORKFLOWS)).map((name) => join(WORKFLOWS, name));
	const readmes = [
		'README.md',
		...readdirSync(join(ROOT, 'docs/guides')).map((name) => `docs/guides/${name}`),
		...readdirSync(join(ROOT, 'actions')).map((name) => `actions/${name}/README.md`),
	];
	const read = (name: string): string =>
		existsSync(join(ROOT, name)) ? readFileSync(join(ROOT, name), 'utf8') : '';
	return [
		...own.map((name) => ({ name, text: read(name) })),
		...readmes.flatMap((name) =>
			[...read(name).matchAll(/```yaml\n(.*?)```/gs)]
				.map(([, text = '']) => ({ name, text }))
				.filter(({ text }) => text.includes('jobs:')),
		),
	];
};

const workflows = listWorkflows();
const toJobs = (text: string): Job[] => Object.values(parse(text).jobs);
const toSteps = (text: string): Step[] => toJobs(text).flatMap(({ steps = [] }) => steps);

test('there are some', () => {
	expect(workflows.length).toBeGreaterThanOrEqual(7);
});

describe.each(workflows)('$name', ({ text }) => {
	test('grants nothing at the top, and each job what it says', () => {
		expect(parse(text).permissions).toEqual({});
		for (const job of toJobs(text)) expect(job.permissions).toBeDefined();
		expect(text.match(/^\s+[a-z-]+: (read|write)(?! #)/gm)).toBeNull();
	});

	test('ends each job after a time', () => {
		const own = toJobs(text).filter(({ uses }) => uses === undefined);
		for (const job of own) expect(job['timeout-minutes']).toBeGreaterThan(0);
	});

	test('pins what it uses to a commit, with the version beside it', () => {
		const uses = [...text.matchAll(/uses: (.*)$/gm)].map(([, value = '']) => value);
		const pinned =
			/^(\S+@([0-9a-f]{40} # v\d+\.\d+\.\d+|COMMIT # vX\.Y\.Z)|\$\/(actions|\.github\/workflows)\/\S+)$/;
		expect(uses.filter((value) => !pinned.test(value))).toEqual([]);
	});

	test('runs commands of npm and its own only, and puts no expression into them', () => {
		const runs = toSteps(text).flatMap(({ run }) => run ?? []);
		expect(runs.filter((run) => !/^((sudo CI=true )?npm|npx slipway) [a-z0-9 :-]+$/.test(run))).toEqual([]);
	});

	test('leaves no credentials in the folder', () => {
		const checkouts = toSteps(text).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
		for (const step of checkouts) expect(step.with?.['persist-credentials']).toBe(false);
	});

	test('is not started by strangers', () => {
		expect(text).not.toMatch(/pull_request_target|issue_comment|secrets: inherit/);
	});
});
