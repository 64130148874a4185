import type { Change, Commit, Entry, GitBackend, Person, Ref, TagObject } from './backend.ts';
import { Lasting } from './lasting.ts';
import { readLooseRef } from './loose-refs.ts';
import { askGit, demandGit, type Git, readGit } from './run-git.ts';

const NONE = '0'.repeat(40);
const FORMAT = '--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x1e';

/** What could be read as an option, a range or a path is the name of nothing. */
const isName = (name: string): boolean =>
	/^[^\s~^:?*[\\@{-][^\s~^:?*[\\]*$/.test(name) && !name.includes('..');

const toPerson = (name = '', email = '', date = ''): Person => ({ name, email, date });

const toCommit = (text: string): Commit => {
	const [sha = '', tree = '', parents = '', an, ae, ad, cn, ce, cd, ...message] = text.split('\0');
	return {
		sha,
		tree,
		parents: parents.split(' ').filter(Boolean),
		author: toPerson(an, ae, ad),
		committer: toPerson(cn, ce, cd),
		message: message.join('\0').trimEnd(),
	};
};

const toCommits = (stdout: string): readonly Commit[] =>
	stdout
		.split('\x1e')
		.map((text) => text.replace(/^\n/, ''))
		.filter(Boolean)
		.map(toCommit);

const toEntry = (line: string, folder: string): Entry => {
	const [, type, sha = '', size = '', name = ''] = /^\d+ (\w+) (\w+) +(\S+)\t(.*)$/s.exec(line) ?? [];
	const isFile = type === 'blob';
	return {
		path: folder === '' ? name : `${folder}/${name}`,
		type: isFile ? 'file' : 'dir',
		sha,
		size: isFile ? Number(size) : 0,
	};
};

const toTagObject = (sha: string, text: string): TagObject => {
	const [head = '', ...message] = text.split('\n\n');
	const fields = new Map(head.split('\n').map((line) => line.split(/ (.*)/s) as [string, string]));
	const [, name, email, seconds] = /^(.*) <(.*)> (\d+)/.exec(fields.get('tagger') ?? '') ?? [];
	return {
		sha,
		tag: fields.get('tag') ?? '',
		object: fields.get('object') ?? '',
		message: message.join('\n\n').trimEnd(),
		tagger:
			seconds === undefined
				? undefined
				: toPerson(name, email, new Date(Number(seconds) * 1000).toISOString()),
	};
};

const toRef = (line: string): Ref => {
	const [ref = '', sha = '', type] = line.split('\0');
	return { ref, sha, type: type === 'tag' ? 'tag' : 'commit' };
};

/** Then its id is printed. */
const TOLD = '\nget-mark :1\n';

/** One commit in the format of git-fast-import. */
const toImport = (
	{ branch, path, bytes, message, author }: Change,
	from: string | undefined,
	now: number,
): Buffer => {
	const who = `${author.name} <${author.email}> ${Math.floor(now / 1000)} +0000`;
	const text = Buffer.from(message);
	const quoted = `"${path.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
	const head = `commit refs/heads/${branch}\nmark :1\nauthor ${who}\ncommitter ${who}\ndata ${text.length}\n`;
	const parent = from === undefined ? '' : `from ${from}\n`;
	if (bytes === undefined)
		return Buffer.concat([Buffer.from(head), text, Buffer.from(`\n${parent}D ${quoted}\n${TOLD}`)]);
	const file = `\n${parent}M 100644 inline ${quoted}\ndata ${bytes.length}\n`;
	return Buffer.concat([Buffer.from(head), text, Buffer.from(file), bytes, Buffer.from(`\n${TOLD}`)]);
};

/** A real bare repository, asked by git itself. */
export class BareRepository implements GitBackend {
	readonly folder: string;
	readonly #git: Git;
	readonly #now: () => number;
	readonly #lasting = new Lasting();

	constructor(git: Git, now: () => number) {
		this.folder = git.folder;
		this.#git = git;
		this.#now = now;
	}

	async refs(prefix: string): Promise<readonly Ref[]> {
		const format = '--format=%(refname)%00%(objectname)%00%(objecttype)';
		const stdout = await demandGit(this.#git, ['for-each-ref', format]);
		const all = stdout.split('\n').filter(Boolean).map(toRef);
		return all.filter(({ ref }) => ref.startsWith(prefix));
	}

	async resolve(name: string): Promise<string | undefined> {
		if (!isName(name)) return undefined;
		const id = (await readLooseRef(this.folder, name)) ?? name;
		const stdout = await this.#ask([id], ['rev-parse', '--verify', '--quiet', `${id}^{commit}`]);
		return stdout?.trim();
	}

	/** What git says of these objects, once, where all are named by their ids: then it never says anything else. */
	#ask(ids: readonly string[], args: readonly string[]): Promise<string | undefined> {
		return this.#lasting.get(ids, args, () => askGit(this.#git, args));
	}

	async hasObject(sha: string): Promise<boolean> {
		return /^[0-9a-f]{40}$/.test(sha) && (await this.#ask([sha], ['cat-file', '-e', sha])) !== undefined;
	}

	async setRef(ref: string, sha: string, old = NONE): Promise<boolean> {
		return (await askGit(this.#git, ['update-ref', ref, sha, old])) !== undefined;
	}

	async deleteRef(ref: string): Promise<void> {
		await demandGit(this.#git, ['update-ref', '-d', ref]);
	}

	async commit(sha: string): Promise<Commit | undefined> {
		return (await this.log(sha, { limit: 1 }))[0];
	}

	async log(
		head: string,
		{ base, path, limit }: { readonly base?: string; readonly path?: string; readonly limit: number },
	): Promise<readonly Commit[]> {
		if (!isName(head) || (base !== undefined && !isName(base))) return [];
		const range = base === undefined ? [head] : [head, `^${base}`];
		const only = path ? ['--', path] : ['--'];
		const args = ['log', FORMAT, `-n${limit}`, ...range, ...only];
		return toCommits((await this.#ask(base === undefined ? [head] : [head, base], args)) ?? '');
	}

	async isAncestor(older: string, newer: string): Promise<boolean> {
		return (await this.#ask([older, newer], ['merge-base', '--is-ancestor', older, newer])) !== undefined;
	}

	async mergeBase(a: string, b: string): Promise<string | undefined> {
		return (await this.#ask([a, b], ['merge-base', a, b]))?.trim();
	}

	async diff(base: string, head: string): Promise<readonly { path: string; status: string }[]> {
		const args = ['diff', '--name-status', '--no-renames', '-z', base, head, '--'];
		const parts = (await demandGit(this.#git, args)).split('\0');
		return parts.flatMap((status, index) =>
			index % 2 === 0 && status !== '' ? [{ status, path: parts[index + 1] ?? '' }] : [],
		);
	}

	async entry(commit: string, path: string): Promise<Entry | undefined> {
		const stdout = await this.#ask([commit], ['ls-tree', '-l', '-z', commit, '--', path]);
		const line = stdout?.split('\0')[0];
		return line ? toEntry(line, '') : undefined;
	}

	async list(commit: string, path: string): Promise<readonly Entry[]> {
		const stdout = await this.#ask([commit], ['ls-tree', '-l', '-z', `${commit}:${path}`]);
		return (stdout ?? '')
			.split('\0')
			.filter(Boolean)
			.map((line) => toEntry(line, path));
	}

	async blob(sha: string): Promise<Uint8Array | undefined> {
		const { code, bytes } = await readGit(this.#git, ['git', 'cat-file', 'blob', sha]);
		return code === 0 ? bytes : undefined;
	}

	async tagObject(sha: string): Promise<TagObject | undefined> {
		const text = await askGit(this.#git, ['cat-file', 'tag', sha]);
		return text === undefined ? undefined : toTagObject(sha, text);
	}

	async makeTag({ tag, message, object, tagger }: Omit<TagObject, 'sha'>): Promise<string> {
		const seconds = Math.floor((tagger ? Date.parse(tagger.date) : this.#now()) / 1000);
		const { name, email } = tagger ?? { name: 'ghost', email: 'ghost@localhost' };
		const who = `tagger ${name} <${email}> ${seconds} +0000`;
		const text = `object ${object}\ntype commit\ntag ${tag}\n${who}\n\n${message}\n`;
		return (await demandGit(this.#git, ['mktag'], text)).trim();
	}

	async write(change: Change): Promise<string> {
		const ref = `refs/heads/${change.branch}`;
		const from = await this.resolve(ref);
		const made = await demandGit(this.#git, ['fast-import', '--quiet'], toImport(change, from, this.#now()));
		return made.trim();
	}
}
