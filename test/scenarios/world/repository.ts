import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git } from './git.ts';

/** Files by path. */
export type Tree = Readonly<Record<string, string>>;

const MAIN = 'main';

/** Where a clone of actions/checkout keeps what it fetched. A clone without any ref would be none after act copied it. */
const toLocalRef = (ref: string): string =>
	ref.replace(/^refs\/heads\//, 'refs/remotes/origin/').replace(/^refs\/pull\//, 'refs/remotes/pull/');

/** The user's repository as GitHub holds it: bare, and worked on by somebody who pushes. */
export class Repository {
	/** `OWNER/NAME`. */
	readonly name: string;
	/** The bare repository. */
	readonly folder: string;
	readonly #work: string;

	private constructor(name: string, root: string) {
		this.name = name;
		this.folder = join(root, `${name}.git`);
		this.#work = join(root, `${name}.work`);
	}

	static async create(name: string, root: string): Promise<Repository> {
		const repository = new Repository(name, root);
		await mkdir(repository.folder, { recursive: true });
		await mkdir(repository.#work, { recursive: true });
		await git(repository.folder, 'init', '--quiet', '--bare', `--initial-branch=${MAIN}`);
		await git(repository.#work, 'init', '--quiet', `--initial-branch=${MAIN}`);
		await git(repository.#work, 'remote', 'add', 'origin', repository.folder);
		return repository;
	}

	/** Writes these files, commits and pushes them. Returns the commit. */
	async commit(files: Tree, message: string, branch = MAIN): Promise<string> {
		if (branch !== MAIN) await git(this.#work, 'checkout', '--quiet', '-B', branch);
		for (const [path, content] of Object.entries(files)) {
			await mkdir(dirname(join(this.#work, path)), { recursive: true });
			await writeFile(join(this.#work, path), content);
		}
		await git(this.#work, 'add', '--all');
		await git(this.#work, 'commit', '--quiet', '--allow-empty', '-m', message);
		await git(this.#work, 'push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
		const commit = (await git(this.#work, 'rev-parse', 'HEAD')).trim();
		if (branch !== MAIN) await git(this.#work, 'checkout', '--quiet', MAIN);
		return commit;
	}

	/** Tags a commit, by default that of the main branch. */
	async tag(name: string, commit = `refs/heads/${MAIN}`): Promise<void> {
		await git(this.folder, 'tag', '--force', name, commit);
	}

	async setRef(ref: string, commit: string): Promise<void> {
		await git(this.folder, 'update-ref', ref, commit);
	}

	/** The commit that a ref names; undefined where there is none. */
	async resolve(ref: string): Promise<string | undefined> {
		const found = await git(this.folder, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`).catch(
			() => '',
		);
		return found.trim() || undefined;
	}

	/** What actions/checkout leaves: one commit, one ref, and a remote that is an address at GitHub. */
	async checkOut(ref: string, folder: string): Promise<string> {
		const commit = await this.resolve(ref);
		if (commit === undefined) throw new Error(`no ref ${ref} in ${this.name}`);
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		await git(folder, 'init', '--quiet', `--initial-branch=${MAIN}`);
		await git(folder, 'remote', 'add', 'origin', `https://github.com/${this.name}`);
		const source = [`file://${this.folder}`, `+${commit}:${toLocalRef(ref)}`];
		await git(folder, 'fetch', '--quiet', '--depth=1', '--no-tags', ...source);
		await git(folder, 'checkout', '--quiet', '--detach', commit);
		return commit;
	}

	/** The files of a branch by path; none where there is no such branch. */
	async listFiles(branch: string): Promise<readonly string[]> {
		if ((await this.resolve(`refs/heads/${branch}`)) === undefined) return [];
		const listed = await git(this.folder, 'ls-tree', '-r', '-z', '--name-only', `refs/heads/${branch}`);
		return listed.split('\0').filter((path) => path !== '');
	}

	/** A file of a branch, as text. */
	readFile(branch: string, path: string): Promise<string> {
		return git(this.folder, 'cat-file', 'blob', `refs/heads/${branch}:${path}`);
	}
}
