import type { Artifact } from '@slipway/core';
import type { PreviewArtifact } from '@slipway/report';
import * as v from 'valibot';
import { openGitHubRest } from './github.ts';
import type { OpenProject } from './project.ts';

const Latest = v.object({
	tag_name: v.string(),
	assets: v.array(v.object({ name: v.string(), size: v.number() })),
});
type Latest = v.InferOutput<typeof Latest>;

/** Names that differ by the version alone are names of one file. */
const toStableName = (name: string, version: string): string =>
	version === '' ? name : name.replaceAll(version, '{version}');

const readLatest = async (project: OpenProject): Promise<Latest | undefined> => {
	const hasTarget = Object.values(project.config.targets).some(({ type }) => type === 'github');
	const rest = hasTarget ? await openGitHubRest(project) : undefined;
	const reply = await rest?.send({ path: 'releases/latest', schema: Latest });
	return reply?.kind === 'ok' ? reply.value : undefined;
};

const toVersion = ({ tag_name: tag }: Latest, { config }: OpenProject): string => {
	const target = Object.values(config.targets).find(({ type }) => type === 'github');
	const prefix = target?.type === 'github' ? target['tag-prefix'] : '';
	return tag.startsWith(prefix) ? tag.slice(prefix.length) : tag;
};

/**
 * The size of an artifact's predecessor among the assets of the latest GitHub release, read once; null where the project
 * publishes to none, where it has no such asset, or where GitHub does not say.
 */
export const toPreviousAssetReader = (
	project: OpenProject,
): ((artifact: Artifact) => Promise<PreviewArtifact['before']>) => {
	let reading: Promise<Latest | undefined> | undefined;
	return async ({ name }) => {
		reading ??= readLatest(project);
		const latest = await reading;
		if (!latest) return null;
		const version = toVersion(latest, project);
		const wanted = toStableName(name, project.version);
		const asset = latest.assets.find((found) => toStableName(found.name, version) === wanted);
		return asset && version !== project.version
			? { version, size: asset.size, from: 'the latest GitHub release' }
			: null;
	};
};
