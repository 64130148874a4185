import type { Publisher } from '@slipway/core';
import type { Plan } from '@slipway/release';
import type { WatchFinding } from '@slipway/report';
import { openReadable } from './preview-targets.ts';
import type { ExpectedPointer } from './watch-expected.ts';
import {
	attemptLook,
	joinSeen,
	type Look,
	type Seen,
	toSeen,
	toWatchFinding,
	type Watch,
} from './watch-look.ts';

/** Of older releases only so many are looked at: what users get today counts most. */
const MAX_RELEASES = 10;

const DIGEST = /([0-9a-f]{12})[0-9a-f]{52,}/g;

const toText = (value: string | null): string => (value === null ? 'nothing' : value.replace(DIGEST, '$1…'));

const toMoved = ({ subject, value }: ExpectedPointer, current: string | null): WatchFinding =>
	toWatchFinding('error', 'WATCH_POINTER_MOVED', {
		target: subject.target,
		message: `${subject.pointer.name} of ${subject.id}: expected ${toText(value)}, as it was left, got ${toText(current)}`,
		hint: 'Find out who moved it, and take that right away where it was not meant. Then move it back, or release a new version from here.',
	});

const checkPointers = async (
	publisher: Publisher,
	pointers: readonly ExpectedPointer[],
	{ context }: Watch,
): Promise<Seen> => {
	if (pointers.length === 0) return toSeen([]);
	const subjects = pointers.map(({ subject }) => subject);
	const answer = await publisher.preflight({ operation: 'status', subjects }, context);
	const unread = answer.findings
		.filter(({ severity }) => severity === 'error')
		.map(({ code, message, hint }) => ({
			target: publisher.id,
			severity: 'warning' as const,
			code,
			message,
			hint,
		}));
	const moved = answer.subjects.flatMap(({ subject, current }) => {
		const pointer = pointers.find((each) => each.subject === subject);
		return pointer && current !== pointer.value ? [toMoved(pointer, current)] : [];
	});
	const fine = answer.subjects.length - moved.length;
	return toSeen(
		[...unread, ...moved],
		`${publisher.id}: ${fine} of ${pointers.length} pointers are where they were left`,
	);
};

const toCurrentPlans = (pointers: readonly ExpectedPointer[]): ReadonlySet<string> =>
	new Set(pointers.filter(({ isOurs }) => isOurs).map(({ subject }) => subject.version));

const checkBytes = async (
	publisher: Publisher,
	plan: Plan,
	{ context, expected }: Watch,
): Promise<readonly WatchFinding[]> => {
	const current = toCurrentPlans(expected.pointers.filter(({ subject }) => subject.target === publisher.id));
	const findings: WatchFinding[] = [];
	for (const subject of plan.subjects.filter(({ target }) => target === publisher.id)) {
		for (const artifact of subject.artifacts) {
			const presence = await publisher.probe(artifact, context);
			const text = {
				target: publisher.id,
				hint: 'Take it for an attack until you know better: tell users, and find out who wrote there.',
			};
			if (presence.state === 'mismatch')
				findings.push(
					toWatchFinding('error', 'WATCH_BYTES_CHANGED', {
						...text,
						message: `${artifact.name}: expected the bytes that were released (sha256 ${artifact.digest.sha256}), got others`,
					}),
				);
			// Older versions may leave an apt index by `keep`; what is pointed at may not.
			if (presence.state === 'absent' && current.has(subject.version))
				findings.push(
					toWatchFinding('error', 'WATCH_BYTES_MISSING', {
						...text,
						message: `${artifact.name} of ${plan.version} is gone, though it is what users are pointed at`,
					}),
				);
		}
	}
	return findings;
};

const lookAt = async (publisher: Publisher, watch: Watch): Promise<Seen> => {
	const { expected } = watch;
	const pointers = expected.pointers.filter(({ subject }) => subject.target === publisher.id);
	const plans = expected.completed.slice(-MAX_RELEASES);
	const bytes: WatchFinding[] = [];
	for (const plan of plans) bytes.push(...(await checkBytes(publisher, plan, watch)));
	const seen = await checkPointers(publisher, pointers, watch);
	return joinSeen([
		seen,
		toSeen(bytes, `${publisher.id}: the bytes of ${plans.length} releases were compared by digest`),
	]);
};

/** Does every target still show what was released there: pointers, and bytes by digest? */
export const lookAtTargets: Look = async (watch) => {
	const { publishers, findings } = await openReadable(watch.project, { needsCredentials: false });
	const unseen = findings.map(({ target, message, hint }) =>
		toWatchFinding('warning', 'WATCH_TARGET_UNSEEN', { target, message, hint }),
	);
	const seen = await Promise.all(
		publishers.map((publisher) => attemptLook(publisher.id, watch.context, () => lookAt(publisher, watch))),
	);
	return joinSeen([toSeen(unseen), ...seen]);
};
