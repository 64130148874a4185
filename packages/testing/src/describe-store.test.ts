import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runStoreCheck, storeChecks } from './describe-store.ts';
import { type BrokenStoreFault, openBrokenStore, openForcingGitStore } from './describe-store-broken.ts';
import { racingChecks } from './describe-store-races.ts';
import type { StoreSubject } from './describe-store-subject.ts';
import { isWhole } from './whole.ts';

const makeBroken = (fault: BrokenStoreFault) => async (): Promise<StoreSubject> => {
	const folder = await mkdtemp(join(tmpdir(), 'slipway-broken-'));
	const argument = `${fault}:${folder}`;
	return {
		store: openBrokenStore(argument),
		module: new URL('./describe-store-broken.ts', import.meta.url).href,
		opener: 'openBrokenStore',
		argument,
		remove: () => rm(folder, { recursive: true, force: true }),
	};
};

const makeForcingGit = async (): Promise<StoreSubject> => {
	const argument = await mkdtemp(join(tmpdir(), 'slipway-broken-'));
	await promisify(execFile)('git', ['init', '--quiet', '--bare', join(argument, 'remote.git')]);
	return {
		store: openForcingGitStore(argument),
		module: new URL('./describe-store-broken.ts', import.meta.url).href,
		opener: 'openForcingGitStore',
		argument,
		isSlow: true,
		remove: () => rm(argument, { recursive: true, force: true, maxRetries: 3 }),
	};
};

const [oneCreates, nothingLost, killed] = racingChecks.map(({ name }) => name);

const MOST_ATTEMPTS = 5;

const cases: readonly [BrokenStoreFault, ...(string | undefined)[]][] = [
	['comparesNothing', 'replace: only the version that was read', oneCreates, nothingLost],
	['comparesUnlocked', nothingLost],
	['writesInPlace', killed],
	['locksByFile', killed],
	['ignoresTheGuard', 'a guard that throws stops everything that would come after it'],
	['stopsLate', 'a conflict stops the changes after it'],
	['listsByText', 'list: a folder and all below it, sorted by code units'],
];

/** What a check says of a store, in as many attempts as it takes: processes may happen to run one after the other. */
const findFault = async (name: string | undefined, make: Parameters<typeof runStoreCheck>[1]) => {
	const check = storeChecks.find((candidate) => candidate.name === name);
	if (!check) throw new Error(`no check is called ${name}`);
	for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
		const [result] = await Promise.allSettled([runStoreCheck(check, make)]);
		if (result.status === 'rejected') return String(result.reason);
	}
	return undefined;
};

/** In short one that only races show, and those that one process shows. */
const BRIEF = ['comparesUnlocked', 'ignoresTheGuard', 'stopsLate', 'listsByText'];
const tried = cases.filter(([fault]) => isWhole() || BRIEF.includes(fault));

test.each(tried.flatMap(([fault, ...names]) => names.map((name) => [fault, name] as const)))(
	'a store that %s fails "%s"',
	async (fault, name) => {
		expect(await findFault(name, makeBroken(fault))).toBeDefined();
	},
);

test.each(isWhole() ? [oneCreates, nothingLost] : [oneCreates])(
	'a branch that is pushed by force fails "%s"',
	async (name) => {
		expect(await findFault(name, makeForcingGit)).toMatch(/toHaveLength|toBe/);
	},
);

test('a race that nobody can see alone is seen: the unlocked store passes what one process can try', async () => {
	const check = storeChecks.find(({ name }) => name === 'replace: only the version that was read');
	if (!check) throw new Error('the check has another name now');
	await runStoreCheck(check, makeBroken('comparesUnlocked'));
});
