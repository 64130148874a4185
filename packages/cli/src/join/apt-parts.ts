import { resolve } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { AptTarget } from '@slipway/core/config';
import { openStore } from '@slipway/store';
import type { JoinCode, OpenProject } from './project.ts';
import { readPlainFile } from './read-plain-file.ts';

const readText = async (path: string): Promise<string> => {
	try {
		return (await readPlainFile(path)).toString('utf8');
	} catch (cause) {
		throw new SlipwayError<JoinCode>('PROJECT_UNREADABLE', `cannot read ${path}`, {
			hint: `Put the file there, or correct its name in slipway.yml.`,
			cause,
		});
	}
};

/**
 * The armored key that `signing-key` names; undefined where its variable is not set: jobs that only read and upload go on without.
 * @throws SlipwayError PROJECT_UNREADABLE
 */
const readSigningKeyText = async (
	project: OpenProject,
	{ environment, file }: AptTarget['signing-key'],
): Promise<string | undefined> => {
	if (environment !== undefined) return project.door.environment[environment] || undefined;
	return file === undefined ? undefined : readText(resolve(project.configFolder, file));
};

/** The key that signs the repository, or null where this job has none. */
export const openSigningKey = async (project: OpenProject, target: AptTarget) => {
	const { readSigningKey } = await import('@slipway/deb/repository');
	const armored = await readSigningKeyText(project, target['signing-key']);
	if (armored === undefined) return null;
	const { passphrase } = target['signing-key'];
	return readSigningKey(armored, passphrase === undefined ? undefined : project.door.environment[passphrase]);
};

/** What an apt target needs besides its key: its store, and the keys that may have signed it so far. */
export const openAptParts = async (project: OpenProject, target: AptTarget) => {
	const { toFileHeaders } = await import('@slipway/deb/repository');
	return {
		store: openStore(target.store, project.configFolder, { ...project.door, toHeaders: toFileHeaders }),
		signingKey: await openSigningKey(project, target),
		trustedKeys: await Promise.all(
			target['trusted-keys'].map((path) => readText(resolve(project.configFolder, path))),
		),
	};
};
