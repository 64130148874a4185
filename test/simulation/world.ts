import { type Artifact, type Manifest, type Publisher, parsePurl } from '@slipway/core';
import { simulatedApt } from './apt-publisher.ts';
import { AptRepository } from './apt-repository.ts';
import { begin } from './begin.ts';
import { simulatedGithub } from './github-publisher.ts';
import { GithubReleases, LATEST } from './github-releases.ts';
import { MemoryFiles } from './memory-store.ts';
import { simulatedNpm } from './npm-publisher.ts';
import { NpmRegistry } from './npm-registry.ts';
import { PlainTarget, simulatedPlain } from './plain-target.ts';
import type { Move, OnMove } from './pointers.ts';
import type { Process } from './process.ts';
import { Random } from './random.ts';
import { BASE, toManifest } from './releases.ts';
import type { Scenario } from './scenario.ts';
import type { Reach } from './target.ts';
import { VirtualTime } from './virtual-time.ts';
import { type Fate, type Sent, SLOWEST_READ_MS, type Wire } from './wire.ts';

/** A place of the world at which a subject of a release has a pointer and bytes. */
export interface Place {
	readonly server: 'npm' | 'apt' | 'github' | 'plain';
	readonly artifact: Artifact;
	/** What the default pointer has to name for this version. */
	readonly next: string;
	readonly current: string | null;
	readonly isOthers: boolean;
	/** sha256 of what is there under its name and version, shown or not. */
	readonly held: string | undefined;
}

type Found = Parameters<OnMove>[1]['found'];

const WELL: Fate = { kind: 'well' };
const SLACK_MS = 1;
/** No longer than this anybody waits because a server asks for it. */
const LONGEST_WAIT_MS = 600_000;

/** Registries, a journal and a time that belong together, what goes wrong between them, and all that may never happen. */
export class World implements Wire {
	readonly time = new VirtualTime();
	readonly random: Random;
	readonly scenario: Scenario;
	readonly files = new MemoryFiles();
	readonly npm: NpmRegistry;
	readonly apt: AptRepository;
	readonly github: GithubReleases;
	readonly plain: PlainTarget;
	/** True sha256 of the built files. */
	readonly disk = new Map<string, string>();
	readonly violations: string[] = [];
	readonly story: string[] = [];
	readonly #isTold: boolean;
	readonly #manifests = new Map<string, Manifest>();
	#budget: number;
	#outage: { readonly server: string; readonly from: number; readonly to: number } | undefined;
	#isCalm = false;

	constructor(scenario: Scenario, isTold: boolean) {
		this.scenario = scenario;
		this.#isTold = isTold;
		this.random = new Random(scenario.seed ^ 0x5eed);
		this.#budget = scenario.noise.budget;
		const onMove: OnMove = (process, move) => this.#judge(process, move, move.found);
		const upTo = (most: number): number => (this.#isCalm || most === 0 ? 0 : this.random.int(0, most));
		this.npm = new NpmRegistry(onMove, {
			toScanMs: () => upTo(scenario.longestScanMs),
			toStaleReads: () => upTo(scenario.staleReads),
			toApprovalMs: () => upTo(scenario.longestApprovalMs),
		});
		this.apt = new AptRepository(onMove);
		this.github = new GithubReleases(onMove);
		this.plain = new PlainTarget(onMove, () => upTo(scenario.plainDelayMs));
		if (!scenario.isFirst) begin(this);
	}

	/** The build of a version; its files lie on the disk from then on. */
	manifest(version: string): Manifest {
		const known = this.#manifests.get(version);
		if (known) return known;
		const manifest = toManifest(this.scenario, version);
		this.#manifests.set(version, manifest);
		for (const { path, digest } of manifest.artifacts) this.disk.set(path, digest.sha256);
		return manifest;
	}

	publishers(
		process: Process,
		{ isReachable = true }: Pick<Reach, 'isReachable'> = {},
	): readonly Publisher[] {
		const reach = (id: string): Reach => ({ id, wire: this, process, disk: this.disk, isReachable });
		const { npm } = this.scenario;
		const types = new Set(this.manifest(BASE).artifacts.map(({ purl }) => parsePurl(purl).type));
		return [
			...(types.has('npm') && npm ? [simulatedNpm(reach('npm'), this.npm, npm)] : []),
			...(types.has('deb') ? [simulatedApt(reach('apt'), this.apt)] : []),
			...(types.has('github') ? [simulatedGithub(reach('github'), this.github)] : []),
			...(types.has('generic') ? [simulatedPlain(reach('plain'), this.plain)] : []),
		];
	}

	/** Everything that a version consists of, and where it stands in truth. */
	places(version: string): readonly Place[] {
		return this.manifest(version).artifacts.map((artifact) => this.#place(artifact));
	}

	#place(artifact: Artifact): Place {
		const { type, name, version = '' } = parsePurl(artifact.purl);
		const at = { artifact, next: version };
		if (type === 'npm') {
			const key = `${name}@latest`;
			const { pointers } = this.npm;
			const held = this.npm.holds(name, version);
			const current = this.npm.readTags(name, this.time.now).get('latest') ?? null;
			return { ...at, server: 'npm', current, isOthers: pointers.isOthers(key), held };
		}
		if (type === 'deb') {
			const held = this.apt.pool.get(`pool/${artifact.name}`);
			const current = this.apt.state.offers.get(name) ?? null;
			return { ...at, server: 'apt', current, isOthers: this.apt.pointers.isOthers(name), held };
		}
		if (type === 'github') {
			const [release] = this.github.find(`v${version}`);
			const { pointers } = this.github;
			return {
				...at,
				server: 'github',
				next: `v${version}`,
				current: pointers.get(LATEST),
				isOthers: pointers.isOthers(LATEST),
				held: release?.assets.get(artifact.name),
			};
		}
		const { pointers, files } = this.plain;
		const held = files.get(artifact.name)?.sha256;
		return { ...at, server: 'plain', current: pointers.get(name), isOthers: pointers.isOthers(name), held };
	}

	tell(line: () => string): void {
		if (!this.#isTold) return;
		const seconds = (this.time.now - Date.parse('2026-01-02T03:04:05Z')) / 1000;
		this.story.push(`${seconds.toFixed(3).padStart(12)}  ${line()}`);
	}

	fail(what: string): void {
		this.tell(() => `VIOLATION ${what}`);
		this.violations.push(what);
	}

	/** From now on nothing goes wrong any more. */
	calm(): void {
		if (!this.#isCalm) this.tell(() => 'from now on nothing goes wrong any more');
		this.#isCalm = true;
		this.#outage = undefined;
	}

	get isCalm(): boolean {
		return this.#isCalm;
	}

	startOutage(): void {
		const { outage } = this.scenario;
		if (!outage || this.#isCalm) return;
		const from = this.time.now + outage.afterMs;
		this.#outage = { server: outage.server, from, to: from + outage.ms };
		this.tell(() => `${outage.server} will be down from here + ${outage.afterMs} ms for ${outage.ms} ms`);
	}

	toFate({ server, mutates }: Sent): Fate {
		if (this.#isCalm) return WELL;
		const { random, time } = this;
		if (this.#outage?.server === server && time.now >= this.#outage.from && time.now < this.#outage.to)
			return random.chance(0.5) ? { kind: 'lost-before' } : { kind: 'refused', status: 503 };
		if (this.#budget === 0) return WELL;
		const { lost, refused } = this.scenario.noise;
		const drawn = random.next();
		if (drawn >= lost + refused) return WELL;
		this.#budget -= 1;
		if (drawn < lost) return { kind: random.chance(0.5) ? 'lost-before' : 'lost-after' };
		if (!mutates) return { kind: 'refused', status: random.pick([500, 502, 503]) };
		const status = random.pick([500, 502, 503, 429, 429, 409]);
		const retryAfterMs = status === 429 ? random.pick([undefined, 1000, 30_000, 600_000]) : undefined;
		return { kind: 'refused', status, retryAfterMs };
	}

	onLater(process: Process, server: string, retryAfterMs: number): void {
		process.notBefore.set(
			server,
			this.time.now + Math.min(retryAfterMs, LONGEST_WAIT_MS) - 2 * SLOWEST_READ_MS,
		);
	}

	onSent(process: Process, { server, what, mutates, brings }: Sent): void {
		if (server === 'journal') return;
		const { now } = this.time;
		if (now < (process.notBefore.get(server) ?? 0))
			this.fail(`F5: ${process.name} called ${server} (${what}) before it was allowed to`);
		if (!mutates) return;
		if (brings !== undefined && process.accepted.has(brings))
			this.fail(`I3: ${process.name} sent ${brings} again, though ${server} had accepted it`);
		this.#checkFence(process, what);
	}

	/** What is sent must rest on a look at the fence that was true when the server answered it. */
	#checkFence({ name, fence }: Process, what: string): void {
		if (fence === undefined) {
			this.fail(`I3: ${name} changed something (${what}) without having claimed it`);
			return;
		}
		for (const [number, at] of this.files.fences)
			if (number > fence && this.time.now > at + SLOWEST_READ_MS + SLACK_MS)
				this.fail(`F11: ${name} (fence ${fence}) sent ${what} after fence ${number} was taken`);
	}

	/** I2, I5: a pointer that we move was not seen to be somebody else's, and names what is there everywhere. */
	#judge(process: Process, { key, from, to, seenAt }: Move, found: Found): void {
		const current = found?.value ?? null;
		const isTheirs = found?.by === 'others' && found.at < seenAt && current !== to;
		if (isTheirs && (current !== from || !this.#isPlanned(current)))
			this.fail(`I5: ${process.name} moved ${key} from ${current}, which somebody else had set, to ${to}`);
		if (to === null) return;
		const version = to.replace(/^v/, '');
		if (!this.#manifests.has(version)) return;
		for (const { artifact, held, server } of this.places(version)) {
			if (held === artifact.digest.sha256 || this.#isDirect(artifact)) continue;
			this.fail(
				`I2: ${process.name} exposed ${key} ${to}, but ${server} holds ${held ?? 'nothing'} for ${artifact.name}`,
			);
		}
	}

	/** A plan knows that the pointer was there, and goes back to it. */
	#isPlanned(value: string | null): boolean {
		const plans = this.files.list('releases').filter((path) => /\/plan(-\d+)?\.json$/.test(path));
		const texts = plans.map((path) => Buffer.from(this.files.read(path)?.bytes ?? []).toString());
		return texts.some((text) => text.includes(`"previous":${JSON.stringify(value)}`));
	}

	onFence({ name }: Process, number: number, isFresh: boolean): void {
		if (!isFresh) this.fail(`F10: ${name} took fence ${number}, which somebody had taken`);
	}

	/** Cannot hide: its upload is its exposure. */
	#isDirect({ purl }: Artifact): boolean {
		const { type } = parsePurl(purl);
		return type === 'npm' && (this.scenario.npm?.mode === 'direct' || this.scenario.isFirst);
	}
}
