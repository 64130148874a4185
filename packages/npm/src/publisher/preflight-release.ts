import {
	type Artifact,
	type Context,
	compareVersions,
	type Finding,
	findDistTagProblem,
	type Preflight,
	SlipwayError,
	type Subject,
	toSubjectId,
} from '@slipway/core';
import type { NpmCode } from '../code.ts';
import type { PackageJson } from '../package-json.ts';
import { verifyPublishable } from '../publish-check.ts';
import { readPackage as readTarball } from '../read-package.ts';
import { parseSha512 } from '../registry/integrity.ts';
import type { Packument } from '../registry/read-packument.ts';
import { checkCredentials, checkRegistry, toFinding } from './findings.ts';
import { toDependencyOrder } from './order.ts';
import { readPackage } from './read.ts';
import { LATEST, toPointerTag } from './tags.ts';
import { isNpmArtifact, type Target, toIdentity } from './target.ts';

/** One package of the release: its tarball, and what the registry shows of it now. */
interface Candidate {
	readonly artifact: Artifact;
	readonly packageJson: PackageJson;
	readonly packument: Packument | undefined;
	readonly tag: string;
}

type Text = { readonly message: string; readonly hint: string };

const toNextHint = 'Release a higher version, or another line of versions with `--line TAG`.';

const checkVersion = ({ artifact, packageJson, packument }: Candidate): readonly Finding[] => {
	const { name, version } = packageJson;
	const error = (code: NpmCode, text: Text) => [toFinding('error', code, text)];
	const manifest = packument?.version(version);
	if (!manifest && packument?.times.has(version))
		return error('NPM_VERSION_BURNT', {
			message: `${name}@${version} was published and removed once: its number cannot be used again`,
			hint: 'Release the next version.',
		});
	const sha512 = parseSha512(manifest?.dist.integrity);
	if (sha512 === undefined || artifact.digest.sha512 === undefined || sha512 === artifact.digest.sha512)
		return [];
	return error('NPM_VERSION_CONFLICT', {
		message: `${name}@${version} exists with other bytes: expected sha512 ${artifact.digest.sha512}, got ${sha512}`,
		hint: 'Release the next version; a published one is never replaced. If you did not publish it, find out who did.',
	});
};

const checkOrder = (
	{ packageJson, packument, tag }: Candidate,
	line: string | undefined,
): readonly Finding[] => {
	const { name, version } = packageJson;
	const current = packument?.tags.get(tag);
	if (current === undefined || packument?.versions.has(version) || compareVersions(version, current) >= 0)
		return [];
	const message = `${name}: expected a version above ${current}, which dist-tag ${tag} names, got ${version}`;
	return line === undefined
		? [toFinding('error', 'NPM_VERSION_BELOW_DEFAULT', { message, hint: toNextHint })]
		: [
				toFinding('error', 'NPM_VERSION_BELOW_LINE', {
					message,
					hint: 'Release a higher version of this line.',
				}),
			];
};

const checkTag = ({ packageJson, tag }: Candidate): readonly Finding[] => {
	const problem = findDistTagProblem(tag);
	if (problem === undefined) return [];
	const text = {
		message: `${packageJson.name}: dist-tag: ${problem}`,
		hint: 'Choose a word that is no version.',
	};
	return [toFinding('error', 'NPM_TAG_INVALID', text)];
};

const checkFirst = ({ packageJson, packument }: Candidate, target: Target): readonly Finding[] => {
	if (packument) return [];
	const { name, version } = packageJson;
	if (target.mode === 'stage')
		return [
			toFinding('error', 'NPM_STAGE_NEEDS_PACKAGE', {
				message: `${name} does not exist yet, so that its first version cannot be staged`,
				hint: 'Publish a first version with `mode: direct`, then go back to `mode: stage`.',
			}),
		];
	const message = `${name}@${version} is the first version: it becomes ${LATEST} at once and cannot be hidden`;
	return [
		toFinding('warning', 'NPM_FIRST_VERSION_PUBLIC', {
			message,
			hint: 'Nothing to do. It is uploaded after all that can be hidden; taking it back means deprecating it.',
		}),
	];
};

const checkDuplicates = (artifacts: readonly Artifact[]): readonly Finding[] => {
	const names = artifacts.map(({ purl }) => toIdentity(purl).name);
	return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) =>
		toFinding('error', 'NPM_DUPLICATE_PACKAGE', {
			message: `${name} appears twice in this release`,
			hint: 'A release carries one version of a package: remove the other tarball.',
		}),
	);
};

const toMode = ({ packument }: Candidate, { mode }: Target): Subject['mode'] => {
	if (!packument || mode === 'direct') return { name: 'direct', hides: false };
	return { name: mode === 'stage' ? 'stage' : 'tag', hides: true };
};

const toDependencies = ({ packageJson }: Candidate, ids: ReadonlyMap<string, string>): string[] => {
	const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = packageJson;
	const names = new Set(Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }));
	return [...names].flatMap((name) => ids.get(name) ?? []).sort();
};

const readCandidate = async (
	target: Target,
	artifact: Artifact,
	{ line, context }: { readonly line: string | undefined; readonly context: Context },
): Promise<Candidate> => {
	const { packageJson } = readTarball(await target.readArtifact(artifact), artifact.name);
	const packument = await readPackage(target, packageJson.name, context, true);
	const tag = toPointerTag(packageJson.version, { line, publishTag: packageJson.publishConfig?.tag });
	return { artifact, packageJson, packument, tag };
};

const toSubject = (target: Target, candidate: Candidate, ids: ReadonlyMap<string, string>): Subject => {
	const { artifact, packageJson, packument, tag } = candidate;
	const previous = packument?.tags.get(tag) ?? null;
	return {
		target: target.id,
		id: toSubjectId(artifact.purl),
		version: packageJson.version,
		artifacts: [artifact],
		mode: toMode(candidate, target),
		pointer: { name: tag, previous, next: packageJson.version },
		dependsOn: toDependencies(candidate, ids),
	};
};

/** What a check throws, as a finding, so that one run reports all of them. */
const toFindings = async (check: () => unknown): Promise<readonly Finding[]> => {
	try {
		await check();
		return [];
	} catch (error) {
		if (!(error instanceof SlipwayError)) throw error;
		const { code, message, hint } = error as SlipwayError<NpmCode>;
		return [toFinding('error', code, { message, hint })];
	}
};

/** Trusted publishing is tried out: the exchange makes a token and changes nothing. */
const checkExchange = async (target: Target, { packageJson }: Candidate, context: Context) => {
	const purpose = target.mode === 'stage' ? 'stage' : 'publish';
	if (!target.credentials.kind.startsWith('oidc')) return [];
	return toFindings(() => target.credentials.authorize(packageJson.name, purpose, context));
};

const checkCandidate = async (
	target: Target,
	candidate: Candidate,
	{ line, context }: { readonly line: string | undefined; readonly context: Context },
): Promise<readonly Finding[]> => [
	...(await toFindings(() => verifyPublishable(candidate.packageJson, target.registry.url))),
	...(await checkExchange(target, candidate, context)),
	...checkTag(candidate),
	...checkVersion(candidate),
	...checkOrder(candidate, line),
	...checkFirst(candidate, target),
];

/** What a release of these artifacts would find: credentials, free versions, modes and current pointers. */
export const preflightRelease = async (
	target: Target,
	{ artifacts, line }: { readonly artifacts: readonly Artifact[]; readonly line?: string | undefined },
	context: Context,
): Promise<Preflight> => {
	const own = artifacts.filter(isNpmArtifact);
	const general = await checkRegistry(target, context);
	if (general.some(({ severity }) => severity === 'error')) return { findings: general, subjects: [] };
	const candidates = await Promise.all(
		own.map((artifact) => readCandidate(target, artifact, { line, context })),
	);
	const ids = new Map(
		candidates.map(({ artifact, packageJson }) => [packageJson.name, toSubjectId(artifact.purl)]),
	);
	const exchanges = await Promise.all(
		candidates.map((candidate) => checkExchange(target, candidate, context)),
	);
	const findings = [
		...general,
		...(await checkCredentials(target, context, false)),
		...checkDuplicates(own),
		...(await Promise.all(checks)).flat(),
	];
	const subjects = toDependencyOrder(candidates.map((candidate) => toSubject(target, candidate, ids)));
	return { findings, subjects: subjects.map((subject) => ({ subject, current: subject.pointer.previous })) };
};
