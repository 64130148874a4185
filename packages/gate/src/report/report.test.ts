import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { GateFinding, GateReport } from '../gate.ts';
import { toGateMarkdown } from './markdown.ts';
import { parseGateReport, toGateReportText } from './parse-report.ts';
import { toSarifText } from './sarif.ts';

const HOSTILE = '<script>alert(1)</script> [x](javascript:1) | `a` \u202e\nnew *line* @team #1';

const FINDING: GateFinding = {
	id: HOSTILE,
	aliases: ['CVE-1'],
	severity: 'error',
	rating: 'critical',
	message: HOSTILE,
	where: { file: `artifacts/greet 1.tgz!/${HOSTILE}`, line: 3 },
	hint: HOSTILE,
};

const REPORT: GateReport = {
	mediaType: 'application/vnd.slipway.gate-report.v1+json',
	project: 'greet',
	version: '1.1.0',
	policy: { sha256: 'a'.repeat(64) },
	emergency: { by: HOSTILE, reason: HOSTILE },
	verdicts: [
		{
			id: 'vulnerabilities',
			verdict: 'fail',
			findings: [FINDING, { id: 'n', severity: 'note', message: 'm', hint: 'h' }],
			evidence: [{ name: HOSTILE, digest: { sha256: 'b'.repeat(64) } }],
			dataAge: 3600 * 60,
			overrides: [
				{
					kind: 'policy',
					finding: HOSTILE,
					by: HOSTILE,
					reason: HOSTILE,
					date: '2026-11-01',
					expires: '2026-11-30',
				},
			],
			notes: [HOSTILE],
		},
		{
			id: 'licences',
			verdict: 'skipped',
			findings: [],
			evidence: [],
			dataAge: null,
			overrides: [],
			notes: ['no SBOM'],
		},
	],
	overall: 'fail',
};
const TOOL = { name: 'slipway', version: '0.1.0' };

test('report.json is canonical, and is read back', () => {
	const text = toGateReportText(REPORT);
	expect(parseGateReport(text)).toEqual(REPORT);
	expect(toGateReportText(parseGateReport(text))).toBe(text);
});

test.each([
	['no JSON', '{', 'JSON_INVALID'],
	['another version', toGateReportText(REPORT).replace('report.v1', 'report.v2'), 'GATE_REPORT_INVALID'],
	[
		'a gate that is none',
		toGateReportText(REPORT).replace('"id":"licences"', '"id":"looks"'),
		'GATE_REPORT_INVALID',
	],
	[
		'a further field',
		toGateReportText(REPORT).replace('"overall"', '"more":1,"overall"'),
		'GATE_REPORT_INVALID',
	],
	['a digest that is none', toGateReportText(REPORT).replace('b'.repeat(64), 'b'), 'GATE_REPORT_INVALID'],
])('%s is no report', (_, text, code) => {
	expect(() => parseGateReport(text)).toThrow(expect.objectContaining({ name: 'SlipwayError', code }));
});

test('report.md tells everything, and foreign text in it is inert (H3)', () => {
	const text = toGateMarkdown(REPORT);
	for (const part of [
		'# Gates of greet 1.1.0: failed',
		'| vulnerabilities | fail | 1 | 0 | 1 | 1 | 3 days |',
		'b'.repeat(64),
		'## licences: skipped',
	])
		expect(text).toContain(part);
	expect(text).not.toMatch(/<script|\]\(|\u202e|@team|javascript:1/);
	expect(text.split('\n').filter((line) => line.startsWith('new'))).toEqual([]);
});

test('5,000 findings of one gate stay a page', () => {
	const findings = Array.from({ length: 5000 }, (_, index) => ({ ...FINDING, id: `f${index}` }));
	const [first, ...others] = REPORT.verdicts;
	const report = { ...REPORT, verdicts: first ? [{ ...first, findings }, ...others] : [] };
	expect(toGateMarkdown(report).length).toBeLessThan(1024 * 1024);
	expect(
		(JSON.parse(toSarifText(report, TOOL)) as { runs: { results: unknown[] }[] }).runs[0]?.results,
	).toHaveLength(5000);
});

interface Sarif {
	readonly version: string;
	readonly runs: readonly {
		readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
		readonly results: readonly {
			readonly ruleId: string;
			readonly ruleIndex: number;
			readonly level: string;
			readonly locations: readonly {
				readonly physicalLocation: {
					readonly artifactLocation: { readonly uri: string };
					readonly region: object;
				};
			}[];
			readonly suppressions?: readonly object[];
			readonly partialFingerprints: Readonly<Record<string, string>>;
			readonly properties: object;
		}[];
	}[];
}

test('report.sarif has what code scanning asks for: rule, level, place, fingerprint, score, suppression', () => {
	const { version, runs } = JSON.parse(toSarifText(REPORT, TOOL)) as Sarif;
	const [first, second] = runs[0]?.results ?? [];
	expect(version).toBe('2.1.0');
	expect(runs[0]?.tool.driver.rules.map(({ id }) => id)).toEqual(['vulnerabilities', 'licences']);
	expect(first).toMatchObject({
		ruleId: 'vulnerabilities',
		ruleIndex: 0,
		level: 'error',
		partialFingerprints: { 'slipwayFinding/v1': expect.stringMatching(/^[0-9a-f]{64}$/) },
		properties: { 'security-severity': '9.5' },
		suppressions: [{ kind: 'external', status: 'accepted' }],
	});
	expect(first?.locations[0]?.physicalLocation).toMatchObject({ region: { startLine: 3 } });
	expect(first?.locations[0]?.physicalLocation.artifactLocation.uri).toMatch(
		/^artifacts\/greet%201\.tgz!\/[!-~]+$/,
	);
	expect(second).toMatchObject({
		level: 'note',
		locations: [
			{ physicalLocation: { artifactLocation: { uri: 'manifest.json' }, region: { startLine: 1 } } },
		],
	});
	expect(second?.suppressions).toBeUndefined();
	expect(first?.partialFingerprints).not.toEqual(second?.partialFingerprints);
});

test('the place of a finding never leaves the repository, whatever it is', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme' }), (file) => {
			const [first] = REPORT.verdicts;
			const verdicts = first ? [{ ...first, findings: [{ ...FINDING, where: { file } }] }] : [];
			const { runs } = JSON.parse(toSarifText({ ...REPORT, verdicts }, TOOL)) as Sarif;
			const uri = runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri ?? '';
			expect(new URL(uri, 'https://host.example/repository/').host).toBe('host.example');
		}),
	);
});

// The schema is OASIS's, not ours: it is read where it lies.
const SCHEMA =
	process.env.SLIPWAY_SARIF_SCHEMA ??
	resolve(import.meta.dirname, '../../../../../shared/third-party/sarif/sarif-schema-2.1.0.json');
if (!existsSync(SCHEMA)) process.stderr.write(`\nSKIPPED: the schema of SARIF 2.1.0 is not at ${SCHEMA}\n`);

(existsSync(SCHEMA) ? test : test.skip)('report.sarif is what the schema of SARIF 2.1.0 allows', () => {
	const ajv = new Ajv.default({ strict: false });
	addFormats.default(ajv);
	const { $schema, id, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Record<string, unknown>;
	expect([$schema, id]).toEqual([expect.stringContaining('draft-0'), expect.stringContaining('sarif')]);
	const validate = ajv.compile(schema);
	validate(JSON.parse(toSarifText(REPORT, TOOL)));
	expect(validate.errors).toBeNull();
});
