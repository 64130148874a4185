import { HAND_MADE_RECORDS } from './verdicts.fixture.ts';
import type { ZipMember } from './zip.fixture.ts';

/** Numbers that look random and are the same in each run (mulberry32). */
const toRandom = (seed: number): ((below: number) => number) => {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
	};
};

const WORDS = [
	'core',
	'utils',
	'react',
	'node',
	'parse',
	'color',
	'stream',
	'css',
	'test',
	'data',
	'web',
	'kit',
	'ui',
	'api',
	'log',
	'net',
];
const RATINGS = ['LOW', 'MODERATE', 'HIGH', 'CRITICAL'];
const DETAILS =
	'The package was found to contain code that collects environment variables and sends them to a remote host. '.repeat(
		6,
	);

export interface DumpOptions {
	readonly records: number;
	readonly seed?: number;
}

type Random = (below: number) => number;

const toName = (random: Random, index: number): string =>
	`${WORDS[random(WORDS.length)]}-${WORDS[random(WORDS.length)]}-${index.toString(36)}`;

const toVersion = (random: Random): string => `${random(9)}.${random(20)}.${random(30)}`;
const toTime = (random: Random): string =>
	new Date(Date.UTC(2026, random(10), 1 + random(28), random(24))).toISOString();

const toMalware = (random: Random, index: number): object => ({
	id: `MAL-2025-${index}`,
	summary: 'Malicious code in a package (npm)',
	details: DETAILS,
	affected: [
		{
			package: { ecosystem: 'npm', name: toName(random, index), purl: `pkg:npm/x-${index}` },
			...(random(2) === 0
				? { versions: Array.from({ length: 1 + random(4) }, () => toVersion(random)) }
				: { ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] }),
			database_specific: { cwes: [{ cweId: 'CWE-506', name: 'Embedded Malicious Code' }] },
		},
	],
	credits: [{ name: 'Somebody', type: 'FINDER' }],
});

const toVulnerability = (random: Random, index: number): object => ({
	id: `GHSA-${index.toString(36).padStart(4, '0')}-fill-${random(9999)}`,
	aliases: [`CVE-2025-${index}`],
	summary: 'A regular expression takes too long',
	details: DETAILS,
	severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
	affected: [
		{
			package: { ecosystem: 'npm', name: toName(random, index) },
			ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: toVersion(random) }] }],
		},
	],
	database_specific: { severity: RATINGS[random(4)], cwe_ids: ['CWE-1333'] },
});

const toDebian = (random: Random, index: number): object => ({
	id: `DEBIAN-CVE-2025-${index}`,
	details: DETAILS,
	upstream: [`CVE-2025-${index}`],
	affected: ['11', '12', '13', '14'].map((release) => ({
		package: { ecosystem: `Debian:${release}`, name: toName(random, index % 4000) },
		ranges: [
			{
				type: 'ECOSYSTEM',
				events: [
					{ introduced: '0' },
					...(random(3) === 0 ? [] : [{ fixed: `${toVersion(random)}-${1 + random(9)}` }]),
				],
			},
		],
		versions: Array.from({ length: random(12) }, () => `${toVersion(random)}-1`),
		ecosystem_specific: { urgency: 'not yet assigned' },
	})),
});

/** In the shares of the real ones of npm and Debian together. */
const toFiller = (random: Random, index: number): object => {
	const roll = random(100);
	const record =
		roll < 80
			? toMalware(random, index)
			: roll < 85
				? toVulnerability(random, index)
				: toDebian(random, index);
	const withdrawn = random(40) === 0 ? { withdrawn: toTime(random) } : {};
	return {
		schema_version: '1.7.3',
		modified: toTime(random),
		published: toTime(random),
		...withdrawn,
		...record,
	};
};

/** The files of a dump with so many records: those made by hand among many others, in no order. */
export const makeDumpFiles = function* ({ records, seed = 1 }: DumpOptions): Generator<ZipMember> {
	const random = toRandom(seed);
	const every = Math.max(1, Math.floor(records / HAND_MADE_RECORDS.length));
	for (let index = 0; index < records; index += 1) {
		const own = index % every === 0 ? HAND_MADE_RECORDS[index / every] : undefined;
		const record = own ?? toFiller(random, index);
		yield { name: `${(record as { id: string }).id}.json`, bytes: Buffer.from(JSON.stringify(record)) };
	}
};
