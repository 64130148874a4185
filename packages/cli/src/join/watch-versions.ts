import { compareVersions, findVersionProblem, parsePurl } from '@slipway/core';
import type { NpmTarget } from '@slipway/core/config';
import type { WatchFinding } from '@slipway/report';
import { readNpmNames } from './npm-packages.ts';
import { openNpmRegistry } from './publishers.ts';
import {
	attemptLook,
	joinSeen,
	type Look,
	type Seen,
	toSeen,
	toWatchFinding,
	type Watch,
} from './watch-look.ts';

/** Whatever a version is called at a target; known are those that a plan has, or saw there before. */
export const toKnownVersions = ({ expected }: Watch, target: string, id: string): Set<string> => {
	const subjects = expected.plans.flatMap((plan) =>
		plan.subjects.filter((subject) => subject.target === target && subject.id === id),
	);
	return new Set(
		subjects.flatMap(({ version, pointer }) => [
			version,
			...(pointer.previous === null ? [] : [pointer.previous]),
		]),
	);
};

export const toUnknownVersion = (target: string, what: string, when: number | null): WatchFinding =>
	toWatchFinding('error', 'WATCH_VERSION_UNKNOWN', {
		target,
		message: `${what} is there${when === null ? '' : ` since ${new Date(when).toISOString()}`}, and no release in the journal has it`,
		hint: 'Find out who published it. Where it was not one of you: deprecate or withdraw it, revoke the rights it was published with, and tell users.',
	});

/** What was published before the journal began is nobody's secret; without a time it is judged by its number. */
const isAfter = (
	{ version, publishedAt }: { readonly version: string; readonly publishedAt: number | null },
	{ expected }: Watch,
): boolean => {
	if (expected.since === null) return false;
	if (publishedAt !== null) return publishedAt > expected.since;
	const oldest = expected.plans.map((plan) => plan.version).sort(compareVersions)[0];
	return (
		oldest !== undefined && findVersionProblem(version) === undefined && compareVersions(version, oldest) > 0
	);
};

const toName = (id: string): string => {
	const { namespace, name } = parsePurl(id);
	return namespace === undefined ? name : `${namespace}/${name}`;
};

const toGone = (target: string, what: string): WatchFinding =>
	toWatchFinding('error', 'WATCH_VERSION_GONE', {
		target,
		message: `${what} was released and is not listed any more`,
		hint: 'Find out who unpublished it; its number cannot be used again. Release a new version where users need it.',
	});

const lookAtPackage = async (
	watch: Watch,
	{ id, target }: { readonly id: string; readonly target: NpmTarget },
	subject: string,
): Promise<Seen> => {
	const { listVersions } = await import('@slipway/npm');
	const place = await openNpmRegistry(watch.project, target);
	const name = toName(subject);
	const listed = (await listVersions(place, name, watch.context)) ?? [];
	const known = toKnownVersions(watch, id, subject);
	const unknown = listed.filter((each) => !known.has(each.version) && isAfter(each, watch));
	const there = new Set(listed.map(({ version }) => version));
	const gone = watch.expected.completed.flatMap((plan) =>
		plan.subjects.filter((each) => each.target === id && each.id === subject && !there.has(each.version)),
	);
	return toSeen(
		[
			...unknown.map(({ version, publishedAt }) => toUnknownVersion(id, `${name}@${version}`, publishedAt)),
			...gone.map(({ version }) => toGone(id, `${name}@${version}`)),
		],
		`${id}: ${listed.length} versions of ${name} were compared with the journal`,
	);
};

/** Are there versions on npm that nobody released here (G15), or ones that went? */
export const lookAtNpmVersions: Look = async (watch) => {
	const { project, expected } = watch;
	const targets = Object.entries(project.config.targets);
	const seen = targets.flatMap(([id, target]) => {
		if (target.type !== 'npm') return [];
		return [
			attemptLook(id, watch.context, async () => {
				const planned = expected.plans.flatMap((plan) =>
					plan.subjects.filter((subject) => subject.target === id).map((subject) => subject.id),
				);
				const named = (await readNpmNames(project)).map((name) => `pkg:npm/${name.replace(/^@/, '%40')}`);
				const subjects = [...new Set([...planned, ...named])];
				return joinSeen(
					await Promise.all(subjects.map((subject) => lookAtPackage(watch, { id, target }, subject))),
				);
			}),
		];
	});
	return joinSeen(await Promise.all(seen));
};
