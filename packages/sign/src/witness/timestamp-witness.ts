import { RFC3161Timestamp } from '@sigstore/core';
import type { Witness } from '@sigstore/sign';
import { type Context, toPrintable } from '@slipway/core';
import { toSignError } from '../code.ts';
import { type CallService, toRefusal } from '../services/call-service.ts';
import { toEnvelope, toSha256, toSignature } from './entry-body.ts';

const TIMEOUT_MS = 10_000;
/** The chance that a fraction ends in 0 is one in ten: so many in a row are no chance any more. */
const MAX_UNREADABLE = 12;
/** The authority's clock and ours. What is off by more is no evidence of when we signed. */
const CLOCK_SKEW_MS = 5 * 60_000;

const wrong = (url: string, expected: string, got: string): Error =>
	toSignError(
		'SIGN_TIMESTAMP_WRONG',
		`the timestamp authority ${toPrintable(url, 200)} lies: expected ${expected}, got ${toPrintable(got, 200)}`,
		{
			hint: 'Nothing was signed. Ask whoever runs the authority; another one can be named in the signing config.',
		},
	);

const unreadable = (url: string): Error =>
	toSignError(
		'SIGN_TIMESTAMP_UNREADABLE',
		`the timestamp authority ${toPrintable(url, 200)}: expected a time with no or three digits after the second, got another form ${MAX_UNREADABLE} times`,
		{
			hint: "Sigstore's verifiers read no other form. Name another timestamp authority in the signing config.",
		},
	);

const parse = (bytes: Buffer<ArrayBuffer>, url: string): RFC3161Timestamp => {
	try {
		const timestamp = RFC3161Timestamp.parse(bytes);
		if (timestamp.status === 0n || timestamp.status === 1n) return timestamp;
	} catch {
		throw wrong(url, 'an RFC 3161 reply', 'something else');
	}
	throw wrong(url, 'a granted timestamp', 'a rejection');
};

/** The time, or undefined where its form cannot be read by the verifiers of Sigstore (a fraction that lost its zeros). */
const readTime = (timestamp: RFC3161Timestamp, url: string): number | undefined => {
	try {
		return timestamp.signingTime.getTime();
	} catch (thrown) {
		if (thrown instanceof Error && thrown.message === 'invalid time') return undefined;
		throw wrong(url, 'a timestamp with a time', 'one that cannot be read');
	}
};

const checkImprint = (timestamp: RFC3161Timestamp, signature: Buffer, url: string): void => {
	try {
		timestamp.tstInfo.verify(signature);
	} catch {
		throw wrong(url, 'a timestamp of our signature', 'one of something else');
	}
};

const toTimestampUrl = (url: string): string =>
	new URL(url).pathname === '/' ? new URL('/api/v1/timestamp', url).href : url;

/**
 * Has a signature stamped (RFC 3161, over the JSON form of Sigstore's authority), and checks what comes back. Every tenth
 * reply or so loses the trailing zeros of its fraction and could be read by no verifier: asked again, within a bound.
 */
export const createTimestampWitness = (
	service: string,
	call: CallService,
	{ clock, signal }: Pick<Context, 'clock' | 'signal'>,
): Witness => {
	const url = toTimestampUrl(service);
	const stamp = async (signature: Buffer): Promise<Buffer<ArrayBuffer>> => {
		const request = { artifactHash: toSha256(signature).toString('base64'), hashAlgorithm: 'sha256' };
		const what = 'the timestamp authority';
		const reply = await call({
			what,
			url,
			body: JSON.stringify(request),
			headers: { accept: '*/*' },
			timeoutMs: TIMEOUT_MS,
		});
		if (reply.status < 300) return Buffer.from(reply.body);
		throw toSignError(
			'SIGN_TIMESTAMP_REFUSED',
			`${what} ${toPrintable(url, 200)} gave none: ${toRefusal(reply)}`,
			{
				hint: 'Correct the address of the authority in the signing config, or name another one.',
			},
		);
	};
	const testify = async (signature: Buffer): Promise<Buffer> => {
		for (let attempt = 1; attempt <= MAX_UNREADABLE; attempt += 1) {
			const signedTimestamp = await stamp(signature);
			const timestamp = parse(signedTimestamp, url);
			checkImprint(timestamp, signature, url);
			const time = readTime(timestamp, url);
			if (time === undefined) {
				await clock.sleep(3, signal);
				continue;
			}
			if (Math.abs(time - clock.now()) <= CLOCK_SKEW_MS) return signedTimestamp;
			throw wrong(url, `a time near ${new Date(clock.now()).toISOString()}`, new Date(time).toISOString());
		}
		throw unreadable(url);
	};
	return {
		testify: async (content) => ({
			rfc3161Timestamps: [{ signedTimestamp: await testify(toSignature(toEnvelope(content))) }],
		}),
	};
};
