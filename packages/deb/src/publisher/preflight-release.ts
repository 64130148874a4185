import type { Artifact, Context, Finding, Preflight, Subject } from '@slipway/core';
import { compareDebianVersions } from '../package/debian-version.ts';
import type { AptCode } from '../repository/error.ts';
import {
	findOtherBytes,
	type Offer,
	parsePointer,
	toNextOffers,
	toPointer,
	toVersions,
} from '../repository/offers.ts';
import { openSuite, type SuiteView } from '../repository/suite-view.ts';
import { checkFileSizes, checkSiteSize } from './check-limits.ts';
import { checkTarget } from './check-target.ts';
import { isDeb, parseDebPurl, toDebSubjectId } from './deb-purl.ts';
import { attempt } from './findings.ts';
import { type Apt, toPointerName, toSuiteOf } from './options.ts';
import { probe } from './probe.ts';

interface Draft {
	readonly name: string;
	readonly version: string;
	readonly suite: string;
	readonly artifacts: readonly Artifact[];
}

type Found = Preflight['subjects'][number];

const toError = (code: AptCode, message: string, hint: string): Finding => ({
	severity: 'error',
	code,
	message,
	hint,
});

const toOffer = (artifact: Artifact): Offer => {
	const { version, architecture } = parseDebPurl(artifact.purl);
	return { version, architecture, sha256: artifact.digest.sha256 };
};

const LINE = /^[a-z0-9][a-z0-9.+-]{0,63}$/;

const checkLine = (apt: Apt, line: string | undefined): readonly Finding[] =>
	line === undefined || (LINE.test(line) && line !== apt.options.target.suite)
		? []
		: [
				toError(
					'APT_LINE_INVALID',
					`expected a suite of its own for this line, got ${JSON.stringify(line.slice(0, 80))}`,
					'Name a suite in lower-case letters, digits and . + -, other than the default one.',
				),
			];

/** One draft a package, or why it cannot be released. */
const toDraft = (
	{ options }: Apt,
	name: string,
	{ artifacts, line }: { readonly artifacts: readonly Artifact[]; readonly line: string | undefined },
): Draft | Finding => {
	const versions = [...new Set(artifacts.map(({ purl }) => parseDebPurl(purl).version))];
	const [version = ''] = versions;
	if (versions.length > 1)
		return toError(
			'APT_ARTIFACT_INVALID',
			`expected one version of ${name} in a release, got ${versions.join(' and ')}`,
			'Release them one after the other.',
		);
	const suite = toSuiteOf(options.target, version, line);
	if (suite !== undefined) return { name, version, suite, artifacts };
	return toError(
		'APT_PRERELEASE_REFUSED',
		`${name} ${version} is a pre-release, which never goes into ${options.target.suite}`,
		'Name a suite for pre-releases under `prerelease-suite` of the target, or release a final version.',
	);
};

const checkArchitectures = ({ options }: Apt, { artifacts }: Draft): readonly Finding[] => {
	const known = options.target.architectures;
	return artifacts
		.map(({ name, purl }) => ({ name, architecture: parseDebPurl(purl).architecture }))
		.filter(({ architecture }) => architecture !== 'all' && !known.includes(architecture))
		.map(({ name, architecture }) =>
			toError(
				'APT_ARCHITECTURE_UNKNOWN',
				`${name}: the repository has no index for ${architecture}, only for ${known.join(', ')}`,
				`Add ${architecture} to \`architectures\` of the target.`,
			),
		);
};

const checkVersion = ({ name, version, suite }: Draft, current: readonly Offer[]): readonly Finding[] => {
	const highest = toVersions(current).at(-1);
	if (highest === undefined || compareDebianVersions(version, highest) >= 0) return [];
	return [
		toError(
			'APT_VERSION_LOWER',
			`${suite} already offers ${name} ${highest}, which apt prefers to ${version}`,
			'Release a higher version, or put this one into a suite of its own with `--line SUITE`.',
		),
	];
};

/** In a repository that was taken over the older file may lie at another path of the pool. */
const checkOffered = ({ name, suite, artifacts }: Draft, current: readonly Offer[]): readonly Finding[] =>
	artifacts.flatMap((artifact) => {
		const other = findOtherBytes(current, toOffer(artifact));
		if (!other) return [];
		return toError(
			'APT_VERSION_TAKEN',
			`${artifact.name}: expected sha256 ${artifact.digest.sha256}, but ${suite} offers ${name} ${other.version} with ${other.sha256 || 'other bytes'}`,
			'A published name and version never gets other bytes: release a higher version.',
		);
	});

const checkBytes = async (apt: Apt, draft: Draft, context: Context): Promise<readonly Finding[]> => {
	const presences = await Promise.all(draft.artifacts.map((artifact) => probe(apt, artifact, context)));
	return presences.flatMap((presence, index) => {
		const { name, digest } = draft.artifacts[index] as Artifact;
		if (presence.state !== 'mismatch') return [];
		return toError(
			'APT_VERSION_TAKEN',
			`${name}: expected sha256 ${digest.sha256}, but the repository holds ${presence.found.sha256} under this name and version`,
			'A published name and version never gets other bytes: release a higher version.',
		);
	});
};

const toSubject = ({ options }: Apt, draft: Draft, current: readonly Offer[]): Subject => {
	const next = toNextOffers(current, draft.artifacts.map(toOffer), options.target.keep);
	return {
		target: options.id,
		id: toDebSubjectId(draft.name),
		version: draft.version,
		artifacts: [...draft.artifacts],
		mode: { name: 'pool', hides: true },
		pointer: {
			name: toPointerName(draft.suite, options.target.component),
			previous: toPointer(current),
			next: toPointer(next) ?? '',
		},
		dependsOn: [],
	};
};

const inspect = async (
	apt: Apt,
	draft: Draft,
	{ view, context }: { readonly view: SuiteView; readonly context: Context },
): Promise<{ readonly findings: readonly Finding[]; readonly found: Found }> => {
	const pointer = await view.pointer(apt.options.target.component, draft.name);
	const current = parsePointer(pointer);
	const taken = await checkBytes(apt, draft, context);
	return {
		findings: [
			...checkArchitectures(apt, draft),
			...checkVersion(draft, current),
			...(taken.length > 0 ? taken : checkOffered(draft, current)),
		],
		found: { subject: toSubject(apt, draft, current), current: pointer },
	};
};

/** What a release of these artifacts would change, and what stands against it. Signs and writes nothing. */
export const preflightRelease = async (
	apt: Apt,
	{ artifacts, line }: { readonly artifacts: readonly Artifact[]; readonly line: string | undefined },
	context: Context,
): Promise<Preflight> => {
	const refused = checkLine(apt, line);
	if (refused.length > 0) return { findings: refused, subjects: [] };
	const debs = artifacts.filter(isDeb);
	const byName = Map.groupBy(debs, ({ purl }) => parseDebPurl(purl).name);
	const drafts = [...byName].map(([name, group]) => toDraft(apt, name, { artifacts: group, line }));
	const { value: limits, findings: unknown } = await attempt(async () => apt.options.store.limits?.());
	const findings: Finding[] = [...(await checkTarget(apt, context)), ...unknown];
	if (limits) findings.push(...checkFileSizes(debs, limits));
	const subjects: Found[] = [];
	const good = drafts.filter((draft) => 'suite' in draft);
	for (const draft of drafts) if ('code' in draft) findings.push(draft);
	for (const [suite, group] of Map.groupBy(good, (draft) => draft.suite)) {
		const opened = await attempt(async () => {
			const view = await openSuite(apt.repository, suite, { now: context.clock.now() });
			if (limits) {
				const indexes = await view.indexes(apt.options.target.component);
				findings.push(
					...checkSiteSize(
						indexes,
						group.flatMap((draft) => draft.artifacts),
						limits,
					),
				);
			}
			return Promise.all(group.map((draft) => inspect(apt, draft, { view, context })));
		});
		findings.push(...opened.findings, ...(opened.value ?? []).flatMap((inspected) => inspected.findings));
		subjects.push(...(opened.value ?? []).map(({ found }) => found));
	}
	return { findings, subjects };
};
