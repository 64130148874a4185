import { parseJson, parseWith, record } from '@slipway/core';
import semver from 'semver';
import * as v from 'valibot';
import type { GateCode } from '../code.ts';
import { toRatingOfWord } from '../osv/cvss.ts';
import type { Component } from './component.ts';
import type { Advisory, Match } from './source.ts';

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_RANGE = 4096;
const EMBEDDED_MALICIOUS_CODE = 'CWE-506';

/** One advisory as npm's registries answer (POST /-/npm/v1/security/advisories/bulk). It holds no CVE id. */
const BulkAdvisory = v.object({
	id: v.union([v.number(), v.pipe(v.string(), v.maxLength(128))]),
	url: v.optional(v.pipe(v.string(), v.maxLength(2048))),
	title: v.optional(v.string(), ''),
	severity: v.optional(v.pipe(v.string(), v.maxLength(32)), 'unknown'),
	vulnerable_versions: v.pipe(v.string(), v.maxLength(MAX_RANGE)),
	cwe: v.optional(v.array(v.string()), []),
});
type BulkAdvisory = v.InferOutput<typeof BulkAdvisory>;

const Reply = record(
	v.string(),
	v.pipe(v.array(BulkAdvisory), v.maxLength(10_000)),
	'expected advisories by package',
);

/** A component of npm, as it is asked for. */
export interface Asked {
	readonly name: string;
	readonly version: string;
	readonly component: Component;
}

/** GitHub's id, which OSV and people use, from the address; else the registry's number. */
const toId = ({ id, url }: BulkAdvisory): string =>
	/\/advisories\/(GHSA-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})$/.exec(url ?? '')?.[1] ?? `npm-${id}`;

const toAdvisory = (advisory: BulkAdvisory): Advisory => ({
	id: toId(advisory),
	aliases: [],
	summary: advisory.title.slice(0, 200),
	rating: toRatingOfWord(advisory.severity),
	isMalware: advisory.cwe.includes(EMBEDDED_MALICIOUS_CODE),
	fixed: [],
});

/** The reply is about all versions asked for at once. A range that cannot be read might be about ours. */
const isAbout = ({ vulnerable_versions: range }: BulkAdvisory, version: string): boolean => {
	if (semver.validRange(range, { loose: true }) === null) return true;
	if (semver.valid(version, { loose: true }) === null) return true;
	return semver.satisfies(version, range, { loose: true, includePrerelease: true });
};

/**
 * What a registry answered of the components it was asked for; what it says of others is passed over.
 * @throws SlipwayError GATE_REPLY_INVALID, JSON_*
 */
export const parseBulkReply = (body: Uint8Array, asked: readonly Asked[]): Match[] => {
	const reply = parseWith(Reply, parseJson(body, "the registry's advisories", { maxBytes: MAX_BYTES }), {
		code: 'GATE_REPLY_INVALID' satisfies GateCode,
		what: "the registry's advisories",
		hint: 'Look at the configured registry and at what stands between; or use a database (slipway gate index).',
	});
	return asked.flatMap(({ name, version, component }) =>
		(Object.hasOwn(reply, name) ? (reply[name] ?? []) : [])
			.filter((advisory) => isAbout(advisory, version))
			.map((advisory) => ({ advisory: toAdvisory(advisory), component })),
	);
};
