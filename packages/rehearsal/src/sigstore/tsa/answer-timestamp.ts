import { createHash } from 'node:crypto';
import { toInteger } from '../asn1/der.ts';
import { type Service, type ServiceReply, toStatusReply } from '../reply.ts';
import {
	makeTimestampAuthority,
	type TimestampAuthority,
	toRejection,
	toTimestamp,
} from './timestamp-authority.ts';
import { readTimestampRequest, type TimestampRequest } from './timestamp-request.ts';

/** How a timestamp can be false; `dropped-zeros` is true, but of a form that some readers refuse. */
export const TSA_LIES = [
	'other-bytes',
	'other-authority',
	'dropped-zeros',
	'late',
	'wrong-nonce',
	'rejected',
] as const;

const DAY = 24 * 3_600_000;

/** Milliseconds 120: the fraction is written with two digits. */
const toShortFraction = (now: number): number => now - (now % 1000) + 120;

const toTime = (now: number, lie: string | undefined): Date => {
	if (lie === 'dropped-zeros') return new Date(toShortFraction(now));
	return new Date(lie === 'late' ? now + DAY : now);
};

const toTold = (request: TimestampRequest, lie: string | undefined): TimestampRequest => ({
	...request,
	hash: lie === 'other-bytes' ? createHash(request.algorithm).update('other bytes').digest() : request.hash,
	nonce: lie === 'wrong-nonce' ? toInteger(7) : request.nonce,
});

/** `POST /api/v1/timestamp` (RFC 3161, 3.4). @param status 201 as Sigstore's authority answers, 200 as others do */
export const toTimestampService =
	(authority: TimestampAuthority, status: 200 | 201): Service =>
	({ body, contentType, lie, now }): ServiceReply => {
		const request = readTimestampRequest(body, contentType);
		if (!request) return toStatusReply(400, 400, 'Error parsing timestamp request');
		const asked = lie === 'other-authority' ? makeTimestampAuthority(now) : authority;
		const reply =
			lie === 'rejected' ? toRejection() : toTimestamp(asked, toTold(request, lie), toTime(now, lie));
		return { status, headers: { 'content-type': 'application/timestamp-reply' }, body: reply };
	};
