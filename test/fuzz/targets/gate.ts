import { gzipSync } from 'node:zlib';
import { parseGateReport, parseVex } from '@slipway/gate';
import { parseBulkReply } from '../../../packages/gate/src/advisories/bulk-reply.ts';
import { readComponents } from '../../../packages/gate/src/advisories/read-components.ts';
import { toNpmComponent, toSbomFile } from '../../../packages/gate/src/advisories/sbom.fixture.ts';
import { toRepositoryKey } from '../../../packages/gate/src/metadata/repository.ts';
import { toCvss3Score } from '../../../packages/gate/src/osv/cvss.ts';
import { makeDumpFiles } from '../../../packages/gate/src/osv/dump.fixture.ts';
import { compareLooseVersions } from '../../../packages/gate/src/osv/loose-version.ts';
import { parseOsvRecord } from '../../../packages/gate/src/osv/osv-record.ts';
import { parseControl } from '../../../packages/gate/src/packed/control.ts';
import { CONTROL_CORPUS, PACKAGE_JSON_CORPUS } from '../../../packages/gate/src/packed/corpus.fixture.ts';
import { readPackageJson } from '../../../packages/gate/src/packed/package-json.ts';
import { toFileText, toParts } from '../../../packages/gate/src/secrets/file-text.ts';
import { findByPattern } from '../../../packages/gate/src/secrets/find-secrets.ts';
import { toCycloneDxBytes, toOpenVexBytes } from '../../../packages/gate/src/vex/vex.fixture.ts';
import type { Target } from '../target.ts';
import { NEVER, ofBytes, ofText, toJsonSeeds } from '../text.ts';

const GATE = /^(?:GATE|JSON)_/;
const ADVISORIES = {
	lodash: [
		{
			id: 1,
			url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
			title: 'x',
			severity: 'high',
			vulnerable_versions: '<4.17.21',
			cwe: ['CWE-506'],
			cvss: { score: 7.2, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H' },
		},
	],
};
const REPORT = {
	mediaType: 'application/vnd.slipway.gate-report.v1+json',
	project: 'greet',
	version: '1.0.0',
	time: '2026-11-21T12:00:00Z',
	gates: [{ id: 'secrets', verdict: 'pass', findings: [], evidence: [], dataAge: null, overrides: [] }],
};
const SECRETS =
	'_authToken=npm_abcdefghijklmnopqrstuvwxyz0123456789\n-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END\nmachine a login b password cccccc\neyJaaaaaaaaaaaa.eyJbbbbbbbbbbbbbb.cccccccccccccccccccccccccccccccccccc\n';

export const GATE_TARGETS: readonly Target[] = [
	ofBytes('bulk advisories', GATE, {
		seeds: toJsonSeeds(ADVISORIES),
		words: ['"vulnerable_versions":"*"', '>=1 || ', '- '],
		read: (bytes) =>
			parseBulkReply(bytes, [
				{ component: { purl: 'pkg:npm/lodash@4.0.0' }, name: 'lodash', version: '4.0.0' } as never,
			]),
	}),
	ofBytes('SBOM, its components', GATE, {
		seeds: [
			toSbomFile([toNpmComponent('a', '1.0.0')]).bytes,
			...toJsonSeeds({ spdxVersion: 'SPDX-2.3', packages: [{ SPDXID: 'a', name: 'a' }] }),
		],
		read: (bytes) =>
			(['cyclonedx', 'spdx'] as const).map((format) =>
				readComponents([{ ...toSbomFile([]), format, bytes: Buffer.from(bytes) }]),
			),
	}),
	ofBytes('gate report', GATE, { seeds: toJsonSeeds(REPORT), read: (bytes) => parseGateReport(bytes) }),
	ofBytes('OSV record', GATE, {
		seeds: [...makeDumpFiles({ records: 40 })].map(({ bytes }) => bytes),
		words: ['"introduced":"0"', '"type":"SEMVER"', '"withdrawn":"x",'],
		read: (bytes) => parseOsvRecord(bytes),
	}),
	ofBytes('VEX', GATE, {
		seeds: [toOpenVexBytes(), toCycloneDxBytes()],
		words: ['"not_affected"', '"justification":"x",', '"@context":"https://openvex.dev/ns/v0.2.0",'],
		read: (bytes) => parseVex(bytes, 'it'),
	}),
	ofBytes('control, gated', GATE, {
		seeds: [...CONTROL_CORPUS, `Package: a${'\n'.repeat(200_000)}x`],
		read: (bytes) => parseControl(bytes, 'it'),
	}),
	ofBytes('package.json, gated', GATE, {
		seeds: PACKAGE_JSON_CORPUS,
		read: (bytes) => readPackageJson(bytes, 'it'),
	}),
	ofBytes('secrets', NEVER, {
		seeds: [SECRETS, gzipSync(SECRETS), `\ufeff${SECRETS}`],
		words: ['-----BEGIN ', 'PRIVATE KEY-----', 'machine ', 'password ', 'eyJ', 'AccountKey=', '\\n'],
		read: (bytes) => {
			const text = toFileText(bytes);
			for (const part of text === undefined ? [] : toParts(text)) findByPattern(part);
		},
	}),
	ofText('loose version', NEVER, {
		seeds: ['1.0.0\n1.0', 'v1-a\n2', '\n'],
		read: (text) => {
			const [a = '', b = ''] = text.split('\n');
			if (Math.sign(compareLooseVersions(a, b)) !== -Math.sign(compareLooseVersions(b, a)))
				throw new Error('no order');
		},
	}),
	ofText('CVSS', NEVER, {
		seeds: ['CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H', 'CVSS:4.0/AV:N'],
		read: (text) => {
			const score = toCvss3Score(text);
			if (score !== undefined && !(score >= 0 && score <= 10)) throw new Error(`a score of ${score}`);
		},
	}),
	ofText('repository address', NEVER, {
		seeds: ['git+https://github.com/a/b.git', 'github:a/b', 'git@h:a/b', 'https://u:p@h/a'],
		read: toRepositoryKey,
	}),
];
