import type { AptTarget } from '@slipway/core/config';
import { openRepository } from '../join/apt.ts';
import { openAptParts } from '../join/apt-parts.ts';
import { checkClock } from './check-clock.ts';
import type { Check, Examination } from './examination.ts';
import { bad, fromFinding, fromThrown, good, type Observation } from './observation.ts';

const MAX_RELEASE_BYTES = 1024 * 1024;

/** Where the key comes from, as slipway.yml says. */
const toPlace = ({ 'signing-key': { environment, file } }: AptTarget): string =>
	environment === undefined ? `the file ${file}` : `the variable ${environment}`;

const checkKey = async (
	id: string,
	target: AptTarget,
	{ project, context }: Examination,
): Promise<readonly Observation[]> => {
	const about = `${id}: signing key`;
	const { checkSigningKey } = await import('@slipway/deb');
	const { signingKey } = await openAptParts(project, target);
	if (!signingKey)
		return [
			bad('unknown', 'SIGNING_KEY_ABSENT', {
				about,
				message: `${toPlace(target)} is not set here`,
				action:
					'Set it to look at the key too; in workflows it is the secret `apt-signing-key` of the jobs that expose and roll back.',
			}),
		];
	const findings = await checkSigningKey(signingKey, context.clock.now());
	return findings.length > 0
		? findings.map((finding) => fromFinding(about, finding))
		: [good(about, 'accepted by every current apt')];
};

const checkServed = async (
	id: string,
	target: AptTarget,
	{ context }: Examination,
): Promise<readonly Observation[]> => {
	const about = `${id}: ${target.url}`;
	const { openServedFiles } = await import('@slipway/deb');
	const served = openServedFiles(target.url);
	try {
		const release = await served.get(`dists/${target.suite}/InRelease`, {
			maxBytes: MAX_RELEASE_BYTES,
			signal: context.signal,
		});
		const server = await served.clock(context.signal);
		return [
			good(
				about,
				release
					? `serves the suite ${target.suite}`
					: `reached; the first release makes the suite ${target.suite}`,
			),
			...checkClock(about, server, context.clock.now()),
		];
	} catch (thrown) {
		return [{ ...fromThrown(about, thrown), verdict: 'warning' }];
	}
};

/** What the host of its branch takes; the suite itself is read only where there are limits. */
const checkLimits = async (
	id: string,
	target: AptTarget,
	{ project, context }: Examination,
): Promise<readonly Observation[]> => {
	const about = `${id}: limits of the host`;
	const { checkHostLimits } = await import('@slipway/deb');
	const repository = await openRepository(project, target);
	const limits = await repository.store.limits?.();
	if (!limits) return [];
	const { suite, component } = target;
	const findings = await checkHostLimits(repository, { suite, component, now: context.clock.now() });
	if (findings.length > 0) return findings.map((finding) => fromFinding(about, finding));
	const mib = (bytes: number): string => `${bytes / 1024 ** 2} MiB`;
	const { host, fileBytes, writeBytes, siteBytes } = limits;
	return [
		good(
			about,
			`${host} takes files of ${mib(fileBytes)}, pushes of ${mib(writeBytes)}, and serves sites of ${mib(siteBytes)}`,
		),
	];
};

/** Whether a bucket can be read as this job reads it. Whether its server compares, only a write shows: preflight does. */
const checkBucket = async (
	id: string,
	target: AptTarget,
	{ project }: Examination,
): Promise<readonly Observation[]> => {
	const about = `${id}: bucket`;
	if (!project.door.environment.AWS_ACCESS_KEY_ID)
		return [
			bad('unknown', 'BUCKET_CREDENTIALS_ABSENT', {
				about,
				message: 'AWS_ACCESS_KEY_ID is not set here',
				action: 'Set it and AWS_SECRET_ACCESS_KEY to look at the bucket as the jobs that publish do.',
			}),
		];
	const { store } = await openAptParts(project, target);
	await store.list(`dists/${target.suite}`);
	return [good(about, 'can be read and listed with these credentials')];
};

/** apt repositories: the key, its expiry, and what is served where users fetch. */
export const checkApt: Check = {
	about: 'apt',
	look: async (examination) => {
		const targets = Object.entries(examination.project.config.targets);
		const looks = targets.flatMap(([id, target]) =>
			target.type === 'apt'
				? [
						checkKey(id, target, examination).catch((thrown: unknown) => [
							fromThrown(`${id}: signing key`, thrown),
						]),
						checkServed(id, target, examination),
						...('bucket' in target.store
							? [
									checkBucket(id, target, examination).catch((thrown: unknown) => [
										fromThrown(`${id}: bucket`, thrown),
									]),
								]
							: []),
						...('branch' in target.store
							? [
									checkLimits(id, target, examination).catch((thrown: unknown) => [
										{ ...fromThrown(`${id}: limits of the host`, thrown), verdict: 'unknown' as const },
									]),
								]
							: []),
					]
				: [],
		);
		return (await Promise.all(looks)).flat();
	},
};
