import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readArtifact, readRelease } from '@slipway/archive';
import { type Json, SlipwayError, toPurl } from '@slipway/core';
import type { RehearsalCode } from '../code.ts';
import { copyProject, writeVersions } from '../project/copy-project.ts';
import type { Project } from '../project/read-project.ts';
import type { Services } from '../services/start-services.ts';
import { runOperation, type Slipway } from '../slipway/slipway.ts';
import { needsRelease, type Previous } from './plan-previous.ts';
import { putPackage } from './put-package.ts';

export interface Seeding {
	readonly services: Services;
	/** Works on the copy that has the lower versions. */
	readonly slipway: Slipway;
}

const toNpmPurl = (name: string, version: string): string => {
	const [namespace, bare] = name.startsWith('@') ? name.split('/', 2) : [undefined, name];
	return toPurl({ type: 'npm', namespace, name: bare ?? name, version });
};

/** Copies the same files with the versions before. */
export const copyPrevious = async (
	project: Project,
	previous: Previous,
	{ copy, outside }: { readonly copy: string; readonly outside: string },
): Promise<void> => {
	await copyProject(project, copy, outside);
	await writeVersions(copy, previous.built ?? []);
};

const toMissing = (name: string, version: string): SlipwayError =>
	new SlipwayError<RehearsalCode>(
		'REHEARSAL_STATE_UNEXPECTED',
		`expected the build of the previous version to make ${name} ${version}, but it did not`,
		{ hint: 'A build must take the version from package.json; correct what writes another one.' },
	);

const hasNpm = ({ config }: Project): boolean =>
	Object.values(config.targets).some(({ type }) => type === 'npm');

/** The built tarball of each npm package whose previous version is not a published one. */
const putBuilt = async (
	project: Project,
	previous: Previous,
	{ services, slipway }: Seeding,
): Promise<void> => {
	const { folder, manifest } = await readRelease(slipway.release);
	const published = new Set(previous.published.map(({ name }) => name));
	for (const npmPackage of project.npmPackages.filter(({ name }) => !published.has(name))) {
		const text = await readFile(join(slipway.project, npmPackage.folder, 'package.json'), 'utf8');
		const packageJson: Readonly<Record<string, Json>> & { readonly version: string } = JSON.parse(text);
		const { name } = npmPackage;
		const { version } = packageJson;
		const artifact = manifest.artifacts.find(({ purl }) => purl === toNpmPurl(name, version));
		if (artifact === undefined) throw toMissing(name, version);
		const tarball = await readArtifact(folder, artifact);
		await putPackage(services, { name, version, manifest: packageJson, tarball });
	}
};

/**
 * Puts the previous version where the release will find it: published bytes and built tarballs into the npm registry,
 * what goes to apt repositories and to GitHub by a release of its own.
 * @throws SlipwayError REHEARSAL_*, and what the release of the previous version reported
 */
export const seedPrevious = async (project: Project, previous: Previous, seeding: Seeding): Promise<void> => {
	const { services, slipway } = seeding;
	for (const seed of previous.published) await putPackage(services, seed);
	if (previous.built === null) return;
	if (hasNpm(project)) await putBuilt(project, previous, seeding);
	if (!needsRelease(project)) return;
	const report = await runOperation(slipway, ['release']);
	if (report.state === 'COMPLETED') return;
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_STATE_UNEXPECTED',
		`expected the previous version ${previous.version} to be released, got ${report.state}: ${report.reason}`,
		{ hint: 'Look at the targets of type apt and github in slipway.yml.' },
	);
};
