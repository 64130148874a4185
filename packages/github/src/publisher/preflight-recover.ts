import {
	Artifact,
	type Context,
	compareVersions,
	MEDIA_TYPES,
	type Preflight,
	type Subject,
} from '@slipway/core';
import * as v from 'valibot';
import { toAssetSha256 } from '../release/asset-file.ts';
import { parseMarker } from '../release/marker.ts';
import { type Asset, type Release, readReleaseByTag } from '../release/release.ts';
import type { ErrorText } from './errors.ts';
import { toFinding } from './errors.ts';
import { preflightRecorded, toOlderHint } from './preflight-recorded.ts';
import { checkRepository } from './repository-checks.ts';
import { isPrerelease, LATEST, OWN, restOf, type Target, toRepositoryPurl, toTag } from './target.ts';

interface Request {
	readonly version: string;
	readonly to: string;
}

/** An asset as an artifact; undefined where its name or digest cannot be one's. */
const toArtifact = (target: Target, asset: Asset, version: string): Artifact | undefined => {
	const sha256 = toAssetSha256(asset);
	const parsed = v.safeParse(Artifact, {
		name: asset.name,
		path: `artifacts/${asset.name}`,
		mediaType: MEDIA_TYPES.file,
		size: asset.size,
		digest: { sha256 },
		purl: toRepositoryPurl(target.rest, version),
	});
	return parsed.success ? parsed.output : undefined;
};

/** The files that were the artifacts, where the marker says so; else all of them. */
const toArtifacts = (target: Target, release: Release, version: string): Artifact[] => {
	const files = parseMarker(release.body)?.files ?? [];
	const names = new Set(files.map(([name]) => name));
	const all = release.assets.flatMap((asset) => toArtifact(target, asset, version) ?? []);
	const own = all.filter(({ name }) => names.has(name));
	return own.length > 0 ? own : all;
};

const toRecovered = (target: Target, release: Release, { version, to }: Request): Subject => {
	const isOwn = isPrerelease(version);
	return {
		target: target.id,
		id: toRepositoryPurl(target.rest),
		version,
		artifacts: toArtifacts(target, release, version),
		mode: { name: 'draft', hides: true },
		pointer: {
			name: isOwn ? OWN : LATEST,
			previous: isOwn ? null : toTag(target, to),
			next: toTag(target, version),
		},
		dependsOn: [],
	};
};

const refuse = (
	code: 'GITHUB_NOTHING_TO_RECOVER' | 'GITHUB_PREVIOUS_NOT_LOWER',
	text: ErrorText,
): Preflight => ({
	findings: [toFinding('error', code, text)],
	subjects: [],
});

/** Without a record: what the repository itself says of this version, on the way back to `to`. */
export const preflightRecover = async (
	target: Target,
	request: Request,
	context: Context,
): Promise<Preflight> => {
	const { findings, repository } = await checkRepository(target, context, false);
	if (!repository) return { findings, subjects: [] };
	const release = await readReleaseByTag(restOf(target, context), toTag(target, request.version));
	if (!release)
		return refuse('GITHUB_NOTHING_TO_RECOVER', {
			message: `expected the release ${toTag(target, request.version)} in ${target.rest.repository}, found none`,
			hint: 'Correct the version.',
		});
	if (compareVersions(request.to, request.version) >= 0)
		return refuse('GITHUB_PREVIOUS_NOT_LOWER', {
			message: `expected a version below ${request.version} to go back to, got ${request.to}`,
			hint: toOlderHint(request.version),
		});
	const subject = toRecovered(target, release, request);
	return preflightRecorded(target, { operation: 'rollback', subjects: [subject] }, context);
};
