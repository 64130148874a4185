import { ProjectName, parseJson, parseWith, SlipwayError, toCanonicalJson, Version } from '@slipway/core';
import type { Store, StoredFile } from '@slipway/store';
import * as v from 'valibot';
import type { ReleaseCode } from './code.ts';
import { type Plan, parsePlan, toPlanBytes } from './plan.ts';

export const OperationName = v.picklist(['release', 'abort', 'rollback', 'restore']);
export type OperationName = v.InferOutput<typeof OperationName>;

const Run = v.strictObject({
	/** One attempt of one run; steps and jobs that belong together share it. */
	key: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
	actor: v.string(),
});
export type Run = v.InferOutput<typeof Run>;

/** Who holds the project from here on: entry `number` of the project's one sequence. */
export const FenceEntry = v.strictObject({
	number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
	project: ProjectName,
	version: Version,
	/** sha256 of the release's first plan. */
	releaseId: v.string(),
	operation: OperationName,
	run: Run,
	reason: v.nullable(v.string()),
	time: v.string(),
});
export type FenceEntry = v.InferOutput<typeof FenceEntry>;

const EndEntry = v.strictObject({
	state: v.string(),
	reason: v.string(),
	time: v.string(),
	/** There where no command goes on with what was held: the same again would end the same way. */
	next: v.optional(v.null()),
});
export type EndEntry = v.InferOutput<typeof EndEntry>;

/** What happened, for people. `name` is unique within its fence. */
export interface Outcome {
	readonly name: string;
	readonly outcome: object;
}

/** A fence entry together with how its operation ended; null: it has not. */
export interface HistoryEntry {
	readonly fence: FenceEntry;
	readonly end: EndEntry | null;
}

const NUMBER_DIGITS = 6;
const pad = (number: number): string => String(number).padStart(NUMBER_DIGITS, '0');

const readPlan = (bytes: Uint8Array, path: string): Plan => {
	try {
		return parsePlan(bytes, path);
	} catch (cause) {
		throw new SlipwayError<ReleaseCode>('JOURNAL_CORRUPT', `cannot read ${path} of the journal`, {
			hint: `Restore ${path} from the journal's history, or remove it: the registries are then asked what is there, and only the way back is lost (rollback needs --to).`,
			cause,
		});
	}
};

const readEntry = <S extends typeof FenceEntry | typeof EndEntry>(
	schema: S,
	bytes: Uint8Array,
	path: string,
): v.InferOutput<S> => {
	try {
		return parseWith(schema, parseJson(bytes, path), { code: 'JOURNAL_CORRUPT', what: path, hint: '' });
	} catch (cause) {
		throw new SlipwayError<ReleaseCode>('JOURNAL_CORRUPT', `cannot read ${path} of the journal`, {
			hint: `Restore ${path} from the journal's history, or remove it when it is empty; then run the command again.`,
			cause,
		});
	}
};

/** Names of outcomes as operations give them: the number of the fence, then words. */
const OUTCOME_NAME = /^\d{6}-[A-Za-z0-9._-]{1,150}\.json$/;

/** Whether a path is one of an outcome of this version, which nothing is ever decided by. */
export const isOutcomePath = (path: string, project: string, version: string): boolean => {
	const folder = `releases/${project}/${version}/outcomes/`;
	return path.startsWith(folder) && OUTCOME_NAME.test(path.slice(folder.length));
};

/**
 * The Plan, fences and outcomes of one project's releases in a Store, append-only: needs only create, read and list.
 *
 *     releases/<project>/<version>/plan.json         created only if absent
 *     releases/<project>/<version>/plan-<n>.json     re-pointed plans, n = 2, 3, …
 *     releases/<project>/<version>/outcomes/…        what happened, for people; never a reason to skip
 *     fences/<project>/<n>.json, <n>-end.json        one sequence per project
 *
 * A hint, never the truth: nothing is skipped because of what stands here.
 */
export class Journal {
	readonly project: string;
	readonly store: Store;

	constructor(store: Store, project: string) {
		this.store = store;
		this.project = project;
	}

	#folder(version: string): string {
		return `releases/${this.project}/${version}`;
	}

	async #create(path: string, bytes: Uint8Array): Promise<boolean> {
		const { outcome } = await this.store.write([{ kind: 'create', path, bytes }]);
		return outcome === 'written';
	}

	/** In one write, in this order; what is there already with other bytes stays, and keeps no other file away. */
	async #createAll(files: readonly (readonly [path: string, value: object])[]): Promise<void> {
		const creates = files.map(([path, value]) => ({
			kind: 'create' as const,
			path,
			bytes: new TextEncoder().encode(toCanonicalJson(value)),
		}));
		const conflicts = new Set<string>();
		for (;;) {
			const outcome = await this.store.write(creates.filter(({ path }) => !conflicts.has(path)));
			if (outcome.outcome === 'written') return;
			conflicts.add(outcome.path);
		}
	}

	/** The plans of a version, first to newest; empty where none was frozen. */
	async readPlans(version: string): Promise<Plan[]> {
		const isPlan = (path: string) => /\/plan(-\d+)?\.json$/.test(path);
		const toNumber = (path: string) => Number(/plan-(\d+)\.json$/.exec(path)?.[1] ?? 1);
		const files = [...(await this.#readAll(this.#folder(version), isPlan))];
		return files
			.sort(([a], [b]) => toNumber(a) - toNumber(b))
			.map(([path, { bytes }]) => readPlan(bytes, path));
	}

	/** Freezes a plan. False: another run was first; read its plan and adopt it. */
	async createPlan(plan: Plan, number = 1): Promise<boolean> {
		const name = number === 1 ? 'plan.json' : `plan-${number}.json`;
		return this.#create(`${this.#folder(plan.version)}/${name}`, toPlanBytes(plan));
	}

	/** Every fence entry of the project, oldest first. */
	async readHistory(): Promise<HistoryEntry[]> {
		const isEntry = (path: string) => /\/\d+(?:-end)?\.json$/.test(path);
		const files = await this.#readAll(`fences/${this.project}`, isEntry);
		const entries = [...files]
			.filter(([path]) => !path.endsWith('-end.json'))
			.map(([path, { bytes }]) => {
				const endPath = path.replace(/\.json$/, '-end.json');
				const end = files.get(endPath);
				return {
					fence: readEntry(FenceEntry, bytes, path),
					end: end ? readEntry(EndEntry, end.bytes, endPath) : null,
				};
			});
		return entries.sort((a, b) => a.fence.number - b.fence.number);
	}

	/** At once: where reading is a question to a server, many reads are one question, with the list where that can be. */
	async #readAll(
		folder: string,
		isWanted: (path: string) => boolean,
	): Promise<ReadonlyMap<string, StoredFile>> {
		const { store } = this;
		if (store.readAll) return store.readAll(folder, isWanted);
		const paths = (await store.list(folder)).filter(isWanted);
		const files = await Promise.all(paths.map(async (path) => [path, await store.read(path)] as const));
		return new Map(files.flatMap(([path, file]) => (file ? [[path, file] as const] : [])));
	}

	/** The number of the newest fence: a cheap read, done before every change. */
	async readFenceNumber(): Promise<number> {
		const paths = await this.store.list(`fences/${this.project}`);
		return Math.max(0, ...paths.map((path) => Number(/\/(\d+)\.json$/.exec(path)?.[1] ?? 0)));
	}

	/** False: somebody else took this number. */
	async createFence(entry: FenceEntry): Promise<boolean> {
		return this.#create(
			`fences/${this.project}/${pad(entry.number)}.json`,
			new TextEncoder().encode(toCanonicalJson(entry)),
		);
	}

	/**
	 * Ends the operation of a fence, with outcomes that come before; a second end of the same fence is ignored.
	 */
	async createEnd(fence: FenceEntry, end: EndEntry, outcomes: readonly Outcome[] = []): Promise<void> {
		const path = `fences/${this.project}/${pad(fence.number)}-end.json`;
		await this.#createAll([...this.#toFiles(fence, outcomes), [path, end]]);
	}

	/** Records what happened. */
	async createOutcomes(fence: FenceEntry, outcomes: readonly Outcome[]): Promise<void> {
		await this.#createAll(this.#toFiles(fence, outcomes));
	}

	#toFiles(fence: FenceEntry, outcomes: readonly Outcome[]): (readonly [string, object])[] {
		const prefix = `${this.#folder(fence.version)}/outcomes/${pad(fence.number)}`;
		return outcomes.map(({ name, outcome }) => [`${prefix}-${name}.json`, outcome]);
	}

	/** The outcome records of a version that can be read, in order; torn or foreign ones are left out. */
	async readOutcomes(version: string): Promise<{ readonly name: string; readonly outcome: unknown }[]> {
		const outcomes: { name: string; outcome: unknown }[] = [];
		const folder = `${this.#folder(version)}/outcomes`;
		for (const [path, { bytes }] of await this.#readAll(folder, () => true)) {
			try {
				outcomes.push({ name: path.slice(path.lastIndexOf('/') + 1), outcome: parseJson(bytes, path) });
			} catch {
				// A hint that cannot be read is no hint: the registries are asked anyway.
			}
		}
		return outcomes;
	}
}
