// H1, H2, H3: text that a shell, an option parser, the runner or a renderer would act on, in one input at a time of an
// action that is otherwise called as it should be, so that the text gets as far as that input goes.
import { cp, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeWith, isWhole, readActionYml, type StepResult } from '@slipway/testing';
import { type StartedWorld, startWorld } from './actions-world.ts';
import { ROOT } from './source-tree.ts';

const SHELL = [
	'$(touch pwned)',
	'`touch pwned`',
	'; touch pwned',
	'&& touch pwned',
	`" && touch pwned && "' && touch pwned && '`,
	'--help',
];
const RUNNER = ['::set-output name=state::fake', '##[add-path]/fake', '%0A::add-mask::fake'];
const MARKDOWN = ['<script>alert(1)</script>', '![x](http://example.org/x.png)', '\u202egnp.exe'];
const LINES = ['a\n::set-output name=state::fake', 'a\r\n::add-mask::fake'];

/** For sinks that cost a whole operation: everything, in one input, each group in front once. */
const COMPOSITES = [
	['--help', ...SHELL, ...RUNNER, ...MARKDOWN].join(' '),
	[...RUNNER, ...MARKDOWN, ...SHELL].join(' '),
	[...MARKDOWN, ...RUNNER, ...SHELL].join(' '),
];

/** Briefly, what a shell or an option parser would act on comes together, in front once each; lines come alone. */
const TEXTS = isWhole() ? [...SHELL, ...RUNNER, ...MARKDOWN, ...LINES] : [...COMPOSITES, '--help', ...LINES];

const TYPED = /^[A-Z]+(_[A-Z]+)+$/;
const EXECUTED = ['add-mask', 'error', 'warning', 'notice', 'debug', 'group', 'endgroup'];

/** The runner did nothing that the text asked for, files and summary hold nothing that acts. */
const checkHarmless = ({ commands, strayWrites, summary }: Omit<StepResult, 'errors'>): void => {
	expect(commands.filter(({ command }) => !EXECUTED.includes(command))).toEqual([]);
	expect(commands.filter(({ message }) => message === 'fake')).toEqual([]);
	expect(strayWrites).toBe('');
	expect(summary).not.toMatch(/<script|<img|!\[|\]\(http|\u202e|`touch|^::|##\[/m);
};

const checkOutputs = async (action: string, { outputs }: StepResult, text: string): Promise<void> => {
	const declared = Object.keys((await readActionYml(join(ROOT, 'actions', action))).outputs);
	expect(declared).toEqual(expect.arrayContaining(Object.keys(outputs)));
	expect(outputs.state ?? '').toMatch(/^[A-Z_]*$/);
	// The command for people is never one that a text could have been pasted into.
	expect(outputs.next ?? '').not.toContain(text);
};

/** @returns paths of files that only a shell that obeyed can have written */
const findPwned = async (folder: string): Promise<readonly string[]> => [
	...(await readdir(folder, { recursive: true })).filter((path) => basename(path) === 'pwned'),
	...(await readdir(process.cwd())).filter((path) => path === 'pwned'),
];

/** By action and input: the other inputs, and what becomes of the text: one of these codes, or (null) it is used as it is. */
const CASES: readonly [string, string, Readonly<Record<string, string>>, RegExp | null][] = [
	['build-once', 'project', {}, /^PROJECT_/],
	['build-once', 'config', {}, /^CONFIG_|^PROJECT_/],
	// Before build-once makes folders of these names.
	['publish-deb', 'release', {}, /^RELEASE_/],
	['build-once', 'release', {}, null],
	['publish-npm', 'artifact', { 'artifact-digest': 'a'.repeat(64) }, /^RUNNER_ARTIFACT_/],
	['publish-npm', 'artifact-digest', { artifact: 'release.tar' }, /^RUNNER_INPUT_INVALID$/],
	['expose', 'version', {}, /^RUNNER_INPUT_INVALID$/],
	['claim', 'version', {}, /^RUNNER_INPUT_INVALID$/],
	['rollback', 'version', { reason: 'it breaks' }, /^RUNNER_INPUT_INVALID$/],
	['rollback', 'to', { version: '7.0.0', reason: 'it breaks' }, /^RUNNER_INPUT_INVALID$/],
	['build-once', 'runners', { join: 'slipway-proved' }, /^RUNNER_INPUT_INVALID$/],
	['reproduce', 'part', {}, /^RUNNER_ARTIFACT_/],
];

/** Inputs that lead to the artifact service. */
const RECEIVES = ['artifact', 'part', 'join'];

test('what is harmful is seen', () => {
	const step = { code: 0, log: '', commands: [], outputs: {}, summary: '', strayWrites: '' };
	const command = (name: string, message: string) => [{ command: name, properties: {}, message }];
	for (const harm of [
		{ commands: command('set-output', 'COMPLETED') },
		{ commands: command('add-mask', 'fake') },
		{ strayWrites: 'A=1' },
		{ summary: 'because <script>alert(1)</script>' },
	])
		expect(() => checkHarmless({ ...step, ...harm })).toThrow();
	checkHarmless(step);
});

describeWith('apt-get', 'hostile inputs', () => {
	let world: StartedWorld;
	let workspace: string;

	const run = (action: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> =>
		world.runAction(action, {
			workspace,
			inputs,
			...(RECEIVES.some((name) => name in inputs) ? { environment: world.github.environment } : {}),
		});

	const releaseVersion = async (version: string): Promise<void> => {
		workspace = await world.writeProject('hostile', version);
		for (const [action, inputs] of [
			['build-once', {}],
			['claim', {}],
			['publish-npm', {}],
			['publish-deb', {}],
			['expose', { version }],
		] as const)
			expect((await run(action, inputs)).errors).toEqual([]);
	};

	beforeAll(async () => {
		world = await startWorld();
		await releaseVersion('1.0.0');
	}, 1_800_000);
	afterEach(async () => expect(await findPwned(dirname(workspace))).toEqual([]));
	afterAll(() => world?.stop());

	test.each(CASES)(
		'%s, %s',
		async (action, input, others, expected) => {
			const from = world.registry.log.length;
			for (const text of TEXTS) {
				const result = await run(action, { ...others, [input]: text });
				checkHarmless(result);
				await checkOutputs(action, result, text);
				const titles = result.errors.map(({ properties }) => properties.title);
				const codes = [text, result.code, ...titles];
				if (LINES.includes(text)) expect(codes).toEqual([text, 1, 'RUNNER_INPUT_INVALID']);
				else if (expected) {
					expect(codes).toEqual([text, 1, expect.stringMatching(TYPED)]);
					expect(titles).toEqual([expect.stringMatching(expected)]);
				} else {
					expect(codes).toEqual([text, 0]);
					expect(result.outputs.release).toBe(join(workspace, text));
				}
			}
			expect(world.registry.log.slice(from).filter(({ mutates }) => mutates)).toEqual([]);
		},
		900_000,
	);

	const readMark = async (version: string): Promise<string> => {
		const reply = await fetch(`${world.registry.origin}/hostile`);
		const { versions } = (await reply.json()) as { versions: Record<string, { deprecated?: string }> };
		return versions[version]?.deprecated ?? '';
	};

	/** All that Slipway wrote down in the project. */
	const readJournal = async (): Promise<string> => {
		const folder = join(workspace, '.slipway');
		const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.json'));
		return (await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')))).join('\n');
	};

	test('rollback, reason: to users and the journal as it is, but for what cannot be printed', async () => {
		await releaseVersion('1.1.0');
		for (const text of COMPOSITES) {
			const undo = { version: '1.1.0', 'dry-run': 'false', reason: text };
			const undone = await run('rollback', undo);
			checkHarmless(undone);
			await checkOutputs('rollback', undone, text);
			expect([undone.outputs.state, undone.errors]).toEqual(['ROLLED_BACK', []]);
			expect(await readMark('1.1.0')).toContain(text.slice(0, 40).replace(/\u202e.*/, ''));
			expect(await readJournal()).toContain(JSON.stringify(text).slice(1, 40));
			const restored = await run('rollback', { ...undo, operation: 'restore' });
			checkHarmless(restored);
			expect([restored.outputs.state, restored.errors]).toEqual(['COMPLETED', []]);
		}
	}, 900_000);

	test('rollback, take-over: overrules, and is recorded as it is', async () => {
		const released = workspace;
		const claimed = await world.writeProject('hostile', '1.2.0');
		await cp(join(released, '.slipway'), join(claimed, '.slipway'), { recursive: true });
		workspace = claimed;
		for (const action of ['build-once', 'claim']) expect((await run(action, {})).errors).toEqual([]);
		const [text = ''] = COMPOSITES;
		const undo = { version: '1.1.0', 'dry-run': 'false', reason: 'it breaks' };
		const result = await run('rollback', { ...undo, 'take-over': text });
		checkHarmless(result);
		expect([result.outputs.state, result.errors]).toEqual(['ROLLED_BACK', []]);
		expect(await readJournal()).toContain(JSON.stringify(text).slice(1, 40));
	});
});
