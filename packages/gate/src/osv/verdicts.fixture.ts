type Events = readonly Readonly<Record<string, string>>[];
interface Fields {
	readonly [field: string]: unknown;
}

const TIME = { modified: '2026-11-20T06:00:00Z', published: '2026-01-02T03:04:05Z' };

const range = (type: string, ...events: Events) => ({ type, events });

const toRecord = (id: string, ecosystem: string, name: string, affected: Fields, more: Fields = {}) => ({
	schema_version: '1.7.3',
	id,
	...TIME,
	summary: `Something about ${name}`,
	affected: [{ package: { ecosystem, name }, ...affected }],
	...more,
});

const npm = (id: string, name: string, affected: Fields, more: Fields = {}) =>
	toRecord(id, 'npm', name, affected, more);
const semver = (...events: Events) => ({ ranges: [range('SEMVER', ...events)] });
const rated = (severity: string) => ({ database_specific: { severity } });
const vector = (score: string) => ({ severity: [{ type: 'CVSS_V3', score }] });

/** Records made by hand, one for each way in which a record can be odd. */
export const HAND_MADE_RECORDS: readonly Fields[] = [
	npm('GHSA-plain-0000-0001', 'plain', semver({ introduced: '0' }, { fixed: '1.2.3' }), {
		...rated('HIGH'),
		aliases: ['CVE-2026-0001'],
	}),
	npm(
		'GHSA-two0-0000-0002',
		'two-lines',
		semver({ introduced: '1.0.0' }, { fixed: '1.4.0' }, { introduced: '2.0.0' }, { fixed: '2.1.0' }),
		rated('CRITICAL'),
	),
	npm(
		'GHSA-two0-0000-0003',
		'two-ranges',
		{
			ranges: [
				range('SEMVER', { introduced: '1.0.0' }, { fixed: '1.4.0' }),
				range('SEMVER', { introduced: '3.0.0' }),
			],
		},
		rated('LOW'),
	),
	npm(
		'GHSA-last-0000-0004',
		'last',
		semver({ introduced: '0' }, { last_affected: '4.17.20' }),
		rated('MODERATE'),
	),
	npm(
		'GHSA-only-0000-0005',
		'only-one',
		semver({ introduced: '3.3.6' }, { last_affected: '3.3.6' }),
		rated('CRITICAL'),
	),
	npm('GHSA-list-0000-0006', 'listed', { versions: ['1.0.0', '1.0.5', '2.0.0-beta.1'] }, rated('HIGH')),
	npm(
		'GHSA-both-0000-0007',
		'both',
		{ ...semver({ introduced: '5.0.0' }, { fixed: '5.0.9' }), versions: ['4.9.9', '5.0.1'] },
		rated('HIGH'),
	),
	npm('GHSA-none-0000-0008', 'neither', {}, rated('HIGH')),
	npm(
		'GHSA-gits-0000-0009',
		'commits',
		{
			ranges: [
				{
					...range('GIT', { introduced: '0' }, { fixed: 'a'.repeat(40) }),
					repo: 'https://git.example/commits',
				},
			],
		},
		rated('HIGH'),
	),
	npm(
		'GHSA-mixd-0000-0010',
		'commits-too',
		{
			ranges: [
				{ ...range('GIT', { introduced: '0' }), repo: 'https://git.example/x' },
				range('SEMVER', { introduced: '0' }, { fixed: '1.0.0' }),
			],
		},
		rated('HIGH'),
	),
	npm('GHSA-gone-0000-0011', 'withdrawn', semver({ introduced: '0' }), {
		...rated('CRITICAL'),
		withdrawn: '2026-02-02T00:00:00Z',
	}),
	npm(
		'GHSA-pre0-0000-0012',
		'pre',
		semver({ introduced: '2.0.0-alpha.3' }, { fixed: '2.0.0' }),
		rated('HIGH'),
	),
	npm(
		'GHSA-four-0000-0013',
		'four-parts',
		semver({ introduced: '1.2.3.4' }, { fixed: '1.2.3.10' }),
		rated('HIGH'),
	),
	npm('GHSA-unso-0000-0014', 'unsorted', semver({ fixed: '2.0.0' }, { introduced: '1.0.0' }), rated('HIGH')),
	npm('GHSA-nobg-0000-0015', 'no-beginning', semver({ fixed: '2.0.0' }), rated('HIGH')),
	npm('GHSA-lims-0000-0016', 'limited', semver({ introduced: '0' }, { limit: '3.0.0' }), rated('HIGH')),
	npm(
		'GHSA-agai-0000-0017',
		'again',
		semver({ introduced: '1.0.0' }, { fixed: '2.0.0' }, { introduced: '2.0.0' }, { fixed: '3.0.0' }),
		rated('HIGH'),
	),
	npm(
		'GHSA-huge-0000-0018',
		'huge-numbers',
		semver({ introduced: '0' }, { fixed: '99999999999999999999.0.0' }),
		rated('HIGH'),
	),
	npm(
		'GHSA-vect-0000-0019',
		'by-vector',
		semver({ introduced: '0' }),
		vector('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'),
	),
	npm('GHSA-cvs4-0000-0020', 'by-vector-4', semver({ introduced: '0' }), {
		severity: [{ type: 'CVSS_V4', score: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' }],
	}),
	npm(
		'GHSA-null-0000-0021',
		'@scope/nulls',
		{ ...semver({ introduced: '0' }, { fixed: '0.0.2' }), versions: null, severity: null },
		{
			...rated('HIGH'),
			aliases: null,
			withdrawn: null,
			database_specific: null,
			ecosystem_specific: null,
		},
	),
	npm('MAL-2026-0001', 'bad-words', { versions: ['6.6.6'] }, { aliases: ['GHSA-malw-0000-0001'] }),
	npm('MAL-2026-0002', 'bad-all', semver({ introduced: '0' })),
	npm('GHSA-malw-0000-0003', 'bad-by-weakness', semver({ introduced: '0' }), {
		database_specific: { severity: 'CRITICAL', cwe_ids: ['CWE-506'] },
	}),
	toRecord(
		'DEBIAN-CVE-2026-0001',
		'Debian:12',
		'glibc',
		{
			ranges: [range('ECOSYSTEM', { introduced: '0' }, { fixed: '2.36-9+deb12u14' })],
			versions: ['2.36-9', '2.36-9+deb12u13'],
		},
		vector('CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H'),
	),
	toRecord(
		'DEBIAN-CVE-2026-0002',
		'Debian:13',
		'glibc',
		{ ranges: [range('ECOSYSTEM', { introduced: '0' }, { fixed: '2.41-12' })] },
		{},
	),
	toRecord('DEBIAN-CVE-2026-0003', 'Debian:12', 'tilde', {
		ranges: [range('ECOSYSTEM', { introduced: '0' }, { fixed: '1:1.0~rc1-1' })],
		ecosystem_specific: { urgency: 'unimportant' },
	}),
	toRecord(
		'PYSEC-2026-1',
		'PyPI',
		'snake',
		{ ranges: [range('ECOSYSTEM', { introduced: '0' }, { fixed: '2' })], versions: ['1.0', '1.1rc1'] },
		rated('HIGH'),
	),
];

/** purl, what is found for it, and how it is rated. */
export const VERDICTS: readonly (readonly [purl: string, found: Readonly<Record<string, string>>])[] = [
	['pkg:npm/plain@1.2.2', { 'GHSA-plain-0000-0001': 'high' }],
	['pkg:npm/plain@1.2.3', {}],
	['pkg:npm/plain@1.2.3-rc.1', { 'GHSA-plain-0000-0001': 'high' }],
	['pkg:npm/plain@0.0.0-alpha', { 'GHSA-plain-0000-0001': 'high' }],
	['pkg:npm/plain@1.2.3+build.5', {}],
	['pkg:npm/Plain@1.2.2', {}],
	['pkg:npm/%40scope/plain@1.2.2', {}],
	['pkg:npm/two-lines@1.3.9', { 'GHSA-two0-0000-0002': 'critical' }],
	['pkg:npm/two-lines@1.4.0', {}],
	['pkg:npm/two-lines@2.0.0', { 'GHSA-two0-0000-0002': 'critical' }],
	['pkg:npm/two-lines@2.0.0-rc.1', {}],
	['pkg:npm/two-lines@2.1.0', {}],
	['pkg:npm/two-ranges@3.0.0', { 'GHSA-two0-0000-0003': 'low' }],
	['pkg:npm/two-ranges@2.0.0', {}],
	['pkg:npm/last@4.17.20', { 'GHSA-last-0000-0004': 'moderate' }],
	['pkg:npm/last@4.17.21', {}],
	['pkg:npm/only-one@3.3.6', { 'GHSA-only-0000-0005': 'critical' }],
	['pkg:npm/only-one@3.3.5', {}],
	['pkg:npm/only-one@3.3.7', {}],
	['pkg:npm/listed@1.0.5', { 'GHSA-list-0000-0006': 'high' }],
	['pkg:npm/listed@1.0.4', {}],
	['pkg:npm/both@4.9.9', { 'GHSA-both-0000-0007': 'high' }],
	['pkg:npm/both@5.0.8', { 'GHSA-both-0000-0007': 'high' }],
	['pkg:npm/both@5.0.9', {}],
	['pkg:npm/neither@7.0.0', { 'GHSA-none-0000-0008': 'high' }],
	['pkg:npm/commits@1.0.0', {}],
	['pkg:npm/commits-too@0.9.0', { 'GHSA-mixd-0000-0010': 'high' }],
	['pkg:npm/withdrawn@1.0.0', {}],
	['pkg:npm/pre@2.0.0-alpha.3', { 'GHSA-pre0-0000-0012': 'high' }],
	['pkg:npm/pre@2.0.0-alpha.10', { 'GHSA-pre0-0000-0012': 'high' }],
	['pkg:npm/pre@2.0.0-alpha.2', {}],
	['pkg:npm/pre@2.0.0', {}],
	['pkg:npm/four-parts@1.2.3.9', { 'GHSA-four-0000-0013': 'high' }],
	['pkg:npm/four-parts@1.2.3.10', {}],
	['pkg:npm/four-parts@1.2.3', {}],
	['pkg:npm/unsorted@1.5.0', { 'GHSA-unso-0000-0014': 'high' }],
	['pkg:npm/unsorted@0.9.0', {}],
	['pkg:npm/unsorted@2.0.0', {}],
	['pkg:npm/no-beginning@0.1.0', { 'GHSA-nobg-0000-0015': 'high' }],
	['pkg:npm/no-beginning@2.0.0', {}],
	['pkg:npm/limited@2.9.9', { 'GHSA-lims-0000-0016': 'high' }],
	['pkg:npm/limited@3.0.0', {}],
	['pkg:npm/again@2.0.0', { 'GHSA-agai-0000-0017': 'high' }],
	['pkg:npm/again@3.0.0', {}],
	['pkg:npm/huge-numbers@99999999999999999998.9.9', { 'GHSA-huge-0000-0018': 'high' }],
	['pkg:npm/huge-numbers@99999999999999999999.0.0', {}],
	['pkg:npm/by-vector@1.0.0', { 'GHSA-vect-0000-0019': 'critical' }],
	['pkg:npm/by-vector-4@1.0.0', { 'GHSA-cvs4-0000-0020': 'unknown' }],
	['pkg:npm/%40scope/nulls@0.0.1', { 'GHSA-null-0000-0021': 'unknown' }],
	['pkg:npm/bad-words@6.6.6', { 'MAL-2026-0001': 'malware' }],
	['pkg:npm/bad-words@6.6.7', {}],
	['pkg:npm/bad-all@0.0.1', { 'MAL-2026-0002': 'malware' }],
	['pkg:npm/bad-by-weakness@1.0.0', { 'GHSA-malw-0000-0003': 'malware' }],
	[
		'pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64&distro=debian-12&upstream=glibc',
		{ 'DEBIAN-CVE-2026-0001': 'high' },
	],
	['pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64&distro=debian-12.5&upstream=glibc', {}],
	['pkg:deb/debian/glibc@2.41-11?distro=trixie', { 'DEBIAN-CVE-2026-0002': 'unknown' }],
	[
		'pkg:deb/debian/glibc@2.36-9?arch=amd64',
		{ 'DEBIAN-CVE-2026-0001': 'high', 'DEBIAN-CVE-2026-0002': 'unknown' },
	],
	['pkg:deb/glibc@2.36-9?arch=amd64', {}],
	['pkg:deb/debian/tilde@1:1.0~beta-1?distro=debian-12', { 'DEBIAN-CVE-2026-0003': 'low' }],
	['pkg:deb/debian/tilde@1:1.0-1?distro=debian-12', {}],
	['pkg:pypi/snake@1.1rc1', { 'PYSEC-2026-1': 'high' }],
	['pkg:pypi/snake@1.2', {}],
];
