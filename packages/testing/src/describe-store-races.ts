import { setTimeout as sleep } from 'node:timers/promises';
import { type StoreCheck, type StoreSubject, toText, toWriterArguments } from './describe-store-subject.ts';
import { type Member, withTeam } from './process-team.ts';

const toRounds = ({ isSlow }: StoreSubject) => (isSlow ? { paths: 4, counts: 4 } : { paths: 20, counts: 15 });

const COUNTER = 'counters/one';

const team = <T>(
	subject: StoreSubject,
	tasks: readonly (readonly string[])[],
	body: (members: readonly Member[]) => Promise<T>,
): Promise<T> =>
	withTeam(
		tasks.map((task) => toWriterArguments(subject, task)),
		body,
	);

const readCounter = async ({ store }: StoreSubject): Promise<number> =>
	Number((toText(await store.read(COUNTER)) ?? '0').trim());

const oneCreates: StoreCheck = {
	name: 'of processes that create one path with other bytes exactly one wins',
	check: async (subject) => {
		const names = ['ann', 'bob', 'cid', 'dot', 'eve'];
		const { paths } = toRounds(subject);
		const tasks = names.map((name) => ['createAll', name, String(paths)]);
		const outcomes = await team(subject, tasks, (members) =>
			Promise.all(members.map((member) => member.finished())),
		);
		for (let index = 0; index < paths; index += 1) {
			const winners = names.filter((_, member) => outcomes[member]?.[index] === 'written');
			expect(winners).toHaveLength(1);
			expect(toText(await subject.store.read(`race/${index}`))).toBe(`${winners[0]}\n`.repeat(2000));
		}
	},
};

const nothingLost: StoreCheck = {
	name: 'processes that read and replace one counter lose no update',
	check: async (subject) => {
		const { counts } = toRounds(subject);
		const tasks = Array.from({ length: 4 }, () => ['incrementAll', COUNTER, String(counts)]);
		await team(subject, tasks, (members) => Promise.all(members.map((member) => member.finished())));
		expect(await readCounter(subject)).toBe(4 * counts);
	},
};

/** Reads until told to stop: every version seen must be whole and newer than the last one seen. */
const watchCounter = async (subject: StoreSubject, signal: AbortSignal): Promise<void> => {
	let last = 0;
	while (!signal.aborted) {
		const text = toText(await subject.store.read(COUNTER));
		if (text !== null) expect(text).toMatch(/^\d+ {40000}\n$/);
		const seen = Number((text ?? '0').trim());
		expect(seen).toBeGreaterThanOrEqual(last);
		last = seen;
		await sleep(1);
	}
};

/** Lets four writers count, kills one after the other; gives how many increments were reported, and how many killed. */
const killWriters = (subject: StoreSubject): Promise<{ acknowledged: number; killed: number }> => {
	const tasks = Array.from({ length: 4 }, () => ['incrementAll', COUNTER, '100000', '40000']);
	return team(subject, tasks, async (members) => {
		for (const member of members) {
			await sleep(40 + Math.random() * 60);
			await member.kill();
		}
		const acknowledged = members.reduce((total, member) => total + member.lines.length, 0);
		return { acknowledged, killed: members.length };
	});
};

const killTwice = async (subject: StoreSubject): Promise<void> => {
	let [least, most] = [1, 1];
	for (let round = 0; round < 2; round += 1) {
		const { acknowledged, killed } = await killWriters(subject);
		least += acknowledged;
		most += acknowledged + killed;
	}
	await team(subject, [['incrementAll', COUNTER, '1', '40000']], async ([member]) => member?.finished());
	const count = await readCounter(subject);
	expect(count).toBeGreaterThanOrEqual(least);
	expect(count).toBeLessThanOrEqual(most);
	expect(await subject.store.list('')).toEqual([COUNTER]);
};

const killedInTheMiddle: StoreCheck = {
	name: 'writers that are killed in the middle leave a store that is whole, true and usable at once',
	check: async (subject) => {
		const stop = new AbortController();
		const results = await Promise.allSettled([
			killTwice(subject).finally(() => stop.abort()),
			watchCounter(subject, stop.signal),
		]);
		for (const result of results) if (result.status === 'rejected') throw result.reason;
	},
};

/** Properties that only writers in several processes can show. */
export const racingChecks: readonly StoreCheck[] = [oneCreates, nothingLost, killedInTheMiddle];
