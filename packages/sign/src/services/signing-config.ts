import { parseJson, parseWith } from '@slipway/core';
import * as v from 'valibot';
import { type SignCode, toSignError } from '../code.ts';

export const SIGNING_CONFIG_MEDIA_TYPE = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Identity tokens go there: never over a connection that others can read. */
const isSafeUrl = (text: string): boolean => {
	if (!URL.canParse(text)) return false;
	const { protocol, hostname, username, password } = new URL(text);
	if (username !== '' || password !== '') return false;
	return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
};

const ServiceUrl = v.pipe(
	v.string(),
	v.maxLength(2048),
	v.check(isSafeUrl, 'expected an https address without user name (http only on this machine)'),
);

const Time = v.pipe(
	v.string(),
	v.maxLength(64),
	v.check((text) => !Number.isNaN(Date.parse(text)), 'expected an RFC 3339 time'),
	v.transform((text) => Date.parse(text)),
);

const Service = v.object({
	url: ServiceUrl,
	majorApiVersion: v.pipe(v.number(), v.integer(), v.minValue(1)),
	validFor: v.optional(v.object({ start: v.optional(Time), end: v.optional(v.nullable(Time)) }), {}),
	operator: v.optional(v.pipe(v.string(), v.maxLength(1024)), ''),
});
/** One service: where it is, which version of its interface it speaks, when (ms since 1970) it may be used. */
export type Service = v.InferOutput<typeof Service>;

const Services = v.optional(v.pipe(v.array(Service), v.maxLength(64)), []);

const Selection = v.pipe(
	v.object({
		selector: v.picklist(['ANY', 'ALL', 'EXACT'], 'expected the selector ANY, ALL or EXACT'),
		count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8))),
	}),
	v.check(({ selector, count }) => selector !== 'EXACT' || count !== undefined, 'EXACT needs a count'),
);
/** How many of the services of a kind are asked: any one, all, or exactly `count`; of each operator one at most. */
export type Selection = v.InferOutput<typeof Selection>;

const SigningConfigSchema = v.object({
	mediaType: v.literal(SIGNING_CONFIG_MEDIA_TYPE),
	caUrls: Services,
	rekorTlogUrls: Services,
	rekorTlogConfig: v.optional(Selection, { selector: 'ANY' }),
	tsaUrls: Services,
	tsaConfig: v.optional(Selection, { selector: 'ANY' }),
});
/** The services that a signature needs: certificate authorities, transparency logs, timestamp authorities. */
export type SigningConfig = v.InferOutput<typeof SigningConfigSchema>;

const HINT = 'Correct the file that `sign: services:` names, or get it again from whoever runs the services.';

/**
 * Reads a Sigstore SigningConfig v0.2 (JSON, at most 1 MiB). Fields that are unknown here are ignored, as protobuf's
 * JSON form asks.
 * @throws SlipwayError SIGN_SERVICES_INVALID, SIGN_SERVICES_VERSION_UNKNOWN, JSON_*
 */
export const parseSigningConfig = (source: string | Uint8Array): SigningConfig => {
	const json = parseJson(source, 'the signing config', { maxBytes: 1024 * 1024, maxDepth: 16 });
	const head = v.safeParse(v.object({ mediaType: v.string() }), json);
	if (head.success && head.output.mediaType !== SIGNING_CONFIG_MEDIA_TYPE) {
		throw toSignError(
			'SIGN_SERVICES_VERSION_UNKNOWN',
			`expected media type ${SIGNING_CONFIG_MEDIA_TYPE}, got ${JSON.stringify(head.output.mediaType.slice(0, 200))}`,
			{ hint: HINT },
		);
	}
	return parseWith(SigningConfigSchema, json, {
		code: 'SIGN_SERVICES_INVALID' satisfies SignCode,
		what: 'the signing config',
		hint: HINT,
	});
};
