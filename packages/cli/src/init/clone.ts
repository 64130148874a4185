import { relative, resolve, sep } from 'node:path';
import { openGit } from '../join/git.ts';
import { toMaintainer, toRepository, toVersion } from './facts/words.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the clone says in which a project lies; a folder without git is its own root and says nothing. */
export interface Clone {
	/** Folder of the repository: GitHub reads workflows there only. */
	readonly root: string;
	/** The project in it, with `/`; "." for the root itself. */
	readonly prefix: string;
	/** OWNER/REPO on GitHub, of the remote origin. */
	readonly repository: string | undefined;
	/** The newest version tag that leads to what is checked out. */
	readonly version: string | undefined;
	/** `Name <address>` of whoever commits here. */
	readonly person: string | undefined;
}

/** What a clone ignores does not belong to it: it was unpacked or built there. */
const isIgnored = async (ask: (...args: string[]) => Promise<string | undefined>): Promise<boolean> =>
	(await ask('check-ignore', '.')) !== undefined;

/** Asks git, without a network. */
export const readClone = async (folder: string, environment: Environment): Promise<Clone> => {
	const alone = { root: folder, prefix: '.', repository: undefined, version: undefined, person: undefined };
	const git = openGit(folder, environment);
	const top = await git?.ask('rev-parse', '--show-toplevel');
	if (git === undefined || top === undefined || (await isIgnored(git.ask))) return alone;
	const [prefix, origin, tag, name, email] = await Promise.all([
		git.ask('rev-parse', '--show-prefix'),
		git.ask('remote', 'get-url', 'origin'),
		git.ask('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*'),
		git.ask('config', 'user.name'),
		git.ask('config', 'user.email'),
	]);
	const inner = prefix?.replace(/\/$/, '') ?? '.';
	const root =
		inner === '.' ? folder : resolve(folder, relative(resolve(top, inner), top).split('/').join(sep));
	return {
		root,
		prefix: inner,
		repository: toRepository(origin),
		version: toVersion(tag),
		person: toMaintainer({ name, email }),
	};
};
