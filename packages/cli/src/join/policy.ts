import { basename, dirname, posix, relative, resolve, sep } from 'node:path';
import { type Finding, SlipwayError } from '@slipway/core';
import { parseConfig } from '@slipway/core/config';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';
import type { OpenProject } from './project.ts';
import { type ProtectedRef, withProtectedRef } from './protected-ref.ts';
import { readPlainFile } from './read-plain-file.ts';

export type PolicyJoinCode =
	/** A policy is named, and there is none at that place. */
	| 'POLICY_MISSING'
	/** The protected branch cannot be read. */
	| 'POLICY_REF_UNREADABLE'
	/** A policy lies in the tree that is built alone, or demands a protected ref and has none. */
	| 'POLICY_UNPROTECTED';

/** A policy, where it came from, and what lies beside it. */
export interface OpenedPolicy extends PinnedPolicy {
	/** Where it can be read by others; undefined where nobody else can. */
	readonly uri: string | undefined;
	/** Whether reviews protect it: it was named by hand or came from the protected ref. */
	readonly isProtected: boolean;
	/** Warnings for whoever releases. */
	readonly findings: readonly Finding[];
	/** Bytes of the documents that it names (`vex`, `revocations`, `trusted-root`), from where it came from. */
	readonly documents: ReadonlyMap<string, Uint8Array>;
}

const DEFAULT_NAME = 'slipway.policy.yml';

const refuse = (code: PolicyJoinCode, message: string, hint: string): SlipwayError =>
	new SlipwayError<PolicyJoinCode>(code, message, { hint });

const readIfThere = async (path: string): Promise<Uint8Array | undefined> =>
	readPlainFile(path).catch((cause: NodeJS.ErrnoException) => {
		if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
		throw cause;
	});

type Read = (path: string) => Promise<Uint8Array | undefined>;

/** @throws SlipwayError POLICY_MISSING */
const readDocuments = async (pinned: PinnedPolicy, read: Read): Promise<Map<string, Uint8Array>> => {
	const documents = new Map<string, Uint8Array>();
	const { vex, revocations, 'trusted-root': root } = pinned.policy;
	for (const path of [...vex, ...revocations, ...(root === undefined ? [] : [root])]) {
		const bytes = await read(path);
		if (!bytes)
			throw refuse(
				'POLICY_MISSING',
				`expected ${JSON.stringify(path)}, which ${pinned.from} names, found none`,
				'Put the document there, beside the policy, or take its line out.',
			);
		documents.set(path, bytes);
	}
	return documents;
};

const open = async (
	bytes: Uint8Array,
	from: string,
	{ read, ...facts }: Pick<OpenedPolicy, 'uri' | 'isProtected' | 'findings'> & { readonly read: Read },
): Promise<OpenedPolicy> => {
	const pinned = parsePolicy(bytes, from);
	return { ...pinned, ...facts, documents: await readDocuments(pinned, read) };
};

/** A policy that somebody named by hand. @throws SlipwayError POLICY_MISSING, POLICY_INVALID, POLICY_TOO_LARGE */
export const readPolicyFile = async (file: string): Promise<OpenedPolicy> => {
	const path = resolve(file);
	const bytes = await readIfThere(path);
	if (!bytes)
		throw refuse(
			'POLICY_MISSING',
			`expected a policy at ${path}, found none`,
			'Correct the name of the file.',
		);
	const read: Read = (name) => readIfThere(resolve(dirname(path), name));
	return open(bytes, file, { uri: undefined, isProtected: true, findings: [], read });
};

/** A path of the project as the repository has it; undefined where it leads out of the repository. */
const toRepositoryPath = ({ prefix }: ProtectedRef, path: string): string | undefined => {
	const joined = posix.normalize(posix.join(prefix, path.split(sep).join('/')));
	return joined.startsWith('../') || joined === '..' || posix.isAbsolute(joined) ? undefined : joined;
};

/** Which policy slipway.yml names: as the protected ref has it, since a tree that is built may name a weaker one. */
const readNamed = async (project: OpenProject, ref: ProtectedRef): Promise<string | undefined> => {
	const name = basename(project.door.configFile ?? 'slipway.yml');
	const path = toRepositoryPath(ref, name);
	const bytes = path === undefined ? undefined : await ref.read(path);
	return bytes && parseConfig(new TextDecoder().decode(bytes), `${ref.name}:${path}`).policy;
};

const toMoved = (named: string | undefined, { config }: OpenProject): Finding[] =>
	config.policy === undefined || config.policy === (named ?? DEFAULT_NAME)
		? []
		: [
				{
					severity: 'warning',
					code: 'POLICY_PATH_DIFFERS',
					message: `slipway.yml here names the policy ${JSON.stringify(config.policy)}, the protected branch ${JSON.stringify(named ?? DEFAULT_NAME)}: the latter was used`,
					hint: 'Merge the change of slipway.yml into the protected branch before the release.',
				},
			];

/** @throws SlipwayError POLICY_MISSING, POLICY_UNPROTECTED */
const openFromRef = async (project: OpenProject, ref: ProtectedRef): Promise<OpenedPolicy | undefined> => {
	const named = await readNamed(project, ref);
	const path = toRepositoryPath(ref, named ?? DEFAULT_NAME);
	const bytes = path === undefined ? undefined : await ref.read(path);
	if (!bytes || path === undefined) return refuseHere(project, ref, named);
	const read: Read = async (name) => {
		const beside = toRepositoryPath({ ...ref, prefix: posix.dirname(path) }, name);
		return beside === undefined ? undefined : ref.read(beside);
	};
	const uri = ref.url && `git+${ref.url}@${ref.commit}#${path}`;
	return open(bytes, `${path} of ${ref.name}`, {
		uri,
		isProtected: true,
		findings: toMoved(named, project),
		read,
	});
};

/** Most projects have none, and many a job can reach no remote: only where one is wanted is that a reason to stop. */
const hasPolicyHere = async ({ config, configFolder }: OpenProject): Promise<boolean> =>
	config.policy !== undefined || (await readIfThere(resolve(configFolder, DEFAULT_NAME))) !== undefined;

/** Nothing on the protected ref: fine where nothing lies here either; never a reason to take what lies here. */
const refuseHere = async (
	project: OpenProject,
	ref: ProtectedRef,
	named: string | undefined,
): Promise<undefined> => {
	const { config } = project;
	if (named !== undefined)
		throw refuse(
			'POLICY_MISSING',
			`expected the policy ${JSON.stringify(named)} on ${ref.name}, found none`,
			'Merge the policy into the protected branch, or name one with --policy.',
		);
	if (!(await hasPolicyHere(project))) return undefined;
	const here = config.policy ?? DEFAULT_NAME;
	throw refuse(
		'POLICY_UNPROTECTED',
		`expected the policy ${JSON.stringify(here)} on ${ref.name}, found it in the tree that is built alone`,
		'Merge it into the protected branch, so that reviews protect it, or name it with --policy.',
	);
};

const UNPROTECTED: Finding = {
	severity: 'warning',
	code: 'POLICY_UNPROTECTED',
	message: 'the policy lies in the folder of the project, where whatever is built can change it',
	hint: 'Keep the project in a git repository with a protected default branch, or name a policy with --policy.',
};

/** @throws SlipwayError POLICY_MISSING, POLICY_UNPROTECTED */
const openFromFolder = async ({ config, configFolder }: OpenProject): Promise<OpenedPolicy | undefined> => {
	const path = resolve(configFolder, config.policy ?? DEFAULT_NAME);
	const bytes = await readIfThere(path);
	if (!bytes && config.policy !== undefined)
		throw refuse(
			'POLICY_MISSING',
			`expected the policy ${path}, found none`,
			'Correct `policy:` in slipway.yml.',
		);
	if (!bytes) return undefined;
	const read: Read = (name) => readIfThere(resolve(dirname(path), name));
	const from = relative(configFolder, path).split(sep).join('/');
	const opened = await open(bytes, from, {
		uri: undefined,
		isProtected: false,
		findings: [UNPROTECTED],
		read,
	});
	if (opened.policy.protected !== 'required') return opened;
	throw refuse(
		'POLICY_UNPROTECTED',
		`${from} demands a protected ref (\`protected: required\`), but the project is no git clone with a remote`,
		'Release from a clone of the repository, or name the policy with --policy.',
	);
};

/**
 * The policy of a project: the file named by hand, else the one on the protected branch of the clone's remote, else (for a
 * project that is no clone with a remote) the one in its folder, with a warning. What is built never brings its own policy.
 * undefined: the project has none.
 * @throws SlipwayError POLICY_*, CONFIG_*
 */
export const openPolicy = async (
	project: OpenProject,
	{ file }: { readonly file?: string | undefined } = {},
): Promise<OpenedPolicy | undefined> => {
	if (file !== undefined) return readPolicyFile(file);
	return withProtectedRef(project.configFolder, project.door.environment, async (reading) => {
		if (reading.state === 'none') return openFromFolder(project);
		if (reading.state === 'found') return openFromRef(project, reading.ref);
		if (!(await hasPolicyHere(project))) return undefined;
		throw refuse(
			'POLICY_REF_UNREADABLE',
			`expected to read the default branch of the remote ${reading.remote}, which holds the policy, got nothing`,
			'Let `git fetch` reach it (in a workflow: checkout with `fetch-depth: 0`), or name a policy with --policy.',
		);
	});
};
