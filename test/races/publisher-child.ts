// One publisher: a process of its own that does one job through the real Publisher, and prints its history.
// Argument: a Setting as JSON. Prints `ready`, waits for a line on standard input, prints an event or a report a line.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Artifact, ChangeContext, Publisher, Subject } from '@slipway/core';
import { SlipwayError } from '@slipway/core';
import { toSampleDeb } from '../../packages/deb/src/repository/sample-deb.fixture.ts';
import { type Call, type HistoryEvent, type MoveOutcome, type Result, readTime } from './history.ts';
import type { Job, Wanted } from './mix.ts';
import { type Ending, EXIT } from './publisher-ending.ts';
import { openPublisher, type Setting } from './setting.ts';

const MOST_PLANS = 25;

const print = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

class Stopped extends Error {
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}

type Way = 'expose' | 'withdraw';
const OUTCOMES = {
	exposed: 'done',
	withdrawn: 'done',
	already: 'already',
	moved: 'other',
	'not-ours': 'other',
} as const;

class Child {
	readonly #setting: Setting;
	readonly #publisher: Publisher;
	readonly #change: ChangeContext;
	replans = 0;

	constructor(setting: Setting, publisher: Publisher, change: ChangeContext) {
		this.#setting = setting;
		this.#publisher = publisher;
		this.#change = change;
	}

	#print(event: Record<string, unknown> & Pick<HistoryEvent, 'type'>): void {
		print({ process: this.#setting.name, time: readTime(), ...event });
	}

	async move(way: Way, subjects: readonly Subject[]): Promise<readonly MoveOutcome[]> {
		const moves = subjects.map(({ id, pointer: { previous, next } }) => ({
			subject: id,
			...(way === 'expose' ? { from: previous, to: next } : { from: next, to: previous }),
		}));
		this.#print({ type: 'invoke', call: { kind: 'move', moves } satisfies Call });
		try {
			const done =
				way === 'expose'
					? await this.#publisher.expose(subjects, this.#change)
					: await this.#publisher.withdraw(subjects, 'exposed', { ...this.#change, reason: 'race' });
			const outcomes = done.map(({ outcome, current }) => ({ outcome: OUTCOMES[outcome], current }));
			this.#print({ type: 'ok', result: { kind: 'move', outcomes } satisfies Result });
			return outcomes;
		} catch (thrown) {
			// Only this code says that no write was made: each lost its comparison.
			const isNothing = thrown instanceof SlipwayError && thrown.code === 'APT_CONFLICT';
			this.#print({ type: isNothing ? 'fail' : 'info', reason: String(thrown) });
			throw thrown;
		}
	}

	async #plan(artifacts: readonly Artifact[]): Promise<readonly Subject[]> {
		const { context } = this.#change;
		const { findings, subjects } = await this.#publisher.preflight(
			{ operation: 'release', artifacts },
			context,
		);
		const error = findings.find(({ severity }) => severity === 'error');
		if (error) throw new Stopped(error.code, error.message);
		return subjects.map(({ subject }) => subject);
	}

	/** As the transaction does: what lies there decides, by digest. */
	async #upload(subject: Subject): Promise<void> {
		for (const artifact of subject.artifacts)
			for (let tries = 1; ; tries += 1) {
				const { state } = await this.#publisher.probe(artifact, this.#change.context);
				if (state === 'match') break;
				if (state === 'mismatch') throw new Stopped('STOPPED_MISMATCH', `${artifact.name} has other bytes`);
				if (tries > 4) throw new Error(`${artifact.name} is still ${state}`);
				await this.#publisher.upload(artifact, subject, this.#change);
			}
	}

	async publish(debs: readonly Wanted[], thenRollback: boolean): Promise<Ending['end']> {
		const artifacts = debs.map((wanted) => toDeb(wanted).artifact);
		for (; this.replans < MOST_PLANS; this.replans += 1) {
			const subjects = await this.#plan(artifacts);
			for (const subject of subjects) await this.#upload(subject);
			const outcomes = await this.move('expose', subjects);
			if (outcomes.some(({ outcome }) => outcome === 'other')) continue;
			return thenRollback ? this.rollback(subjects) : 'in';
		}
		throw new Error(`somebody moved the pointer ${MOST_PLANS} times`);
	}

	async rollback(subjects: readonly Subject[]): Promise<Ending['end']> {
		const outcomes = await this.move('withdraw', subjects);
		return outcomes.some(({ outcome }) => outcome === 'other') ? 'not-ours' : 'rolled-back';
	}
}

const toDeb = ({ name, version, content }: Wanted) =>
	toSampleDeb(name, version, { content: `${name} ${version} ${content}` });

const run = (child: Child, job: Job): Promise<Ending['end']> =>
	job.kind === 'publish' ? child.publish(job.debs, job.thenRollback) : child.rollback(job.subjects);

const toStop = (thrown: unknown): Pick<Ending, 'code' | 'message'> | undefined =>
	thrown instanceof Stopped || thrown instanceof SlipwayError
		? { code: thrown.code, message: thrown.message }
		: undefined;

const setting: Setting & { readonly job: Job } = JSON.parse(process.argv[2] ?? '{}');
const counts = { conflicts: 0 };
const debs = setting.job.kind === 'publish' ? setting.job.debs.map(toDeb) : [];
const publisher = await openPublisher(setting, {
	debs,
	onConflict: () => {
		counts.conflicts += 1;
	},
});
const controller = new AbortController();
const context = {
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: () => Date.now(), sleep: (ms: number) => sleep(ms) },
	tempDir: setting.tempDir,
	signal: controller.signal,
};
const child = new Child(setting, publisher, { context, guard: async () => {} });
writeSync(1, 'ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
try {
	const end = await run(child, setting.job);
	print({ end, code: null, message: null, replans: child.replans, ...counts } satisfies Ending);
	process.exitCode = EXIT[end];
} catch (thrown) {
	const stop = toStop(thrown);
	if (!stop) throw thrown;
	print({ end: 'stopped', ...stop, replans: child.replans, ...counts } satisfies Ending);
	process.exitCode = EXIT.stopped;
}
