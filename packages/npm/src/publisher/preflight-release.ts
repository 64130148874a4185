import {
	type Artifact,
	type Context,
	type Finding,
	type Preflight,
	SlipwayError,
	type Subject,
	toDependencyOrder,
	toSubjectId,
} from '@slipway/core';
import type { NpmCode } from '../code.ts';
import { checkProvenance } from '../provenance/regression.ts';
import { verifyPublishable } from '../publish-check.ts';
import { readPackage as readTarball } from '../read-package.ts';
import { checkAccess, checkCredentials, checkRegistry, toFinding } from './findings.ts';
import { readPackage } from './read.ts';
import { type Candidate, checkFirst, checkOrder, checkTag, checkVersion } from './release-checks.ts';
import { toPointerTag } from './tags.ts';
import { isNpmArtifact, type Target, toIdentity } from './target.ts';

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
	const { packageJson } = await readTarball(await target.readArtifact(artifact), artifact.name);
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
	...(candidate.packument ? await checkAccess(target, candidate.packageJson.name, context) : []),
	...checkTag(candidate),
	...checkVersion(candidate),
	...checkOrder(candidate, line),
	...checkFirst(candidate, target),
	...(await checkProvenance(target, candidate)),
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
	const checks = candidates.map((candidate) => checkCandidate(target, candidate, { line, context }));
	const findings = [
		...general,
		...(await checkCredentials(target, context, false)),
		...checkDuplicates(own),
		...(await Promise.all(checks)).flat(),
	];
	const subjects = toDependencyOrder(candidates.map((candidate) => toSubject(target, candidate, ids)));
	return { findings, subjects: subjects.map((subject) => ({ subject, current: subject.pointer.previous })) };
};
