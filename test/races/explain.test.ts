import { explain } from './explain.ts';
import { type HistoryEvent, type MoveOutcome, type Pointer, toOperations } from './history.ts';
import { findBackwardDates, findReplacedBytes } from './model.ts';

const A = '1.0 all sha256:a';
const B = '1.1 all sha256:b';
const C = '1.2 all sha256:c';
const START = new Map([['greet', A]]);

type Line = readonly [
	process: string,
	time: number,
	what: string | readonly [Pointer, Pointer],
	end?: string,
];

const done: MoveOutcome = { outcome: 'done', current: null };

/** A few words a line: `['p', 1, [A, B]]` asks to move, `['p', 2, 'done']` ends it, `['r', 3, 'read']`, `['r', 4, 'saw', B]`. */
const toEvents = (lines: readonly Line[]): readonly HistoryEvent[] =>
	lines.map(([process, time, what, end]): HistoryEvent => {
		const at = { process, time };
		if (typeof what !== 'string') {
			const [from, to] = what;
			return { ...at, type: 'invoke', call: { kind: 'move', moves: [{ subject: 'greet', from, to }] } };
		}
		if (what === 'read') return { ...at, type: 'invoke', call: { kind: 'read' } };
		if (what === 'saw') {
			const offered: Record<string, string> = end === undefined ? {} : { greet: end };
			return { ...at, type: 'ok', result: { kind: 'read', offered } };
		}
		if (what === 'info' || what === 'fail') return { ...at, type: what, reason: 'no reply' };
		const outcome: MoveOutcome = what === 'done' ? done : { outcome: 'other', current: end ?? null };
		return { ...at, type: 'ok', result: { kind: 'move', outcomes: [outcome] } };
	});

const judge = (...lines: readonly Line[]) => explain(toOperations(toEvents(lines)), START).verdict;

describe('histories that a repository with compare-and-set can have', () => {
	test.each<readonly [string, readonly Line[]]>([
		[
			'nothing happened',
			[
				['r', 1, 'read'],
				['r', 2, 'saw', A],
			],
		],
		[
			'one after the other',
			[
				['p', 1, [A, B]],
				['p', 2, 'done'],
				['q', 3, [B, C]],
				['q', 4, 'done'],
				['r', 5, 'read'],
				['r', 6, 'saw', C],
			],
		],
		[
			'of two at once one is told that the other was first',
			[
				['p', 1, [A, B]],
				['q', 2, [A, C]],
				['p', 3, 'done'],
				['q', 4, 'other', B],
				['r', 5, 'read'],
				['r', 6, 'saw', B],
			],
		],
		[
			'a reader sees a change before its writer is told',
			[
				['p', 1, [A, B]],
				['r', 2, 'read'],
				['r', 3, 'saw', B],
				['p', 4, 'done'],
			],
		],
		[
			'a change that nobody was told about has happened',
			[
				['p', 1, [A, B]],
				['p', 2, 'info'],
				['r', 3, 'read'],
				['r', 4, 'saw', B],
			],
		],
		[
			'or happens late',
			[
				['p', 1, [A, B]],
				['p', 2, 'info'],
				['r', 3, 'read'],
				['r', 4, 'saw', A],
				['r', 5, 'read'],
				['r', 6, 'saw', B],
			],
		],
		[
			'or never',
			[
				['p', 1, [A, B]],
				['p', 2, 'info'],
				['r', 3, 'read'],
				['r', 4, 'saw', A],
			],
		],
		[
			'its process was killed',
			[
				['p', 1, [A, B]],
				['r', 3, 'read'],
				['r', 4, 'saw', B],
			],
		],
		[
			'what failed never happened',
			[
				['p', 1, [A, B]],
				['p', 2, 'fail'],
				['r', 3, 'read'],
				['r', 4, 'saw', A],
			],
		],
		[
			'a rollback and a restore',
			[
				['p', 1, [A, B]],
				['p', 2, 'done'],
				['p', 3, [B, A]],
				['p', 4, 'done'],
				['p', 5, [A, B]],
				['p', 6, 'done'],
				['r', 7, 'read'],
				['r', 8, 'saw', B],
			],
		],
	])('%s', (_name, lines) => expect(judge(...lines)).toBe('explained'));
});

describe('histories that it cannot have', () => {
	test.each<readonly [string, readonly Line[]]>([
		[
			'a lost update: two moved the same pointer from the same value',
			[
				['p', 1, [A, B]],
				['q', 2, [A, C]],
				['p', 3, 'done'],
				['q', 4, 'done'],
				['r', 5, 'read'],
				['r', 6, 'saw', C],
			],
		],
		[
			'a change that was reported is not there',
			[
				['p', 1, [A, B]],
				['p', 2, 'done'],
				['r', 3, 'read'],
				['r', 4, 'saw', A],
			],
		],
		[
			'a stale read after a fresh one',
			[
				['p', 1, [A, B]],
				['r', 2, 'read'],
				['r', 3, 'saw', B],
				['r', 4, 'read'],
				['r', 5, 'saw', A],
				['p', 6, 'done'],
			],
		],
		[
			'a change is seen before anybody asked for it',
			[
				['r', 1, 'read'],
				['r', 2, 'saw', B],
				['p', 3, [A, B]],
				['p', 4, 'done'],
			],
		],
		[
			'a value that nobody wrote',
			[
				['r', 1, 'read'],
				['r', 2, 'saw', C],
			],
		],
		[
			'a package is gone that nobody removed',
			[
				['p', 1, [A, B]],
				['p', 2, 'done'],
				['r', 3, 'read'],
				['r', 4, 'saw'],
			],
		],
		[
			'what failed happened after all',
			[
				['p', 1, [A, B]],
				['p', 2, 'fail'],
				['r', 3, 'read'],
				['r', 4, 'saw', B],
			],
		],
		[
			'a conflict with what was never there',
			[
				['p', 1, [A, B]],
				['p', 2, 'other', C],
			],
		],
		[
			'a rollback moved what another release had moved',
			[
				['p', 1, [A, B]],
				['p', 2, 'done'],
				['q', 3, [B, C]],
				['q', 4, 'done'],
				['u', 5, [B, A]],
				['u', 6, 'done'],
			],
		],
	])('%s', (_name, lines) => expect(judge(...lines)).toBe('unexplained'));
});

test('packages of one release are shown together or not at all', () => {
	const moves = ['greet', 'tally'].map((subject) => ({ subject, from: null, to: B }));
	const release: readonly HistoryEvent[] = [
		{ process: 'p', time: 1, type: 'invoke', call: { kind: 'move', moves } },
		{ process: 'p', time: 9, type: 'ok', result: { kind: 'move', outcomes: [done, done] } },
	];
	const see = (offered: Record<string, string>): readonly HistoryEvent[] => [
		{ process: 'r', time: 2, type: 'invoke', call: { kind: 'read' } },
		{ process: 'r', time: 3, type: 'ok', result: { kind: 'read', offered } },
	];
	const verdict = (offered: Record<string, string>) =>
		explain(toOperations([...release, ...see(offered)]), new Map()).verdict;
	expect(['explained', 'explained', 'unexplained']).toEqual([
		verdict({}),
		verdict({ greet: B, tally: B }),
		verdict({ greet: B }),
	]);
});

/** Twenty writers at once, each of its own package, all seen by readers in between. */
const toCrowd = (lost: boolean): readonly HistoryEvent[] => {
	const names = Array.from({ length: 20 }, (_, index) => `package-${index}`);
	const events: HistoryEvent[] = names.flatMap((subject, index): HistoryEvent[] => [
		{
			process: subject,
			time: index,
			type: 'invoke',
			call: { kind: 'move', moves: [{ subject, from: null, to: A }] },
		},
		{ process: subject, time: 1000 + index, type: 'ok', result: { kind: 'move', outcomes: [done] } },
	]);
	for (let seen = 1; seen <= 20; seen += 1) {
		const shown = names.filter((_, index) => (index * 7) % 20 < seen);
		const offered = Object.fromEntries(
			(lost && seen === 20 ? shown.slice(1) : shown).map((name) => [name, A]),
		);
		events.push(
			{ process: 'r', time: 100 + 2 * seen, type: 'invoke', call: { kind: 'read' } },
			{ process: 'r', time: 101 + 2 * seen, type: 'ok', result: { kind: 'read', offered } },
		);
	}
	return events;
};

test('a crowd is explained at once, and one that lost an update is not', () => {
	expect(explain(toOperations(toCrowd(false)), new Map()).verdict).toBe('explained');
	expect(explain(toOperations(toCrowd(true)), new Map())).toMatchObject({
		verdict: 'unexplained',
		reason: expect.stringContaining('none of these can come next'),
	});
});

test('other bytes under a name and version are found', () => {
	const digest = (letter: string) => `1.0 all sha256:${letter.repeat(64)}`;
	const reads = (...pointers: string[]) =>
		toOperations(
			toEvents(
				pointers.flatMap((pointer, at): Line[] => [
					['r', 2 * at, 'read'],
					['r', 2 * at + 1, 'saw', pointer],
				]),
			),
		);
	expect(findReplacedBytes(reads(digest('a'), digest('a')))).toEqual([]);
	expect(findReplacedBytes(reads(digest('a'), digest('b')))).toEqual([
		expect.stringContaining('greet 1.0 all was shown with'),
	]);
});

test('an older date after a newer one is found, at the same time it is none', () => {
	const read = (process: string, time: number, date: number): readonly HistoryEvent[] => [
		{ process, time, type: 'invoke', call: { kind: 'read' } },
		{ process, time: time + 10, type: 'ok', result: { kind: 'read', offered: {}, date } },
	];
	expect(findBackwardDates(toOperations([...read('a', 0, 2000), ...read('b', 5, 1000)]))).toEqual([]);
	expect(findBackwardDates(toOperations([...read('a', 0, 2000), ...read('b', 20, 1000)]))).toHaveLength(1);
});
