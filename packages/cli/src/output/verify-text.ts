import { toPrintable } from '@slipway/core';
import type { ReleaseVerification, VerifiedLink, VerifiedStage } from '@slipway/verify';
import type { VerifiedApt } from '../join/verify-apt.ts';
import type { VerifiedFile } from '../join/verify-file.ts';
import type { VerifyMeans } from '../join/verify-means.ts';
import type { Verified } from '../join/verify-what.ts';
import type { Paint } from './paint.ts';
import { toSignerLines } from './signer-text.ts';

const SHORT = 12;

const toDay = (date: Date | null): string => date?.toISOString().slice(0, 10) ?? 'unknown';

const TRUST: Readonly<Record<string, string>> = {
	tuf: 'trusted root fetched through TUF',
	file: 'trusted root from a file',
	pinned: 'trusted root that is part of this version',
	none: 'keys of the policy alone',
};

type Trust = Pick<VerifyMeans['trust'], 'source' | 'age'>;

const toTrustText = ({ source, age }: Trust): string => {
	const what = TRUST[source.kind] ?? source.kind;
	if (source.kind === 'none') return what;
	return `${what} (${toPrintable(source.from, 200)}), as of ${toDay(age.asOf)}${age.days === null ? '' : `, ${age.days} days old`}`;
};

const toRow = (label: string, text: string): string => `  ${label.padEnd(10)} ${text}`;

const toPolicyText = ({ sha256, from }: { readonly sha256: string; readonly from: string }): string =>
	`${toPrintable(from, 200)}, sha256 ${sha256.slice(0, SHORT)}…`;

const toMeansLines = ({ policy, trust }: VerifyMeans): string[] => [
	toRow('policy', toPolicyText({ sha256: policy.digest.sha256, from: policy.from })),
	toRow('trust', toTrustText(trust)),
];

const toTime = (date: Date | null | undefined): string =>
	date ? `${date.toISOString().slice(0, 19)}Z` : 'at an unproven time';

const toStageLine = (
	{ stage, platform, start, end, signature }: VerifiedStage,
	links: readonly VerifiedLink[],
): string => {
	const seconds = Math.max(0, Math.round((Date.parse(end) - Date.parse(start)) / 1000));
	const signed = links.find(({ path }) => path === signature);
	const by = signed
		? `signed ${toTime(signed.signedAt)} by ${toPrintable(signed.signer.name, 100)}`
		: 'not signed yet';
	return `    ${stage.padEnd(10)} ${`${platform.os}-${platform.arch}`.padEnd(13)} ${start.slice(0, 19)}Z ${`${seconds} s`.padStart(6)}  ${by}`;
};

const toGateText = ({ gatePolicy }: ReleaseVerification): string[] => {
	if (!gatePolicy) return [];
	const which = gatePolicy.isSame
		? 'this policy'
		: `another policy, sha256 ${gatePolicy.sha256.slice(0, SHORT)}…`;
	return [toRow('gate', `passed under ${which}`)];
};

const toNotes = (notes: readonly string[], paint: Paint): string[] =>
	notes.map((note) => `  ${paint('warn', 'note')}       ${toPrintable(note)}`);

const toReleaseText = (verification: ReleaseVerification, paint: Paint): string[] => [
	`${paint('good', 'VERIFIED')} ${paint('strong', `${verification.project} ${verification.version}`)}, a Release of ${verification.artifacts.length} artifacts`,
	toRow(
		'source',
		`${toPrintable(verification.source.repo ?? 'unknown', 200)} at ${verification.source.commit?.slice(0, SHORT) ?? 'no commit'}${verification.source.ref ? ` (${toPrintable(verification.source.ref, 200)})` : ''}`,
	),
	toRow('policy', toPolicyText(verification.policy)),
	toRow('trust', toTrustText(verification.trust)),
	...toGateText(verification),
	toRow('level', `SLSA_BUILD_LEVEL_${verification.buildLevel}`),
	'  artifacts',
	...verification.artifacts.map(
		({ name, purl, sha256 }) => `    ${toPrintable(name)}  ${toPrintable(purl)}\n      sha256 ${sha256}`,
	),
	'  signed by',
	...toSignerLines(verification.attestations, paint),
	'  chain',
	...verification.stages.map((stage) => toStageLine(stage, verification.attestations)),
];

const toFileText = ({ verification, means, checks, notes }: VerifiedFile, paint: Paint): string[] => [
	`${paint('good', 'VERIFIED')} ${paint('strong', toPrintable(verification.name))}`,
	toRow('sha256', verification.sha256),
	...toMeansLines(means),
	'  signed by',
	...toSignerLines(verification.attestations, paint),
	...checks.map((check) => toRow('checked', toPrintable(check))),
	...toNotes(notes, paint),
];

const toAptText = ({ from, means, repository, packages }: VerifiedApt, paint: Paint): string[] => [
	`${paint('good', 'VERIFIED')} ${paint('strong', toPrintable(`${from} ${repository.suite}`))}, ${repository.debs.length} packages`,
	toRow('signed by', `OpenPGP key ${repository.fingerprint}, dated ${toTime(new Date(repository.date))}`),
	toRow(
		'valid',
		repository.validUntil === null ? 'without end' : `until ${toTime(new Date(repository.validUntil))}`,
	),
	toRow('checked', `${repository.indexes} indexes and ${repository.debs.length} package files by sha256`),
	...(means ? toMeansLines(means) : [toRow('note', 'attestations were left aside')]),
	...packages.flatMap(({ name, attestations }) => [
		`  ${toPrintable(name)}`,
		...toSignerLines(attestations, paint),
	]),
];

/** What was verified, for people: by what, who signed, when and where from, and how it hangs together. */
export const toVerifiedText = (verified: Verified, paint: Paint): string => {
	if (verified.kind === 'release') return toReleaseText(verified.verification, paint).join('\n');
	if (verified.kind === 'apt') return toAptText(verified, paint).join('\n');
	return toFileText(verified, paint).join('\n');
};
