import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { Finished } from '@slipway/process';
import type { Lie, ServiceName, SigstoreFault } from '@slipway/rehearsal/sigstore';
import { checkFiles, toShown } from './crash.ts';
import { observe } from './observe.ts';
import { runSlipway, toReport } from './operations.ts';
import type { Reference } from './points.ts';
import { checkSigned, toLeft, toMark } from './signed.ts';
import type { World } from './world.ts';

/** What becomes of the services that a release signs with, or of the identity that it shows them. */
export interface ServiceFault {
	readonly number: 'S1' | 'F18';
	readonly row: string;
	readonly name: string;
	/** How often it strikes. */
	readonly strike: (world: World, reference: Reference) => void | Promise<void>;
	/** Codes of the clear stop; undefined: the release completes as if nothing had happened. */
	readonly stop: RegExp | undefined;
	/** The release completes, and only its last record waits for the next run. */
	readonly isLate?: boolean;
}

const SERVICES = ['ca', 'rekor', 'tsa'] as const;
const ALWAYS = Number.POSITIVE_INFINITY;
const DOWN = /^SIGN_SERVICE_UNREACHABLE$/;
const BUSY: SigstoreFault = { kind: 'status', status: 503 };

const inject =
	(service: ServiceName, fault: SigstoreFault, times = 1): ServiceFault['strike'] =>
	({ signing: { sigstore } }) =>
		sigstore.faults.inject({ service, fault, times });

const TRANSIENT: readonly (readonly [string, SigstoreFault])[] = [
	['reset', { kind: 'reset' }],
	['503', BUSY],
	['truncated', { kind: 'truncate' }],
	['3 s late', { kind: 'slow', ms: 3000 }],
];

const ONCE: readonly ServiceFault[] = SERVICES.flatMap((service) =>
	TRANSIENT.map(([what, fault]) => ({
		number: 'S1' as const,
		row: 'signing service fails once',
		name: `${service} once: ${what}`,
		strike: inject(service, fault),
		stop: undefined,
	})),
);

const ALL: readonly ServiceFault[] = SERVICES.flatMap((service) =>
	(
		[
			['reset', { kind: 'reset' }],
			['503', BUSY],
		] as const
	).map(([what, fault]) => ({
		number: 'S1' as const,
		row: 'signing service is down',
		name: `${service} always: ${what}`,
		strike: inject(service, fault, ALWAYS),
		stop: DOWN,
	})),
);

const SLOW: readonly ServiceFault[] = SERVICES.map((service) => ({
	number: 'S1',
	row: 'signing service is slow',
	name: `${service} always: 200 ms late`,
	strike: inject(service, { kind: 'slow', ms: 200 }, ALWAYS),
	stop: undefined,
}));

const LIES: readonly (readonly [ServiceName, Lie, RegExp])[] = [
	['ca', 'other-key', /^SIGN_CERTIFICATE_WRONG$/],
	['ca', 'other-identity', /^SIGN_CERTIFICATE_WRONG$/],
	['ca', 'other-authority', /^SIGN_BUNDLE_REFUSED$/],
	['rekor', 'wrong-proof', /^SIGN_LOG_WRONG$/],
	['rekor', 'other-entry', /^SIGN_LOG_WRONG$/],
	['rekor', 'other-log', /^SIGN_BUNDLE_REFUSED$/],
	['tsa', 'other-bytes', /^SIGN_TIMESTAMP_WRONG$/],
	['tsa', 'other-authority', /^SIGN_BUNDLE_REFUSED$/],
];

/** A lie that is noticed is no hiccup: nobody asks a second time. */
const LYING: readonly ServiceFault[] = LIES.flatMap(([service, lie, stop], index) =>
	(index % 3 === 0 ? [1, ALWAYS] : [ALWAYS]).map((times) => ({
		number: 'S1' as const,
		row: 'signing service lies',
		name: `${service} ${times === 1 ? 'once' : 'always'}: ${lie}`,
		strike: inject(service, { kind: 'lie', lie }, times),
		stop,
	})),
);

/** The log fails from one of its entries on, counted from the last one. */
const failFrom =
	(fromLast: number): ServiceFault['strike'] =>
	({ signing: { sigstore } }, { entries }) =>
		sigstore.faults.inject({ service: 'rekor', fault: BUSY, times: ALWAYS, after: entries - fromLast });

const LATER: readonly ServiceFault[] = [
	{ name: 'half of the bundles were signed', fromLast: 9, stop: DOWN },
	{ name: 'the plan is frozen', fromLast: 3, stop: DOWN },
	{ name: 'the release was verified', fromLast: 2, stop: DOWN },
	{ name: 'the release is complete', fromLast: 1, stop: undefined, isLate: true },
].map(({ fromLast, name, ...rest }) => ({
	number: 'S1',
	row: 'signing service goes down half way',
	name: `rekor down when ${name}`,
	strike: failFrom(fromLast),
	...rest,
}));

const writeToken =
	(toToken: (world: World) => string): ServiceFault['strike'] =>
	async (world) =>
		writeFile(world.signing.tokenFile, toToken(world));

const toExpired = ({ signing: { sigstore } }: World): string =>
	sigstore.token({ exp: Math.floor(Date.now() / 1000) - 60 });

/** As soon as the first certificate was given out, the token that the next one is asked with has expired. */
const expireMidway: ServiceFault['strike'] = (world) => {
	const { sigstore, tokenFile } = world.signing;
	const mark = toMark(world);
	const timer = setInterval(() => {
		const { log } = sigstore;
		if (!log.slice(mark ? log.lastIndexOf(mark) + 1 : 0).some(({ service }) => service === 'ca')) return;
		clearInterval(timer);
		void writeFile(tokenFile, toExpired(world));
	}, 5);
	timer.unref();
};

const TOKENS: readonly ServiceFault[] = [
	{ name: 'expired', strike: writeToken(toExpired), stop: /^SIGN_TOKEN_EXPIRED$/ },
	{ name: 'expired half way', strike: expireMidway, stop: /^SIGN_TOKEN_EXPIRED$/ },
	{
		name: 'for another audience',
		strike: writeToken(({ signing }) => signing.sigstore.token({ aud: 'npm' })),
		stop: /^SIGN_TOKEN_WRONG_AUDIENCE$/,
	},
	{
		name: 'from another issuer',
		strike: writeToken(({ signing }) => signing.sigstore.token({ iss: 'https://issuer.example' })),
		stop: /^SIGN_CERTIFICATE_REFUSED$/,
	},
	{ name: 'is no token', strike: writeToken(() => 'x'), stop: /^SIGN_TOKEN_INVALID$/ },
].map((each) => ({
	number: 'F18',
	row: 'the identity token is refused',
	...each,
	name: `identity token ${each.name}`,
}));

export const SERVICE_FAULTS: readonly ServiceFault[] = [
	...ONCE,
	...SLOW,
	...ALL,
	...LYING,
	...LATER,
	...TOKENS,
];

const heal = async ({ signing: { sigstore, tokenFile, token } }: World): Promise<void> => {
	sigstore.faults.clear();
	await writeFile(tokenFile, token);
};

/** A clear stop: its code, an action to take, and nothing that anybody sees has changed. */
const checkStop = async (
	world: World,
	{ stdout, stderr, code }: Finished,
	{ stop, before }: { readonly stop: RegExp; readonly before: Awaited<ReturnType<typeof observe>> },
): Promise<void> => {
	const said = `${stdout}${stderr}`;
	const { error, reason } = JSON.parse(stdout || '{}');
	const words: string = error ? `${error.code} ${error.message} (do: ${error.hint})` : (reason ?? '');
	assert.notEqual(code, 0, said);
	assert.match(/[A-Z]+_[A-Z_]+/.exec(words)?.[0] ?? '', stop, said);
	assert.match(words, /\(do: .{10,}\)/s, 'expected a hint');
	const after = await observe(world);
	assert.deepEqual([after.npm, after.apt], [before.npm, before.apt], 'something was uploaded');
};

/**
 * S1, F18: the release completes where asking again helps, else it stops before anything is uploaded, and completes when
 * the fault is gone; a user's check of the Release passes.
 * @throws AssertionError
 */
export const tryService = async (world: World, fault: ServiceFault, reference: Reference): Promise<void> => {
	const { operation } = reference;
	await world.load(operation.from);
	const [before, mark] = [await observe(world), toMark(world)];
	await fault.strike(world, reference);
	const first = await runSlipway(world, operation.args).finally(() => heal(world));
	if (fault.stop) await checkStop(world, first, { stop: fault.stop, before });
	else assert.equal(toReport(first).state, operation.end, first.stderr);
	const left = await toLeft(world, mark, fault.stop !== undefined || fault.isLate === true);
	if (left.isAgain) assert.equal(toReport(await runSlipway(world, operation.args)).state, operation.end);
	assert.deepEqual(toShown(await observe(world)), toShown(reference.end));
	await checkFiles(world, reference);
	await checkSigned(world, left);
};
