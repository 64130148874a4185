import {
	type Artifact,
	type Finding,
	type Preflight,
	type Presence,
	type Subject,
	toSubjectId,
} from '@slipway/core';
import { type GithubReleases, LATEST, type SimulatedRelease } from './github-releases.ts';
import { isLower, type Reach, read, refuse, toIdentity } from './target.ts';

export interface Github extends Reach {
	readonly repository: GithubReleases;
}

export const toTag = (version: string): string => `v${version}`;
export const toContents = (artifacts: readonly Artifact[]): string =>
	artifacts.map(({ name, digest }) => `${name} ${digest.sha256}`).join('\n');

export const toError = (code: string, message: string): Finding => ({
	severity: 'error',
	code,
	message,
	hint: 'Look at the target.',
});

/** As it was when the server answered. */
export const copy = (release: SimulatedRelease): SimulatedRelease => ({
	...release,
	assets: new Map(release.assets),
});

export const readHeld = async (github: Github, version: string) => {
	const tag = toTag(version);
	const { value } = await read(github, `GET releases of ${tag}`, () => github.repository.find(tag).map(copy));
	const published = value.find(({ isDraft }) => !isDraft);
	if (published) return { published, draft: undefined };
	const drafts = value.filter(({ isDraft }) => isDraft);
	if (drafts.length > 1) throw refuse('SIMULATED_DRAFTS_DUPLICATE', `${tag} has ${drafts.length} drafts`);
	return { published: undefined, draft: drafts[0] };
};

export const readLatest = (github: Github) =>
	read(github, 'GET latest', () => github.repository.pointers.get(LATEST));

export const plan = async (github: Github, all: readonly Artifact[]): Promise<Preflight> => {
	const own = all.filter(({ purl }) => purl.startsWith('pkg:github/'));
	const [first] = own;
	if (!first) return { findings: [], subjects: [] };
	const { version } = toIdentity(first.purl);
	const { published, draft } = await readHeld(github, version);
	const { value: previous } = await readLatest(github);
	const findings: Finding[] = [];
	const isOther = draft && draft.contents !== toContents(own);
	const isTaken = published && published.contents !== toContents(own);
	if (isOther || isTaken) findings.push(toError('SIMULATED_VERSION_TAKEN', `${toTag(version)} holds others`));
	if (previous !== null && isLower(version, previous.slice(1)))
		findings.push(toError('SIMULATED_VERSION_LOWER', `${version} is below ${previous}`));
	const subject: Subject = {
		target: github.id,
		id: toSubjectId(first.purl),
		version,
		artifacts: own,
		mode: { name: 'draft', hides: true },
		pointer: { name: LATEST, previous, next: toTag(version) },
		dependsOn: [],
	};
	return { findings, subjects: [{ subject, current: previous }] };
};

export const probe = async (github: Github, artifact: Artifact): Promise<Presence> => {
	const { name, digest } = artifact;
	const { published, draft } = await readHeld(github, toIdentity(artifact.purl).version);
	const found = (draft ?? published)?.assets.get(name);
	if (found === digest.sha256) return { state: 'match' };
	const mismatch: Presence = { state: 'mismatch', found: found === undefined ? {} : { sha256: found } };
	if (published && !draft) return mismatch;
	if (draft && !draft.contents.includes(`${name} ${digest.sha256}`)) return mismatch;
	return { state: 'absent' };
};

export const verifyOne = async (github: Github, subject: Subject, state: string): Promise<void> => {
	const { previous, next } = subject.pointer;
	const { published, draft } = await readHeld(github, subject.version);
	const { value: current } = await readLatest(github);
	const expected = state === 'exposed' ? next : state === 'withdrawn' ? previous : current;
	if (current !== expected) throw refuse('SIMULATED_POINTER', `latest: expected ${expected}, got ${current}`);
	if (state === 'withdrawn') return;
	for (const { name, digest } of subject.artifacts)
		if ((published ?? draft)?.assets.get(name) !== digest.sha256)
			throw refuse('SIMULATED_DIGEST_MISMATCH', `${name} is not what was planned`);
};
