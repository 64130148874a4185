import type { Change, Commit, GitBackend, Ref, TagObject } from './backend.ts';

const isId = (name: string): boolean => /^[0-9a-f]{40}$/.test(name);

/** Where there is no git on the machine: refs, and any commit id is taken for one that exists. */
export class RefsOnly implements GitBackend {
	readonly folder = undefined;
	readonly #refs = new Map<string, string>([['refs/heads/main', '1'.repeat(40)]]);

	async refs(prefix: string): Promise<readonly Ref[]> {
		const found = [...this.#refs].filter(([ref]) => ref.startsWith(prefix));
		return found.map(([ref, sha]) => ({ ref, sha, type: 'commit' as const }));
	}

	async resolve(name: string): Promise<string | undefined> {
		const names = [name, `refs/tags/${name}`, `refs/heads/${name}`];
		return names.map((each) => this.#refs.get(each)).find(Boolean) ?? (isId(name) ? name : undefined);
	}

	async hasObject(sha: string): Promise<boolean> {
		return isId(sha);
	}

	async setRef(ref: string, sha: string, old?: string): Promise<boolean> {
		if (this.#refs.get(ref) !== old) return false;
		this.#refs.set(ref, sha);
		return true;
	}

	async deleteRef(ref: string): Promise<void> {
		this.#refs.delete(ref);
	}

	async commit(): Promise<Commit | undefined> {
		return undefined;
	}

	async log(): Promise<readonly Commit[]> {
		return [];
	}

	async isAncestor(older: string, newer: string): Promise<boolean> {
		return older === newer;
	}

	async mergeBase(): Promise<undefined> {
		return undefined;
	}

	async diff(): Promise<readonly []> {
		return [];
	}

	async entry(): Promise<undefined> {
		return undefined;
	}

	async list(): Promise<readonly []> {
		return [];
	}

	async blob(): Promise<undefined> {
		return undefined;
	}

	async tagObject(): Promise<undefined> {
		return undefined;
	}

	makeTag(_tag: Omit<TagObject, 'sha'>): Promise<string> {
		return Promise.reject(new Error('without git there are no tag objects'));
	}

	write(_change: Change): Promise<string> {
		return Promise.reject(new Error('without git there are no files'));
	}
}
