import {
	type Artifact,
	type Manifest,
	MEDIA_TYPES,
	parsePurl,
	toPrereleaseTag,
	toPurl,
	toSubjectId,
} from '@slipway/core';
import type { AptTarget, GithubTarget, TargetConfig } from '@slipway/core/config';
import type { Wanted } from '../consumer/look.ts';
import type { Project } from '../project/read-project.ts';

/** One package at one target: what users ask for, and what they should get. */
export interface WantedTarget {
	readonly id: string;
	readonly config: TargetConfig;
	/** Package URL without version. */
	readonly subject: string;
	/** In the target's own notation. */
	readonly version: string;
	/** The file that the asking machine gets. */
	readonly artifact: Artifact;
	readonly wanted: Wanted;
	/** The pointer in words. */
	readonly pointer: string;
}

const toName = (
	purl: string,
): { readonly name: string; readonly version: string; readonly arch: string | undefined } => {
	const { type, namespace, name, version = '', qualifiers } = parsePurl(purl);
	const isScoped = type === 'npm' && namespace !== undefined;
	return { name: isScoped ? `${namespace}/${name}` : name, version, arch: qualifiers?.arch };
};

const toSuite = (config: AptTarget, version: string): string =>
	toPrereleaseTag(version) === undefined ? config.suite : (config['prerelease-suite'] ?? config.suite);

const toNpm = (id: string, config: TargetConfig, artifact: Artifact): WantedTarget => {
	const { name, version } = toName(artifact.purl);
	const tag = toPrereleaseTag(version) ?? 'latest';
	const wanted = { name, pointer: tag };
	return {
		id,
		config,
		subject: toSubjectId(artifact.purl),
		version,
		artifact,
		wanted,
		pointer: `dist-tag ${tag}`,
	};
};

const toApt = (id: string, config: AptTarget, artifact: Artifact, version: string): WantedTarget => {
	const named = toName(artifact.purl);
	const suite = toSuite(config, version);
	const architecture = named.arch === 'all' ? config.architectures[0] : named.arch;
	const wanted = { name: named.name, pointer: suite, architecture };
	const subject = toSubjectId(artifact.purl);
	return { id, config, subject, version: named.version, artifact, wanted, pointer: `suite ${suite}` };
};

/** A release holds all files; the first of them stands for it. */
const toGitHub = (id: string, config: GithubTarget, artifact: Artifact, version: string): WantedTarget => {
	const { repository = '', 'tag-prefix': tagPrefix } = config;
	const [namespace, name = ''] = repository.toLowerCase().split('/');
	const isFinal = toPrereleaseTag(version) === undefined;
	const wanted = {
		name: repository,
		pointer: isFinal ? 'latest' : `${tagPrefix}${version}`,
		file: { tagPrefix, name: artifact.name, version },
	};
	const pointer = isFinal ? 'latest release' : `release ${wanted.pointer}`;
	const subject = toPurl({ type: 'github', namespace, name });
	return { id, config, subject, version, artifact, wanted, pointer };
};

/** Every package at every target that takes it; of a package for several architectures one file stands for all. */
export const toWantedTargets = (project: Project, manifest: Manifest): readonly WantedTarget[] => {
	const ofType = (mediaType: string) =>
		manifest.artifacts.filter((artifact) => artifact.mediaType === mediaType);
	const all = Object.entries(project.config.targets).flatMap(([id, config]) => {
		if (config.type === 'github')
			return manifest.artifacts.slice(0, 1).map((each) => toGitHub(id, config, each, project.version));
		return config.type === 'npm'
			? ofType(MEDIA_TYPES.npm).map((artifact) => toNpm(id, config, artifact))
			: ofType(MEDIA_TYPES.deb).map((artifact) => toApt(id, config, artifact, project.version));
	});
	const isFirst = (target: WantedTarget, index: number) =>
		all.findIndex(({ id, subject }) => id === target.id && subject === target.subject) === index;
	return all.filter(isFirst);
};
