import { hashBytes } from '@slipway/archive';
import {
	type Artifact,
	type Context,
	MEDIA_TYPES,
	type Preflight,
	type Subject,
	toSubjectId,
} from '@slipway/core';
import { toFileStem } from '../package-name.ts';
import { readPackage as readTarball, toNpmPurl } from '../read-package.ts';
import type { Packument } from '../registry/read-packument.ts';
import { toUnreachable } from './errors.ts';
import { fetchTarball } from './fetch-tarball.ts';
import { toFinding } from './findings.ts';
import { preflightRecorded } from './preflight-recorded.ts';
import { readPackage } from './read.ts';
import { toPointerTag } from './tags.ts';
import type { Target } from './target.ts';

type Request = { readonly version: string; readonly to: string };

/** The artifact as the registry serves it; its digests are those of the bytes that came. */
const fetchArtifact = async (
	target: Target,
	packument: Packument,
	{ version, context }: { readonly version: string; readonly context: Context },
): Promise<[Artifact, string | undefined] | undefined> => {
	const manifest = packument.version(version);
	if (!manifest) return undefined;
	const tarball = await fetchTarball(target, manifest, context);
	if (tarball.state !== 'found')
		throw toUnreachable(`${packument.name}@${version}`, 'its tarball cannot be read');
	const name = `${toFileStem(packument.name)}-${version}.tgz`;
	const { packageJson } = readTarball(tarball.value, name);
	const artifact: Artifact = {
		name,
		path: `artifacts/${name}`,
		mediaType: MEDIA_TYPES.npm,
		...hashBytes(tarball.value),
		purl: toNpmPurl(packument.name, version),
	};
	return [artifact, packageJson.publishConfig?.tag];
};

const recoverSubject = async (
	target: Target,
	name: string,
	{ request, context }: { readonly request: Request; readonly context: Context },
): Promise<Subject | undefined> => {
	const packument = await readPackage(target, name, context);
	const found = packument && (await fetchArtifact(target, packument, { version: request.version, context }));
	if (!found) return undefined;
	const [artifact, publishTag] = found;
	const tag = toPointerTag(request.version, { line: undefined, publishTag });
	return {
		target: target.id,
		id: toSubjectId(artifact.purl),
		version: request.version,
		artifacts: [artifact],
		mode: { name: 'tag', hides: true },
		pointer: { name: tag, previous: request.to, next: request.version },
		dependsOn: [],
	};
};

/** Without a record: what the registry itself says of this version of the project's packages, on the way back to `to`. */
export const preflightRecover = async (
	target: Target,
	request: Request,
	context: Context,
): Promise<Preflight> => {
	const recovered: Subject[] = [];
	for (const name of target.packages) {
		const subject = await recoverSubject(target, name, { request, context });
		if (subject) recovered.push(subject);
	}
	if (recovered.length > 0)
		return preflightRecorded(target, { operation: 'rollback', subjects: recovered }, context);
	const text = {
		message: `expected version ${request.version} of ${target.packages.join(', ') || 'a package'} on the registry, found none`,
		hint: 'Correct the version; only packages of this project are looked for.',
	};
	return { findings: [toFinding('error', 'NPM_NOTHING_TO_RECOVER', text)], subjects: [] };
};
