// The simulated registries keep the contract that the real adapters keep against the real services (the same suite runs
// there), and answer a publish as the table of replies says, as does the real one (replies.test.ts).
import type { Subject } from '@slipway/core';
import { describePublisher, type PublisherSubject } from '@slipway/testing';
import { movePointer } from './mischief.ts';
import { Process } from './process.ts';
import { describeReplies, type RepliedTo } from './reply-table.ts';
import type { Scenario } from './scenario.ts';
import type { Fate, Sent } from './wire.ts';
import { World } from './world.ts';

type Server = 'npm' | 'apt' | 'github';

const toQuiet = (server: Server): Scenario => ({
	seed: 1,
	npm: server === 'npm' ? { mode: 'tag', packages: 2 } : undefined,
	apt: server === 'apt' ? { packages: 2 } : undefined,
	hasGithub: server === 'github',
	hasPlain: false,
	isFirst: false,
	onFailure: 'rollback',
	noise: { lost: 0, refused: 0, budget: 0 },
	outage: undefined,
	longestScanMs: 0,
	longestApprovalMs: 0,
	staleReads: 0,
	plainDelayMs: 0,
	stages: [],
});

/** A world in which time passes by itself, and the fate of the next change is known. */
class OpenWorld extends World {
	mutations = 0;
	nextFate: Fate | undefined;

	override onSent(...[, { mutates }]: Parameters<World['onSent']>): void {
		if (mutates) this.mutations += 1;
	}

	override toFate(sent: Sent): Fate {
		const fate = this.nextFate;
		if (!sent.mutates || !fate) return super.toFate(sent);
		this.nextFate = undefined;
		return fate;
	}
}

interface Opened {
	readonly world: OpenWorld;
	readonly given: PublisherSubject;
}

const open = (scenario: Scenario): Opened => {
	const world = new OpenWorld(scenario, false);
	const process = new Process('publisher', world);
	const { promise: end, resolve: stop } = Promise.withResolvers<void>();
	void world.time.runUntil(end);
	// There is always a next moment.
	const tick = () => world.time.at(world.time.now + 50, tick);
	tick();
	const [publisher] = world.publishers(process);
	const [unreachable] = world.publishers(process, { isReachable: false });
	if (!publisher || !unreachable) throw new Error('a world without a publisher');
	const { artifacts } = world.manifest('1.1.0');
	const otherBytes = artifacts.map((artifact) => {
		const path = `other/${artifact.path}`;
		const digest = { sha256: 'e'.repeat(64) };
		world.disk.set(path, digest.sha256);
		return { ...artifact, path, digest };
	});
	const place = ({ id }: Subject) => {
		const found = world.places('1.1.0').find(({ artifact }) => artifact.purl.startsWith(`${id}@`));
		if (!found) throw new Error(`no place for ${id}`);
		return found;
	};
	const resolve = (subject: Subject): string | null => place(subject).current?.replace(/^v/, '') ?? null;
	const given: PublisherSubject = {
		publisher,
		unreachable,
		context: process.context,
		artifacts,
		otherBytes,
		resolve: async (subject) => resolve(subject),
		movePointer: async (subject) => {
			movePointer(world, place(subject));
			return resolve(subject) ?? '';
		},
		mutations: () => world.mutations,
		loseNextReply: () => {
			world.nextFate = { kind: 'lost-after' };
		},
		remove: async () => stop(),
	};
	return { world, given };
};

const make = (server: Server) => async (): Promise<PublisherSubject> => open(toQuiet(server)).given;

describePublisher('a simulated npm registry', make('npm'));
describePublisher('a simulated apt repository', make('apt'));
describePublisher('simulated GitHub releases', make('github'));

const toSimulated = async (): Promise<RepliedTo> => {
	const quiet = toQuiet('npm');
	const { world, given } = open({ ...quiet, npm: { mode: 'tag', packages: 1 } });
	const { publisher, context, artifacts, otherBytes } = given;
	const { subjects } = await publisher.preflight({ operation: 'release', artifacts }, context);
	const [subject, ours, theirs] = [subjects[0]?.subject, artifacts[0], otherBytes[0]];
	if (!subject || !ours || !theirs) throw new Error('nothing planned');
	return {
		publisher,
		context,
		subject,
		ours,
		publishAsOthers: async () => {
			const identity = { version: subject.version, sha256: theirs.digest.sha256, tag: 'theirs', now: 0 };
			world.npm.publish('base', identity);
		},
		strike: ({ fate }) => {
			world.nextFate = fate;
		},
		remove: given.remove,
	};
};

describeReplies('a simulated npm registry', toSimulated);
