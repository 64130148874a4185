import { dirname, join, resolve } from 'node:path';
import { findVersionProblem, parseJson, SlipwayError, toPrintable } from '@slipway/core';
import { type Config, parseConfig } from '@slipway/core/config';
import type { AnswerCache } from '@slipway/gate';
import * as v from 'valibot';
import { readPlainFile } from './read-plain-file.ts';

export type JoinCode =
	| 'PROJECT_NOT_FOUND'
	| 'PROJECT_UNREADABLE'
	| 'FILE_NOT_PLAIN'
	| 'PROJECT_NAME_MISSING'
	| 'PROJECT_VERSION_MISSING'
	| 'PROJECT_VERSION_INVALID'
	| 'TARGET_UNKNOWN'
	| 'TARGET_NOT_PLANNED'
	| 'SIGNING_KEY_MISSING'
	| 'REASON_MISSING';

/** Where a command or action works: which project, which configuration, whose environment. */
export interface Door {
	/** The project's folder. */
	readonly folder: string;
	/** Default: slipway.yml in the folder. Paths inside it are relative to it. */
	readonly configFile?: string | undefined;
	/** The release to work on; default: the project's present version. */
	readonly version?: string | undefined;
	/** Default: .slipway/releases/<version> in the folder. */
	readonly releaseFolder?: string | undefined;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Told every secret that is made on the way (exchanged tokens), before it is used, so that logs can mask it. */
	readonly onSecret?: ((secret: string) => void) | undefined;
	/** Answers of registries kept between runs, for a look at a proposal. A release is given none. */
	readonly answers?: AnswerCache | undefined;
	/** The build runs in a job whose code could sign by itself: its provenance names no builder that vouches for it. */
	readonly unvouched?: boolean | undefined;
}

/** A door that was opened: everything read once, every default filled in. */
export interface OpenProject {
	readonly door: Door;
	readonly folder: string;
	readonly configFolder: string;
	readonly config: Config;
	readonly project: string;
	readonly version: string;
	readonly releaseFolder: string;
}

/** A field that is none of its kind is as good as missing: then it is asked for. */
const PackageJson = v.object({
	name: v.fallback(v.optional(v.string()), undefined),
	version: v.fallback(v.optional(v.string()), undefined),
	private: v.fallback(v.optional(v.boolean()), undefined),
});
type PackageJson = v.InferOutput<typeof PackageJson>;

const readIfThere = async (path: string): Promise<Buffer | undefined> => {
	try {
		return await readPlainFile(path);
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		if (cause instanceof SlipwayError) throw cause;
		throw new SlipwayError<JoinCode>('PROJECT_UNREADABLE', `cannot read ${path}`, {
			hint: `Make ${path} a readable file.`,
			cause,
		});
	}
};

const readPackageJson = async (folder: string): Promise<PackageJson | undefined> => {
	const bytes = await readIfThere(join(folder, 'package.json'));
	if (bytes === undefined) return undefined;
	// As npm reads it: with a byte order mark.
	const json = parseJson(bytes.toString('utf8').replace(/^\uFEFF/, ''), 'package.json');
	const read = v.safeParse(PackageJson, json);
	return read.success ? read.output : {};
};

const missing = (code: JoinCode, message: string, hint: string): SlipwayError =>
	new SlipwayError<JoinCode>(code, message, { hint });

/** A project with only a package.json: its package, to npm. */
const DEFAULT_CONFIG = 'targets:\n  npm:\n    type: npm\n';

/**
 * Reads slipway.yml and package.json of a project.
 * @throws SlipwayError PROJECT_*, CONFIG_*, JSON_*
 */
export const openProject = async (door: Door): Promise<OpenProject> => {
	const folder = resolve(door.folder);
	const configFile = resolve(door.configFile ?? join(folder, 'slipway.yml'));
	const [bytes, manifest] = await Promise.all([readIfThere(configFile), readPackageJson(folder)]);
	if (bytes === undefined && door.configFile !== undefined)
		throw missing(
			'PROJECT_NOT_FOUND',
			`expected the configuration ${toPrintable(configFile, 300)}, found none`,
			'Name a file that is there with --config (the input `config` of an action), or leave it out.',
		);
	if (bytes === undefined && manifest === undefined)
		throw missing(
			'PROJECT_NOT_FOUND',
			`expected slipway.yml or package.json in ${toPrintable(folder, 300)}, got neither`,
			'Go to the project folder, or name it with --project; `slipway init` writes slipway.yml for a new one.',
		);
	const config = parseConfig(bytes ?? DEFAULT_CONFIG, configFile);
	const project = config.project ?? manifest?.name?.replace(/^@[^/]+\//, '');
	if (project === undefined)
		throw missing(
			'PROJECT_NAME_MISSING',
			'expected a name: `project` in slipway.yml or a text as `name` in package.json, got neither',
			'Add `project:` to slipway.yml or `name` to package.json.',
		);
	const version = door.version ?? config.version ?? manifest?.version;
	if (version === undefined)
		throw missing(
			'PROJECT_VERSION_MISSING',
			'expected a version: `version` in slipway.yml or a text as `version` in package.json, got neither',
			'Add `version:` to slipway.yml (`slipway init` writes one) or `version` to package.json.',
		);
	const problem = findVersionProblem(version);
	if (problem)
		throw missing('PROJECT_VERSION_INVALID', problem, 'Set a semantic version without build metadata.');
	const releaseFolder = resolve(door.releaseFolder ?? join(folder, '.slipway', 'releases', version));
	return { door, folder, configFolder: dirname(configFile), config, project, version, releaseFolder };
};
