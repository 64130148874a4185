import {
	type Artifact,
	type Finding,
	type Preflight,
	type Presence,
	type Subject,
	toSubjectId,
} from '@slipway/core';
import type { AptRepository } from './apt-repository.ts';
import { isLower, type Reach, read, refuse, toIdentity } from './target.ts';

export interface Apt extends Reach {
	readonly repository: AptRepository;
}

export const CLOCK_LIMIT_MS = 5000;
export const CONFLICTS = 10;

export const nameOf = ({ id }: Pick<Subject, 'id'>): string => toIdentity(id).name;
export const toPath = ({ name }: Artifact): string => `pool/${name}`;
export const readState = (apt: Apt) => read(apt, 'GET InRelease', () => apt.repository.state);

export const toError = (code: string, message: string): Finding => ({
	severity: 'error',
	code,
	message,
	hint: 'Look at the target.',
});

/** The server names its time in every reply. */
export const checkClock = ({ process }: Apt): readonly Finding[] =>
	Math.abs(process.skewMs) > CLOCK_LIMIT_MS
		? [toError('SIMULATED_CLOCK_WRONG', `the clock is off by ${process.skewMs} ms`)]
		: [];

export const plan = async (apt: Apt, all: readonly Artifact[]): Promise<Preflight> => {
	const own = all.filter(({ purl }) => purl.startsWith('pkg:deb/'));
	const { value: state } = await readState(apt);
	const findings: Finding[] = [...checkClock(apt)];
	const subjects = own.map((artifact) => {
		const { name, version } = toIdentity(artifact.purl);
		const previous = state.offers.get(name) ?? null;
		const there = apt.repository.pool.get(toPath(artifact));
		if (there !== undefined && there !== artifact.digest.sha256)
			findings.push(toError('SIMULATED_VERSION_TAKEN', `${artifact.name} has other bytes`));
		if (previous !== null && isLower(version, previous))
			findings.push(toError('SIMULATED_VERSION_LOWER', `${name} ${version} is below ${previous}`));
		const subject: Subject = {
			target: apt.id,
			id: toSubjectId(artifact.purl),
			version,
			artifacts: [artifact],
			mode: { name: 'pool', hides: true },
			pointer: { name: 'stable main', previous, next: version },
			dependsOn: [],
		};
		return { subject, current: previous };
	});
	return { findings, subjects };
};

export const probe = async (apt: Apt, artifact: Artifact): Promise<Presence> => {
	const path = toPath(artifact);
	const { value: found } = await read(apt, `GET ${path}`, () => apt.repository.pool.get(path));
	if (found === undefined) return { state: 'absent' };
	return found === artifact.digest.sha256
		? { state: 'match' }
		: { state: 'mismatch', found: { sha256: found } };
};

export const verifyAll = async (apt: Apt, subjects: readonly Subject[], state: string): Promise<void> => {
	const { value: signed } = await readState(apt);
	for (const subject of subjects) {
		const { previous, next } = subject.pointer;
		const current = signed.offers.get(nameOf(subject)) ?? null;
		for (const artifact of state === 'withdrawn' ? [] : subject.artifacts)
			if ((await probe(apt, artifact)).state !== 'match')
				throw refuse('SIMULATED_DIGEST_MISMATCH', `${artifact.name} is not what was planned`);
		const expected = state === 'hidden' ? current : state === 'exposed' ? next : previous;
		if (current !== expected)
			throw refuse('SIMULATED_POINTER', `${subject.id}: expected ${expected}, got ${current}`);
	}
};
