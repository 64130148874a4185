import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../store.ts';
import { toGroups, toGuardInTurn, writeGroups } from './write-groups.ts';

const bytes = new Uint8Array();
const toChange = (text: string): Change => {
	const [kind = '', path = ''] = text.split(' ');
	return { kind, path, bytes, version: null } as unknown as Change;
};
const toChanges = (text: string): Change[] => text.split(', ').map(toChange);

test.each([
	['create a', ['a']],
	['create a, create b', ['a', 'b']],
	['create a, create b, create c', ['a b', 'c']],
	['create a, put b, put c, remove d, replace e', ['a', 'b c', 'd', 'e']],
	['put a, replace b, replace c, put d, put e', ['a', 'b', 'c', 'd', 'e']],
])('%s', (text, groups) => {
	expect(toGroups(toChanges(text)).map((group) => group.map(({ path }) => path).join(' '))).toEqual(groups);
});

test('no change is no group', () => {
	expect(toGroups([])).toEqual([]);
});

test('the last change is begun when all before it have ended', async () => {
	const events: string[] = [];
	const changes = toChanges('create a, create b, create c, replace d');
	const outcome = await writeGroups(changes, async ({ path }) => {
		events.push(`+${path}`);
		await sleep(path === 'a' ? 20 : 1);
		events.push(`-${path}`);
		return 'written';
	});
	expect(outcome).toEqual({ outcome: 'written' });
	expect(events.slice(0, 3)).toEqual(['+a', '+b', '+c']);
	expect(events.slice(-2)).toEqual(['+d', '-d']);
});

test('after a conflict nothing is begun, and what is under way is waited for', async () => {
	const changes = toChanges(Array.from({ length: 30 }, (_, index) => `create ${index}`).join(', '));
	let running = 0;
	const begun: string[] = [];
	const outcome = await writeGroups(changes, async ({ path }) => {
		begun.push(path);
		running += 1;
		await sleep(Number(path) % 3);
		running -= 1;
		return path === '5' ? 'conflict' : 'written';
	});
	expect(outcome).toEqual({ outcome: 'conflict', path: '5' });
	expect(running).toBe(0);
	expect(begun.length).toBeLessThan(20);
	expect(begun).not.toContain('29');
});

test('a failure is thrown on when all has ended', async () => {
	let running = 0;
	const write = writeGroups(toChanges('create a, create b, create c'), async ({ path }) => {
		running += 1;
		await sleep(path === 'a' ? 1 : 20);
		running -= 1;
		if (path === 'a') throw new Error('broken');
		return 'written';
	});
	await expect(write).rejects.toThrow('broken');
	expect(running).toBe(0);
});

test('after a failure nothing is begun', async () => {
	const begun: string[] = [];
	const changes = toChanges(Array.from({ length: 30 }, (_, index) => `create ${index}`).join(', '));
	const write = writeGroups(changes, async ({ path }) => {
		begun.push(path);
		await sleep(path === '0' ? 1 : 20);
		if (path === '0') throw new Error('broken');
		return 'written';
	});
	await expect(write).rejects.toThrow('broken');
	expect(begun).toHaveLength(8);
});

test('a guard that threw is not asked again, and lets nobody through', async () => {
	let calls = 0;
	const guard = toGuardInTurn(async () => {
		calls += 1;
		await sleep(1);
		if (calls === 2) throw new Error('fenced off');
	});
	const settled = await Promise.allSettled([guard(), guard(), guard(), guard()]);
	expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
	expect(calls).toBe(2);
});
