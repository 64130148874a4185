import { SlipwayError, toPrintable } from '@slipway/core';
import type { RehearsalCode } from '../code.ts';
import { type FrontRequest, toJsonReply } from '../npm-registry/index.ts';
import type { FaultDefinition, FaultTarget } from './fault.ts';
import { goesToGitHubOnly, serveOldReleases, spoilUploads } from './github-faults.ts';
import { watchUpload } from './watch-store.ts';

const SCAN_MS = 3_000;
const BUSY_TIMES = 2;
const STALE_READS = 3;

const isUpload =
	({ npmNames }: FaultTarget) =>
	({ route }: FrontRequest): boolean =>
		(route.kind === 'publish' || route.kind === 'stage') && npmNames.includes(route.name);

/** The same, and each upload that is hit is noted. */
const noteUploads =
	(target: FaultTarget, text: string) =>
	(request: FrontRequest): boolean => {
		const hit = isUpload(target)(request);
		if (hit) target.note(text);
		return hit;
	};

const goesToNpm = ({ npmNames }: FaultTarget): boolean => npmNames.length > 0;

const kill: FaultDefinition = {
	name: 'kill',
	description:
		'The process that releases is killed (SIGKILL) in the middle: when the npm registry has taken the first tarball and has not said so yet, or, without npm, when the first package lies in the apt repository or the first file in the draft at GitHub.',
	arm: (target) => {
		const strike = (what: string) => {
			target.kill();
			target.note(`${what}: the process was killed`);
		};
		if (goesToGitHubOnly(target))
			return spoilUploads(
				target,
				{ kind: 'run', when: 'after', task: target.kill },
				'GitHub had taken the first file: the process was killed',
			);
		if (!goesToNpm(target))
			return watchUpload(
				target,
				(path) => path.endsWith('.deb'),
				(path) => strike(`${path} was written`),
			);
		target.services.registry.control.inject({
			when: 'after',
			match: isUpload(target),
			fault: { kind: 'run', task: () => strike('the registry had taken the upload') },
		});
	},
};

const lostReply: FaultDefinition = {
	name: 'lost-reply',
	description:
		'The registry takes the first upload, but its answer never arrives: the connection is reset. Without npm: the first look at the apt repository is cut off, or the first file goes to GitHub so.',
	arm: (target) => {
		if (goesToGitHubOnly(target))
			return spoilUploads(target, { kind: 'reset' }, 'GitHub took the file and its answer was lost');
		if (!goesToNpm(target)) {
			const onStrike = () => target.note('a read of InRelease was cut off');
			for (const { prefix } of target.repositories)
				target.services.aptFaults.strike(prefix, { kind: 'reset', times: 1, onStrike });
			return;
		}
		const match = noteUploads(target, 'the registry took the upload and its answer was lost');
		target.services.registry.control.inject({ when: 'after', match, fault: { kind: 'reset' } });
	},
};

const unavailable: FaultDefinition = {
	name: '503',
	description: `The registry answers the first ${BUSY_TIMES} uploads (without npm: the first reads of the apt repository, or uploads to GitHub) with 503, and takes nothing.`,
	arm: (target) => {
		if (goesToGitHubOnly(target))
			return spoilUploads(
				target,
				{ kind: 'status', status: 503, times: BUSY_TIMES },
				'GitHub answered an upload with 503 and took nothing',
			);
		if (!goesToNpm(target)) {
			const onStrike = () => target.note('a read of InRelease was answered with 503');
			for (const { prefix } of target.repositories)
				target.services.aptFaults.strike(prefix, { kind: 'unavailable', times: BUSY_TIMES, onStrike });
			return;
		}
		const reply = toJsonReply(503, { error: 'service unavailable' });
		target.services.registry.control.inject({
			when: 'before',
			match: noteUploads(target, 'the registry answered an upload with 503 and took nothing'),
			fault: { kind: 'reply', reply },
			times: BUSY_TIMES,
		});
	},
};

const slowScan: FaultDefinition = {
	name: 'slow-scan',
	description: `What was accepted cannot be read for ${SCAN_MS / 1000} s: npm scans new versions, and caches in front of apt repositories and GitHub serve what was there before.`,
	arm: (target) => {
		if (goesToGitHubOnly(target)) return serveOldReleases(target, STALE_READS);
		target.services.registry.control.scanFor(SCAN_MS);
		for (const { prefix, suites } of target.repositories) {
			const files = suites.map((suite) => `dists/${suite}/InRelease`);
			target.services.aptFaults.freeze(prefix, files, SCAN_MS);
		}
		target.note(`new versions and indexes stayed unseen for ${SCAN_MS / 1000} s`);
	},
};

const tornUpload: FaultDefinition = {
	name: 'torn-upload',
	description:
		'An upload stops in the middle: the process is killed when new index files lie in the apt repository and the signed InRelease is still the old one; without apt, while the tarball is on its way; with GitHub alone, half a file is left in the draft.',
	arm: (target) => {
		const strike = (what: string) => {
			target.kill();
			target.note(`${what}: the process was killed`);
		};
		if (goesToGitHubOnly(target))
			return spoilUploads(
				target,
				{ kind: 'starter' },
				'an upload broke off in the middle and left half a file in the draft',
			);
		if (target.repositories.length > 0)
			return target.hold('InRelease', () =>
				strike('the new indexes were written and InRelease was about to be replaced'),
			);
		let struck = false;
		const isHit = (request: FrontRequest) => {
			if (struck || !isUpload(target)(request)) return false;
			struck = true;
			strike('the tarball was on its way');
			return true;
		};
		target.services.registry.control.inject({ when: 'before', match: isHit, fault: { kind: 'reset' } });
	},
};

const FAULTS: readonly FaultDefinition[] = [kill, lostReply, unavailable, slowScan, tornUpload];

/** What `--fault` takes. */
export const FAULT_NAMES: readonly string[] = FAULTS.map(({ name }) => name);

/** @throws SlipwayError REHEARSAL_FAULT_UNKNOWN */
export const findFault = (name: string): FaultDefinition => {
	const found = FAULTS.find((fault) => fault.name === name);
	if (found) return found;
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_FAULT_UNKNOWN',
		`expected one of ${FAULT_NAMES.join(', ')}, got ${JSON.stringify(toPrintable(name, 60))}`,
		{ hint: `Use one of them: --fault ${FAULT_NAMES[0]}` },
	);
};
