import { hashBytes } from '@slipway/archive';
import {
	type Artifact,
	type Context,
	compareVersions,
	type Finding,
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
import { preflightRecorded, toOlderHint } from './preflight-recorded.ts';
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
	const { packageJson } = await readTarball(tarball.value, name);
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
	packument: Packument,
	{ request, context }: { readonly request: Request; readonly context: Context },
): Promise<Subject | undefined> => {
	const found = await fetchArtifact(target, packument, { version: request.version, context });
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

/** Going back goes down: `to` is there (or preflightRecorded says so) and lower than what is withdrawn. */
const checkLower = ({ name, versions }: Packument, { version, to }: Request): readonly Finding[] => {
	if (!versions.has(to) || compareVersions(to, version) < 0) return [];
	const text = {
		message: `${name}: expected a version below ${version} to go back to, got ${to}`,
		hint: toOlderHint(version),
	};
	return [toFinding('error', 'NPM_PREVIOUS_NOT_LOWER', text)];
};

/** Without a record: what the registry itself says of this version of the project's packages, on the way back to `to`. */
export const preflightRecover = async (
	target: Target,
	request: Request,
	context: Context,
): Promise<Preflight> => {
	const recovered: Subject[] = [];
	const higher: Finding[] = [];
	for (const name of target.packages) {
		const packument = await readPackage(target, name, context);
		const subject = packument && (await recoverSubject(target, packument, { request, context }));
		if (!subject) continue;
		recovered.push(subject);
		higher.push(...checkLower(packument, request));
	}
	if (higher.length > 0) return { findings: higher, subjects: [] };
	if (recovered.length > 0)
		return preflightRecorded(target, { operation: 'rollback', subjects: recovered }, context);
	const text = {
		message: `expected version ${request.version} of ${target.packages.join(', ') || 'a package'} on the registry, found none`,
		hint: 'Correct the version; only packages of this project are looked for.',
	};
	return { findings: [toFinding('error', 'NPM_NOTHING_TO_RECOVER', text)], subjects: [] };
};
