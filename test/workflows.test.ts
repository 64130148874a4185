// The rules for workflows: for ours, for the starters, and for those that the documents tell others to copy.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCaller, LIBRARY } from '@slipway/workflow';
import { parse } from 'yaml';
import { ROOT } from './source-tree.ts';
import { REFERENCES, RIGHTS, readTexts, SHAPE, toRepository } from './workflow-rules/index.ts';

const RULES = Object.entries({ ...SHAPE, ...REFERENCES, ...RIGHTS });
const repository = toRepository(readTexts());

test('there are ours', () => {
	const called = repository.files.filter(({ workflow }) => workflow.call !== undefined);
	expect(called.map(({ name }) => name)).toEqual([
		'check.yml',
		'continue.yml',
		'publish.yml',
		'release.yml',
		'rollback.yml',
		'watch.yml',
	]);
});

describe.each(repository.files)('$name', (file) => {
	test.each(RULES)('%s', (_, rule) => {
		expect(rule(file, repository)).toEqual([]);
	});
});

test('we call ourselves as we want to be called', () => {
	const files = Object.entries(readTexts()).map(([name, text]) => ({
		path: `.github/workflows/${name}`,
		text,
	}));
	expect(checkCaller(files, LIBRARY)).toEqual([]);
});

interface Block {
	readonly name: string;
	readonly text: string;
}

const read = (name: string): string =>
	existsSync(join(ROOT, name)) ? readFileSync(join(ROOT, name), 'utf8') : '';

const list = (folder: string): string[] => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);

/** Each YAML block with jobs in a README, a guide or a reference page. */
const listBlocks = (): Block[] =>
	[
		'README.md',
		...['docs/guides', 'docs/reference'].flatMap(list),
		...list('actions').map((folder) => `${folder}/README.md`),
	]
		.filter((name) => name.endsWith('.md'))
		.flatMap((name) =>
			[...read(name).matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => ({ name, text })),
		)
		.filter(({ text }) => /^jobs:/m.test(text));

/** Each workflow file of a starter. */
const listStarters = (): Block[] =>
	readdirSync(join(ROOT, 'docs/starters'), { recursive: true, encoding: 'utf8' })
		.map((name) => `docs/starters/${name.replaceAll('\\', '/')}`)
		.filter((name) => /\.github\/workflows\/[^/]+\.yml$/.test(name))
		.map((name) => ({ name, text: read(name) }));

interface Job {
	readonly permissions?: Readonly<Record<string, string>>;
	readonly 'timeout-minutes'?: number;
	readonly uses?: string;
	readonly steps?: readonly Step[];
}
interface Step {
	readonly uses?: string;
	readonly run?: string;
	readonly with?: Readonly<Record<string, unknown>>;
}

const toJobs = (text: string): Job[] => Object.values(parse(text).jobs);
const toSteps = (text: string): Step[] => toJobs(text).flatMap(({ steps = [] }) => steps);

/** As a reader completes it: an event, and the commit of a release of the library. */
const toFile = ({ text }: Block): string =>
	(/^on:/m.test(text) ? text : `on: workflow_dispatch\n${text}`).replaceAll(
		/@(?:COMMIT # vX\.Y\.Z|0{40} # v0\.0\.0)/g,
		`@${'1'.repeat(40)}`,
	);

/** What a block shows is one thing; the queue is in the starters, which are whole. */
const toAccepted = ({ name }: Block): readonly string[] =>
	starters.some((starter) => starter.name === name) ? [] : ['CALLER_QUEUE'];

const blocks = listBlocks();
const starters = listStarters();

test('there are some to copy', () => {
	expect(blocks.length).toBeGreaterThanOrEqual(12);
	expect(starters.length).toBeGreaterThanOrEqual(21);
});

describe.each([...blocks, ...starters])('what $name tells to copy', (block) => {
	const { text } = block;

	test('calls the library as it wants to be called', () => {
		const findings = checkCaller([{ path: '.github/workflows/release.yml', text: toFile(block) }], LIBRARY);
		expect(findings.filter(({ code }) => !toAccepted(block).includes(code))).toEqual([]);
	});

	test('grants nothing at the top, and each job what it says', () => {
		expect(parse(text).permissions).toEqual({});
		for (const job of toJobs(text)) expect(Object.keys(job.permissions ?? {})).not.toEqual([]);
		expect(text.match(/^\s+[a-z-]+: (read|write)(?! #)/gm)).toBeNull();
	});

	test('ends each job after a time', () => {
		const own = toJobs(text).filter(({ uses }) => uses === undefined);
		for (const job of own) expect(job['timeout-minutes']).toBeGreaterThan(0);
	});

	test('pins what it uses to a commit, with the version beside it', () => {
		const uses = [...text.matchAll(/uses: (.*)$/gm)].map(([, value = '']) => value);
		const pinned = /^\S+@([0-9a-f]{40} # v\d+\.\d+\.\d+|COMMIT # vX\.Y\.Z)$/;
		expect(uses.filter((value) => !pinned.test(value))).toEqual([]);
	});

	test('runs commands of npm and its own only, and puts no expression into them', () => {
		const runs = toSteps(text).flatMap(({ run }) => run ?? []);
		expect(runs.filter((run) => !/^(npm|npx slipway) [a-z0-9 :-]+$/.test(run))).toEqual([]);
	});

	test('leaves no credentials in the folder', () => {
		const checkouts = toSteps(text).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
		for (const step of checkouts) expect(step.with?.['persist-credentials']).toBe(false);
	});
});
