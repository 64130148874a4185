import {
	type Artifact,
	type Finding,
	type Preflight,
	type Presence,
	type Subject,
	toSubjectId,
} from '@slipway/core';
import type { NpmRegistry, Packument } from './npm-registry.ts';
import { isLower, type Reach, read, refuse, toIdentity } from './target.ts';

export type NpmMode = 'tag' | 'stage' | 'direct';

export interface Npm extends Reach {
	readonly registry: NpmRegistry;
	readonly mode: NpmMode;
	/** What the registry has said to this run. */
	readonly acknowledged: Map<string, 'accepted' | 'taken' | 'staged'>;
}

export const LATEST = 'latest';
export const toHiddenTag = (version: string): string => `slipway-${version}`;
export const toKey = (name: string, tag = LATEST): string => `${name}@${tag}`;
export const nameOf = ({ id }: Pick<Subject, 'id'>): string => toIdentity(id).name;
export const now = ({ wire }: Npm): number => wire.time.now;

export const readPackument = (npm: Npm, name: string) =>
	read(npm, `GET ${name}`, () => npm.registry.read(name, now(npm)));
export const readTag = async (npm: Npm, name: string, tag = LATEST) => {
	const { value, at } = await read(npm, `GET tags of ${name}`, () => npm.registry.readTags(name, now(npm)));
	return { value: value.get(tag) ?? null, at, all: value };
};

export const toFinding = (code: string, message: string): Finding => ({
	severity: 'error',
	code,
	message,
	hint: 'Look at the target.',
});

export const planOne = async (
	npm: Npm,
	artifact: Artifact,
	{ ids, dependsOn }: { readonly ids: readonly string[]; readonly dependsOn: readonly string[] },
) => {
	const { name, version } = toIdentity(artifact.purl);
	const { value: packument } = await readPackument(npm, name);
	const { value: previous } = await readTag(npm, name);
	const findings: Finding[] = [];
	const there = packument?.versions.get(version);
	if (there && there.sha256 !== artifact.digest.sha256)
		findings.push(toFinding('SIMULATED_VERSION_TAKEN', `${name}@${version} has other bytes`));
	if (previous !== null && isLower(version, previous))
		findings.push(toFinding('SIMULATED_VERSION_LOWER', `${name}@${version} is below ${previous}`));
	const isDirect = packument === undefined || npm.mode === 'direct';
	const mode = isDirect ? { name: 'direct', hides: false } : { name: npm.mode, hides: true };
	const subject: Subject = {
		target: npm.id,
		id: toSubjectId(artifact.purl),
		version,
		artifacts: [artifact],
		mode,
		pointer: { name: LATEST, previous, next: version },
		dependsOn: dependsOn.filter((id) => ids.includes(id)),
	};
	return { findings, found: { subject, current: previous } };
};

export const plan = async (npm: Npm, all: readonly Artifact[]): Promise<Preflight> => {
	const own = all.filter(({ purl }) => purl.startsWith('pkg:npm/'));
	const ids = own.map(({ purl }) => toSubjectId(purl));
	const planned: Awaited<ReturnType<typeof planOne>>[] = [];
	for (const [index, artifact] of own.entries())
		planned.push(await planOne(npm, artifact, { ids, dependsOn: ids.slice(0, index) }));
	return {
		findings: planned.flatMap(({ findings }) => findings),
		subjects: planned.map(({ found }) => found),
	};
};

export const checkPrevious = (subject: Subject, packument: Packument | undefined): readonly Finding[] => {
	const { previous, next } = subject.pointer;
	if (previous === null) return [];
	if (previous === next)
		return [toFinding('SIMULATED_PREVIOUS_UNKNOWN', `no record of what ${subject.id} named before`)];
	const manifest = packument?.versions.get(previous);
	if (!manifest) return [toFinding('SIMULATED_PREVIOUS_MISSING', `${subject.id} ${previous} is not there`)];
	return manifest.deprecated
		? [toFinding('SIMULATED_PREVIOUS_WITHDRAWN', `${subject.id} ${previous} was withdrawn`)]
		: [];
};

export const examine = async (
	npm: Npm,
	operation: string,
	subjects: readonly Subject[],
): Promise<Preflight> => {
	const findings: Finding[] = [];
	const found: { subject: Subject; current: string | null }[] = [];
	for (const subject of subjects) {
		const { value: packument } = await readPackument(npm, nameOf(subject));
		found.push({ subject, current: (await readTag(npm, nameOf(subject))).value });
		if (operation === 'rollback')
			findings.push(
				...checkPrevious(subject, packument).map((finding) => ({ ...finding, onlyBack: true as const })),
			);
		const ours = packument?.versions.get(subject.version);
		if (operation === 'restore' && !ours)
			findings.push(toFinding('SIMULATED_NOT_VISIBLE', `${subject.id} ${subject.version} is not there`));
		if (operation === 'restore' && ours && ours.sha256 !== subject.artifacts[0]?.digest.sha256)
			findings.push(toFinding('SIMULATED_DIGEST_MISMATCH', `${subject.id} ${subject.version} is not ours`));
	}
	return { findings, subjects: found };
};

/** As the real one: what says "absent" must be a read that would have seen it. */
export const probe = async (npm: Npm, artifact: Artifact): Promise<Presence> => {
	const { name, version } = toIdentity(artifact.purl);
	const { value: packument } = await readPackument(npm, name);
	const shown = packument?.versions.get(version);
	if (shown)
		return shown.sha256 === artifact.digest.sha256
			? { state: 'match' }
			: { state: 'mismatch', found: { sha256: shown.sha256 } };
	const { all } = await readTag(npm, name);
	if ([...all.values()].includes(version))
		return { state: 'pending', waitsFor: 'time', reason: 'accepted, not readable yet' };
	const acknowledged = npm.acknowledged.get(`${name}@${version}`);
	if (npm.mode === 'stage') {
		const { value: isStaged } = await read(npm, `GET stage of ${name}`, () =>
			npm.registry.isStaged(name, version, now(npm)),
		);
		if (isStaged || acknowledged === 'staged' || acknowledged === 'accepted')
			return { state: 'pending', waitsFor: 'person', reason: 'staged: a maintainer must approve it' };
	}
	if (acknowledged)
		return { state: 'pending', waitsFor: 'time', reason: `the registry said: ${acknowledged}` };
	return { state: 'absent' };
};

export const verifyOne = async (npm: Npm, subject: Subject, state: string): Promise<void> => {
	const { value: packument } = await readPackument(npm, nameOf(subject));
	const current = packument?.tags.get(LATEST) ?? null;
	const { previous, next } = subject.pointer;
	const isFirst = previous === null && current === next && packument?.versions.get(next)?.deprecated !== '';
	if (state === 'withdrawn' && current !== previous && !isFirst)
		throw refuse('SIMULATED_POINTER', `${subject.id}: expected ${previous}, got ${current}`);
	if (state === 'withdrawn') return;
	const shown = packument?.versions.get(subject.version);
	if (!shown) throw refuse('SIMULATED_NOT_VISIBLE', `${subject.id} ${subject.version} is not shown`);
	if (shown.sha256 !== subject.artifacts[0]?.digest.sha256)
		throw refuse('SIMULATED_DIGEST_MISMATCH', `${subject.id}: other bytes`);
	if (state === 'exposed' && current !== next)
		throw refuse('SIMULATED_POINTER', `${subject.id}: expected ${next}, got ${current}`);
};
