import { type Artifact, type Context, MEDIA_TYPES, parsePurl, toPrereleaseTag } from '@slipway/core';
import type { AptTarget } from '@slipway/core/config';
import type { PreviousVersion } from '@slipway/gate';
import { openAptParts } from './apt-parts.ts';
import { openReadRegistry } from './gate-sources.ts';
import type { OpenProject } from './project.ts';

const readNpm = async (
	project: OpenProject,
	artifact: Artifact,
	context: Context,
): Promise<PreviousVersion | undefined> => {
	if (!Object.values(project.config.targets).some(({ type }) => type === 'npm')) return undefined;
	const { readPublished } = await import('@slipway/npm');
	const { namespace, name: base, version = '' } = parsePurl(artifact.purl);
	const name = namespace === undefined ? base : `${namespace}/${base}`;
	const { registry, authorization } = await openReadRegistry(project);
	const place = { registry, credentials: { authorize: async () => authorization } };
	const tag = toPrereleaseTag(version);
	const found =
		(tag === undefined ? undefined : await readPublished(place, { name, tag }, context)) ??
		(await readPublished(place, { name }, context));
	if (!found || found.version === version) return undefined;
	return {
		version: found.version,
		bytes: found.bytes,
		provenance: { attested: found.attestations !== undefined, builder: found.builder },
		from: new URL(registry).host,
	};
};

const readApt = async (
	project: OpenProject,
	{ artifact, target }: { readonly artifact: Artifact; readonly target: AptTarget },
	context: Context,
): Promise<PreviousVersion | undefined> => {
	const { environment: variable } = target['signing-key'];
	const hasKey = variable === undefined || Boolean(project.door.environment[variable]);
	if (!hasKey && target['trusted-keys'].length === 0) {
		context.log.warning(
			`${artifact.name} was not compared with its predecessor: this job has no key to verify the repository by (trusted-keys)`,
		);
		return undefined;
	}
	const { readPublishedDeb, toRepository } = await import('@slipway/deb');
	const parts = await openAptParts(project, target);
	const { name, version, qualifiers } = parsePurl(artifact.purl);
	const place = {
		suite: target.suite,
		component: target.component,
		name,
		architecture: qualifiers?.arch ?? '',
	};
	const found = await readPublishedDeb(toRepository({ target, ...parts }), place, context);
	if (!found || found.version === version) return undefined;
	return { ...found, provenance: { attested: false }, from: `${target.url} ${target.suite}` };
};

const read = async (
	project: OpenProject,
	artifact: Artifact,
	context: Context,
): Promise<PreviousVersion | undefined> => {
	if (artifact.mediaType === MEDIA_TYPES.npm) return readNpm(project, artifact, context);
	if (artifact.mediaType !== MEDIA_TYPES.deb) return undefined;
	const target = Object.values(project.config.targets).find(({ type }) => type === 'apt');
	return target?.type === 'apt' ? readApt(project, { artifact, target }, context) : undefined;
};

/**
 * What users get of each artifact's package today, read once: from the npm registry by its default dist-tag (that of
 * pre-releases for one), from the apt repository by its highest version. undefined where there is none, or only this one.
 */
export const toPreviousReader = (
	project: OpenProject,
	context: Context,
): ((artifact: Artifact) => Promise<PreviousVersion | undefined>) => {
	const known = new Map<string, Promise<PreviousVersion | undefined>>();
	return (artifact) => {
		const reading = known.get(artifact.name) ?? read(project, artifact, context);
		known.set(artifact.name, reading);
		return reading;
	};
};
