// What the suites of the phases share: two simulated targets, one of them with two subjects, and what they were asked.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest, type Publisher, SlipwayError } from '@slipway/core';
import { directoryStore } from '@slipway/store';
import { SimulatedRegistry, simulatedPublisher, testContext, VirtualClock } from '@slipway/testing';
import { Journal } from './journal.ts';
import { type ReleaseRequest, release } from './release.ts';
import { rollback } from './rollback.ts';

export const SHA256 = 'a'.repeat(64);
/** Two subjects of target `one`, one of target `two`. */
export const PURLS = ['one/demo', 'one/extra', 'two/demo'];
export const toManifest = (version: string): Manifest => ({
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'demo',
	version,
	source: { repo: null, commit: null, ref: null },
	artifacts: PURLS.map((purl) => ({
		name: `${purl.replace('/', '-')}-${version}.bin`,
		path: `artifacts/${purl}`,
		mediaType: 'application/octet-stream',
		size: 1,
		digest: { sha256: SHA256 },
		purl: `pkg:${purl}@${version}`,
	})),
});

/** A problem as targets tell it, and how it is reported. */
export const problem = (code: string) => new SlipwayError(code, 'it said no', { hint: 'Ask it.' });
export const NO = 'it said no (do: Ask it.)';

class Yard {
	readonly folder: string;
	readonly one = new SimulatedRegistry();
	readonly two = new SimulatedRegistry();
	readonly journal: Journal;
	/** What targets were asked, in order. */
	readonly asked: string[] = [];
	clock = new VirtualClock();
	context: ReturnType<typeof testContext>;

	constructor(folder: string) {
		this.folder = folder;
		this.journal = new Journal(directoryStore(join(folder, 'journal')), 'demo');
		this.context = testContext(folder, this.clock);
	}

	/** As a new process: a log and a clock of its own. */
	renew(): void {
		this.clock = new VirtualClock();
		this.context = testContext(this.folder, this.clock);
		this.asked.length = 0;
	}

	simulated(id: 'one' | 'two'): Publisher {
		return simulatedPublisher(this[id], { id, type: id });
	}

	/** Notes what it is asked. */
	publisher(id: 'one' | 'two', more: Partial<Publisher> = {}): Publisher {
		const all = { ...this.simulated(id), ...more };
		const note = (verb: string, subjects: readonly { readonly id: string }[]) =>
			this.asked.push(`${verb} ${id}: ${subjects.map((subject) => subject.id).join(' ')}`);
		return {
			...all,
			expose: (subjects, change) => {
				note('expose', subjects);
				return all.expose(subjects, change);
			},
			withdraw: (subjects, from, change) => {
				note('withdraw', subjects);
				return all.withdraw(subjects, from, change);
			},
			verify: (subjects, state, given) => {
				note(`verify ${state}`, subjects);
				return all.verify(subjects, state, given);
			},
		};
	}

	/** Both targets, the second with other verbs. */
	publishers(more: Partial<Publisher> = {}): Publisher[] {
		return [this.publisher('one'), this.publisher('two', more)];
	}

	request(more: Partial<ReleaseRequest> = {}): ReleaseRequest {
		return {
			journal: this.journal,
			publishers: this.publishers(),
			run: { key: '42/1', actor: 'tester' },
			manifest: toManifest('1.0.0'),
			onFailure: 'hold',
			place: 'here',
			...more,
		};
	}

	run(more: Partial<ReleaseRequest> = {}) {
		return release(this.request(more), this.context);
	}

	undo(version: string, more: Partial<ReleaseRequest> = {}) {
		return rollback({ ...this.request(more), version, reason: 'it is bad', act: true }, this.context);
	}

	async outcomes(version: string): Promise<Record<string, unknown>> {
		const found = await this.journal.readOutcomes(version);
		return Object.fromEntries(found.map(({ name, outcome }) => [name, outcome]));
	}
}

/** A new one before each test. */
export const withYard = (): (() => Yard) => {
	let yard: Yard;
	beforeEach(async () => {
		yard = new Yard(await mkdtemp(join(tmpdir(), 'phases-')));
	});
	afterEach(() => rm(yard.folder, { recursive: true, force: true }));
	return () => yard;
};
