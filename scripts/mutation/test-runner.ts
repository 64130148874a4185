// For Stryker: runs suites with Jest's own engine (jest-circus, @jest/expect) in one process that loads them once. Jest itself
// loads every suite and all that it imports again for each mutant, which takes ten times as long as the tests do.
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jestExpect } from '@jest/expect';
import type { Circus } from '@jest/types';
import circus, { addEventHandler, getState, resetState, run, setState } from 'jest-circus';

/** Tests of these suites take some tenths of a second at most; one that hangs costs no new process, only this. */
const TEST_TIMEOUT_MS = 4_000;

/** What instrumented code and Stryker share: `__stryker__` of the global object. */
interface Instrumentation {
	activeMutant?: string | undefined;
	currentTestId?: string | undefined;
	hitCount?: number | undefined;
	hitLimit?: number | undefined;
	mutantCoverage?: {
		static: Record<string, number>;
		perTest: Record<string, Record<string, number>>;
	};
}

interface TestResult {
	readonly id: string;
	readonly name: string;
	readonly fileName: string;
	readonly timeSpentMs: number;
	/** 0: passed, 1: failed, 2: skipped. */
	readonly status: number;
	readonly failureMessage?: string;
}

interface MutantRunOptions {
	readonly activeMutant: { readonly id: string };
	readonly testFilter?: readonly string[];
	readonly hitLimit?: number;
	readonly mutantActivation: 'runtime' | 'static';
}

interface Test {
	readonly id: string;
	readonly entry: Circus.TestEntry;
	readonly mode: Circus.TestMode;
}

interface Suite {
	readonly file: string;
	readonly state: Circus.State;
	readonly tests: readonly Test[];
}

const instrumentation = (): Instrumentation => {
	const holder = globalThis as { __stryker__?: Instrumentation };
	holder.__stryker__ ??= {};
	return holder.__stryker__;
};

const ENVIRONMENT_VARIABLE = '__STRYKER_ACTIVE_MUTANT__';

/** Children of a test take the mutant from the environment. */
const activate = (id: string | undefined): void => {
	instrumentation().activeMutant = id;
	if (id === undefined) delete process.env[ENVIRONMENT_VARIABLE];
	else process.env[ENVIRONMENT_VARIABLE] = id;
};

const listEntries = (block: Circus.DescribeBlock): Circus.TestEntry[] =>
	block.children.flatMap((child) => (child.type === 'test' ? [child] : listEntries(child)));

const toTitle = (entry: Circus.TestEntry): string => {
	const titles = [entry.name];
	for (let block: Circus.DescribeBlock | undefined = entry.parent; block?.parent; block = block.parent)
		titles.unshift(block.name);
	return titles.join(' ');
};

const load = async (file: string, without: RegExp): Promise<Suite> => {
	resetState();
	await import(pathToFileURL(resolve(file)).href);
	const state = getState();
	const all = listEntries(state.rootDescribeBlock);
	for (const entry of all) if (without.test(entry.name)) entry.mode = 'skip';
	// Without the title: one that prints an error holds its stack, which differs from run to run.
	const tests = all.map((entry, at) => ({ id: `${file}#${at}`, entry, mode: entry.mode }));
	return { file, state, tests };
};

const toMessage = (error: unknown): string => {
	const first = Array.isArray(error) ? (error[0] ?? error[1]) : error;
	return first instanceof Error ? (first.stack ?? first.message) : String(first);
};

const toResult = ({ file }: Suite, { id, entry }: Test): TestResult => {
	const failed = entry.errors.length > 0;
	const ran = entry.mode !== 'skip' && entry.mode !== 'todo';
	return {
		id,
		name: toTitle(entry),
		fileName: file,
		timeSpentMs: entry.duration ?? 0,
		status: failed ? 1 : ran ? 0 : 2,
		...(failed ? { failureMessage: toMessage(entry.errors[0]) } : {}),
	};
};

/** Has every test run as if for the first time, or not at all. */
const prepare = (suite: Suite, wanted: ReadonlySet<string> | undefined): void => {
	suite.state.unhandledErrors = [];
	for (const { id, entry, mode } of suite.tests) {
		entry.errors = [];
		entry.status = null;
		entry.duration = null;
		entry.timeout = TEST_TIMEOUT_MS;
		entry.mode = wanted && !wanted.has(id) ? 'skip' : mode;
	}
};

const skipRest = (suite: Suite): void => {
	for (const { entry } of suite.tests) if (entry.status === null) entry.mode = 'skip';
};

class CircusRunner {
	static inject = ['options'] as const;
	readonly #files: readonly string[];
	readonly #without: RegExp;
	#suites: readonly Suite[] | undefined;
	#current: Suite | undefined;
	#bail = false;
	/** Thrown where nobody waits for it. */
	#stray: unknown[] = [];

	constructor({ suites, without }: { readonly suites: readonly string[]; readonly without: string }) {
		this.#files = suites;
		this.#without = new RegExp(without);
	}

	capabilities(): { reloadEnvironment: boolean } {
		return { reloadEnvironment: false };
	}

	init(): void {
		Object.assign(globalThis, circus, { expect: jestExpect });
		Reflect.set(globalThis, Symbol.for('TEST_TIMEOUT_SYMBOL'), TEST_TIMEOUT_MS);
		for (const event of ['uncaughtException', 'unhandledRejection'])
			process.on(event, (error) => this.#stray.push(error));
		addEventHandler((event) => this.#notice(event));
	}

	/** What a hook reaches is reached by every test below it. */
	#notice(event: Circus.Event): void {
		const shared = instrumentation();
		if (event.name === 'test_start')
			shared.currentTestId = this.#current?.tests.find(({ entry }) => entry === event.test)?.id;
		if (event.name === 'hook_start' && !shared.currentTestId) shared.currentTestId = 'hook';
		if (event.name === 'hook_success' || event.name === 'hook_failure') this.#endHook();
		if (event.name === 'test_done') {
			shared.currentTestId = undefined;
			if (this.#bail && event.test.errors.length > 0 && this.#current) skipRest(this.#current);
		}
	}

	#endHook(): void {
		const shared = instrumentation();
		if (shared.currentTestId !== 'hook') return;
		shared.currentTestId = undefined;
		const perTest = shared.mutantCoverage?.perTest;
		const reached = perTest?.hook;
		if (!perTest || !reached) return;
		delete perTest.hook;
		for (const { id } of this.#current?.tests ?? []) perTest[id] = { ...reached, ...perTest[id] };
	}

	async #load(): Promise<readonly Suite[]> {
		if (this.#suites) return this.#suites;
		const suites: Suite[] = [];
		for (const file of this.#files) suites.push(await load(join(process.cwd(), file), this.#without));
		this.#suites = suites;
		return suites;
	}

	async #run(wanted: ReadonlySet<string> | undefined): Promise<TestResult[]> {
		const results: TestResult[] = [];
		this.#stray = [];
		for (const suite of await this.#load()) {
			prepare(suite, wanted);
			if (suite.tests.every(({ entry }) => entry.mode === 'skip')) continue;
			this.#current = suite;
			setState(suite.state);
			await run();
			results.push(...suite.tests.map((test) => toResult(suite, test)));
			if (this.#bail && results.some(({ status }) => status === 1)) break;
		}
		return results;
	}

	async dryRun(): Promise<unknown> {
		this.#bail = false;
		const tests = await this.#run(undefined);
		return { status: 'complete', tests, mutantCoverage: instrumentation().mutantCoverage };
	}

	async mutantRun(options: MutantRunOptions): Promise<unknown> {
		const shared = instrumentation();
		this.#bail = true;
		if (options.mutantActivation === 'runtime') await this.#load();
		activate(options.activeMutant.id);
		Object.assign(shared, { hitLimit: options.hitLimit, hitCount: options.hitLimit ? 0 : undefined });
		try {
			return this.#toVerdict(await this.#run(options.testFilter && new Set(options.testFilter)));
		} catch (error) {
			return { status: 'killed', killedBy: ['loading'], failureMessage: toMessage(error), nrOfTests: 0 };
		} finally {
			activate(undefined);
		}
	}

	#toVerdict(tests: readonly TestResult[]): unknown {
		const { hitCount, hitLimit } = instrumentation();
		if (hitCount !== undefined && hitLimit !== undefined && hitCount > hitLimit)
			return { status: 'timeout', reason: `Hit limit reached (${hitCount}/${hitLimit})` };
		const nrOfTests = tests.filter(({ status }) => status !== 2).length;
		const failed = tests.filter(({ status }) => status === 1);
		const [first] = failed;
		if (first?.failureMessage?.includes('Exceeded timeout'))
			return { status: 'timeout', reason: `a test hung: ${first.name}` };
		if (first)
			return {
				status: 'killed',
				killedBy: failed.map(({ id }) => id),
				failureMessage: first.failureMessage,
				nrOfTests,
			};
		if (this.#stray.length > 0)
			return { status: 'killed', killedBy: ['stray'], failureMessage: toMessage(this.#stray[0]), nrOfTests };
		return { status: 'survived', nrOfTests };
	}
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'circus', injectableClass: CircusRunner }];
