import { parseJson } from '@slipway/core';
import { type Policy, toWindowEnd } from '@slipway/core/policy';
import type { WatchFinding } from '@slipway/report';
import * as v from 'valibot';
import { type OpenedPolicy, openPolicy } from './policy.ts';
import { type Look, type Seen, toDay, toDistance, toSeen, toWatchFinding, type Watch } from './watch-look.ts';

const TARGET = 'policy';

const isSoon = (time: number, { context, withinMs }: Watch): boolean =>
	time <= context.clock.now() + withinMs;

const toEnd = (time: number, now: number): string =>
	`${time <= now ? 'ended' : 'ends'} on ${toDay(time)} (${toDistance(time, now)})`;

const checkSigners = ({ signers }: Policy, watch: Watch): WatchFinding[] => {
	const now = watch.context.clock.now();
	return signers.flatMap((signer) => {
		const until = 'key' in signer ? signer['valid-until'] : undefined;
		if (until === undefined || !isSoon(toWindowEnd(until), watch)) return [];
		const end = toWindowEnd(until);
		return [
			toWatchFinding('warning', 'WATCH_SIGNER_EXPIRES', {
				target: TARGET,
				message: `the window of signer ${JSON.stringify(signer.name)} ${toEnd(end, now)}: nothing signed by it later is accepted`,
				hint: 'Make a new key (`slipway keys new`), add it to `signers` of the policy, and sign with it from now on.',
			}),
		];
	});
};

const checkOverrides = ({ overrides }: Policy, watch: Watch): WatchFinding[] => {
	const now = watch.context.clock.now();
	return overrides.flatMap(({ gate, finding, by, expires }) => {
		const end = toWindowEnd(expires);
		if (!isSoon(end, watch)) return [];
		return [
			toWatchFinding('warning', 'WATCH_OVERRIDE_EXPIRES', {
				target: TARGET,
				message: `what ${by} accepted for gate ${gate}${finding === undefined ? '' : ` (${finding})`} ${toEnd(end, now)}: the gate fails again from then on`,
				hint: 'Mend what it excuses and take it out of the policy, or renew it with a reason.',
			}),
		];
	});
};

const Time = v.optional(v.string());
const Window = v.optional(v.object({ start: Time, end: Time }), {});
const Log = v.object({ publicKey: v.object({ validFor: Window }) });
const Authority = v.object({ validFor: Window });

/** The windows of a Sigstore trusted root (protobuf-specs, TrustedRoot). */
const Root = v.object({
	tlogs: v.optional(v.array(Log), []),
	ctlogs: v.optional(v.array(Log), []),
	certificateAuthorities: v.optional(v.array(Authority), []),
	timestampAuthorities: v.optional(v.array(Authority), []),
});

type Windows = readonly { readonly start?: string | undefined; readonly end?: string | undefined }[];

const toWindows = (root: v.InferOutput<typeof Root>): Readonly<Record<string, Windows>> => ({
	'transparency logs': root.tlogs.map(({ publicKey }) => publicKey.validFor),
	'certificate logs': root.ctlogs.map(({ publicKey }) => publicKey.validFor),
	'certificate authorities': root.certificateAuthorities.map(({ validFor }) => validFor),
	'timestamp authorities': root.timestampAuthorities.map(({ validFor }) => validFor),
});

const toTime = (text: string | undefined, otherwise: number): number => {
	const time = text === undefined ? otherwise : Date.parse(text);
	return Number.isNaN(time) ? otherwise : time;
};

const checkRoot = (bytes: Uint8Array, watch: Watch): Seen => {
	const parsed = v.safeParse(Root, parseJson(bytes, 'the trusted root'));
	if (!parsed.success) return toSeen([]);
	const now = watch.context.clock.now();
	const windows = toWindows(parsed.output);
	const ending = Object.entries(windows).flatMap(([what, all]) => {
		const last = Math.max(...all.map(({ end }) => toTime(end, Number.POSITIVE_INFINITY)));
		if (all.length === 0 || !isSoon(last, watch)) return [];
		return [
			toWatchFinding(last <= now ? 'error' : 'warning', 'WATCH_ROOT_EXPIRES', {
				target: TARGET,
				message: `the last of the ${what} in the trusted root ${toEnd(last, now)}`,
				hint: 'Put the present trusted root of your Sigstore instance beside the policy.',
			}),
		];
	});
	const newest = Math.max(
		0,
		...Object.values(windows)
			.flat()
			.map(({ start }) => toTime(start, 0)),
	);
	return toSeen(
		ending,
		newest === 0
			? 'policy: the trusted root does not say since when its keys count'
			: `policy: the newest key in the trusted root is of ${toDay(newest)} (${toDistance(newest, now)})`,
	);
};

const lookAtPolicy = ({ policy, documents }: OpenedPolicy, watch: Watch): Seen => {
	const { 'trusted-root': path } = policy;
	const bytes = path === undefined ? undefined : documents.get(path);
	const root = bytes ? checkRoot(bytes, watch) : toSeen([]);
	return toSeen(
		[...checkSigners(policy, watch), ...checkOverrides(policy, watch), ...root.findings],
		`policy: ${policy.signers.length} signers, ${policy.overrides.length} overrides`,
		...root.looked,
	);
};

/** What the policy trusts and excuses for a time: keys, overrides, the trusted root. */
export const lookAtTrust: Look = async (watch) => {
	const opened = await openPolicy(watch.project);
	return opened ? lookAtPolicy(opened, watch) : toSeen([], 'the project has no policy');
};
