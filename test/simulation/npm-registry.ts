import type { OnMove } from './pointers.ts';
import { Pointers } from './pointers.ts';

interface Published {
	readonly sha256: string;
	/** From when on readers see it. */
	readonly visibleAt: number;
	deprecated: string;
}

/** What a read of a package shows. */
export interface Packument {
	readonly versions: ReadonlyMap<string, Published>;
	readonly tags: ReadonlyMap<string, string>;
}

interface Package {
	readonly versions: Map<string, Published>;
	readonly tags: Map<string, string>;
	/** Staged versions wait for a person, who approves them at this moment. */
	readonly staged: Map<
		string,
		{ readonly sha256: string; readonly tag: string; readonly approvedAt: number }
	>;
	/** What a cache shows instead, so many times more. */
	stale: { packument: Packument; reads: number } | undefined;
}

/** How a registry answers a publish (facts on registries, table 1.1). */
export type PublishReply = 'accepted' | 'taken' | 'staged';

export interface NpmBehaviour {
	/** Of the next version: how long (ms) its scan takes. */
	toScanMs(): number;
	/** After the next change: how often a cache shows what was there before. */
	toStaleReads(): number;
	/** Of the next staged version: how long (ms) until a person approves it. */
	toApprovalMs(): number;
}

const WELL: NpmBehaviour = { toScanMs: () => 0, toStaleReads: () => 0, toApprovalMs: () => 0 };

/** The state of a registry like npm's: versions are used up for ever, dist-tags move by unconditional writes. */
export class NpmRegistry {
	readonly pointers: Pointers;
	readonly #packages = new Map<string, Package>();
	readonly #behaviour: NpmBehaviour;

	constructor(onMove?: OnMove, behaviour: NpmBehaviour = WELL) {
		this.pointers = new Pointers(onMove);
		this.#behaviour = behaviour;
	}

	#package(name: string): Package {
		const found = this.#packages.get(name);
		if (found) return found;
		const fresh: Package = { versions: new Map(), tags: new Map(), staged: new Map(), stale: undefined };
		this.#packages.set(name, fresh);
		return fresh;
	}

	#approve(found: Package, now: number): void {
		for (const [version, { sha256, tag, approvedAt }] of found.staged) {
			if (approvedAt > now) continue;
			found.staged.delete(version);
			found.versions.set(version, { sha256, visibleAt: approvedAt, deprecated: '' });
			found.tags.set(tag, version);
		}
	}

	#show({ versions, tags }: Package, now: number): Packument {
		return {
			versions: new Map([...versions].filter(([, { visibleAt }]) => visibleAt <= now)),
			tags: new Map(tags),
		};
	}

	/** Readers may see an older state for a while. undefined: no such package. */
	read(name: string, now: number): Packument | undefined {
		const found = this.#packages.get(name);
		if (!found) return undefined;
		this.#approve(found, now);
		if (found.stale && found.stale.reads > 0) {
			found.stale.reads -= 1;
			return found.stale.packument;
		}
		const shown = this.#show(found, now);
		return found.versions.size === 0 ? undefined : shown;
	}

	readTags(name: string, now: number): ReadonlyMap<string, string> {
		const found = this.#packages.get(name);
		if (found) this.#approve(found, now);
		return new Map(found?.tags);
	}

	isStaged(name: string, version: string, now: number): boolean {
		const found = this.#package(name);
		this.#approve(found, now);
		return found.staged.has(version);
	}

	/** What the registry holds of a version, whether or not it shows it. */
	holds(name: string, version: string): string | undefined {
		const found = this.#package(name);
		return found.versions.get(version)?.sha256 ?? found.staged.get(version)?.sha256;
	}

	isDeprecated(name: string, version: string): boolean {
		return (this.#package(name).versions.get(version)?.deprecated ?? '') !== '';
	}

	#cache(name: string, now: number): void {
		const found = this.#package(name);
		const reads = this.#behaviour.toStaleReads();
		if (reads > 0) found.stale = { packument: this.#show(found, now), reads };
	}

	publish(
		name: string,
		{ version, sha256, tag, now }: { version: string; sha256: string; tag: string; now: number },
	): PublishReply {
		const found = this.#package(name);
		this.#approve(found, now);
		if (found.versions.has(version)) return 'taken';
		if (found.staged.has(version)) return 'staged';
		this.#cache(name, now);
		const scan = this.#behaviour.toScanMs();
		found.versions.set(version, { sha256, visibleAt: now + scan, deprecated: '' });
		found.tags.set(tag, version);
		return 'accepted';
	}

	/** What a package was before the story began is seen by everybody. */
	settle(name: string): void {
		const found = this.#package(name);
		found.stale = undefined;
		for (const [version, published] of found.versions)
			found.versions.set(version, { ...published, visibleAt: 0 });
	}

	stage(
		name: string,
		{ version, sha256, tag, now }: { version: string; sha256: string; tag: string; now: number },
	): PublishReply {
		const found = this.#package(name);
		this.#approve(found, now);
		if (found.versions.has(version)) return 'taken';
		if (found.staged.has(version)) return 'staged';
		found.staged.set(version, { sha256, tag, approvedAt: now + this.#behaviour.toApprovalMs() });
		return 'accepted';
	}

	reject(name: string, version: string): void {
		this.#package(name).staged.delete(version);
	}

	/** null: the tag is removed. */
	tag(name: string, { tag, version, now }: { tag: string; version: string | null; now: number }): void {
		this.#cache(name, now);
		const { tags } = this.#package(name);
		if (version === null) tags.delete(tag);
		else tags.set(tag, version);
	}

	deprecate(name: string, version: string, message: string): void {
		const found = this.#package(name).versions.get(version);
		if (found) found.deprecated = message;
	}
}
