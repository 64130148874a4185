import { type OnMove, Pointers } from './pointers.ts';

export interface SimulatedRelease {
	readonly id: number;
	readonly tag: string;
	/** The digests that the draft was made for, in one text. */
	readonly contents: string;
	isDraft: boolean;
	isWithdrawn: boolean;
	/** File name to sha256; `starter`: an upload without an end. */
	readonly assets: Map<string, string>;
}

export const LATEST = 'latest';

/** The releases of one repository: drafts that nobody sees, published ones, and which is the latest. */
export class GithubReleases {
	readonly pointers: Pointers;
	readonly releases: SimulatedRelease[] = [];
	/** What must never happen, in words. */
	readonly broken: string[] = [];
	#id = 0;

	constructor(onMove?: OnMove) {
		this.pointers = new Pointers(onMove);
	}

	find(tag: string): readonly SimulatedRelease[] {
		return this.releases.filter((release) => release.tag === tag);
	}

	/** As GitHub does: a second draft for the same tag is none of its business. */
	draft(tag: string, contents: string): SimulatedRelease {
		this.#id += 1;
		const release: SimulatedRelease = {
			id: this.#id,
			tag,
			contents,
			isDraft: true,
			isWithdrawn: false,
			assets: new Map(),
		};
		this.releases.push(release);
		if (this.find(tag).filter(({ isDraft }) => isDraft).length > 1)
			this.broken.push(`${tag} has more than one draft`);
		return release;
	}

	/** @returns false where a file of this name is there already */
	attach(id: number, name: string, sha256: string): boolean {
		const release = this.releases.find((candidate) => candidate.id === id);
		if (!release || release.assets.has(name)) return false;
		if (!release.isDraft) this.broken.push(`${name} was added to the published ${release.tag}`);
		release.assets.set(name, sha256);
		return true;
	}

	detach(id: number, name: string): void {
		const release = this.releases.find((candidate) => candidate.id === id);
		if (release && !release.isDraft) this.broken.push(`${name} was taken from the published ${release.tag}`);
		release?.assets.delete(name);
	}

	remove(id: number): void {
		const index = this.releases.findIndex((candidate) => candidate.id === id);
		const [release] = index < 0 ? [] : this.releases.splice(index, 1);
		if (release && !release.isDraft) this.broken.push(`the published ${release.tag} was deleted`);
	}
}
