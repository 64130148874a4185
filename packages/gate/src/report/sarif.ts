import { createHash } from 'node:crypto';
import { toCanonicalJson, toPrintable } from '@slipway/core';
import type { GateId } from '@slipway/core/policy';
import type { AppliedOverride, GateFinding, GateReport, GateVerdict } from '../gate.ts';
import type { Rating } from '../osv/cvss.ts';

/** GitHub's code scanning shows so many of a run and drops the rest. */
const MAX_RESULTS = 5000;
const MAX_TEXT = 1000;

const RULES: Readonly<Record<GateId, string>> = {
	vulnerabilities: 'A known vulnerability of an SBOM component',
	malware: 'A package that is listed as malware',
	licences: 'A licence that is unknown or not allowed',
	secrets: 'A secret in the packed bytes',
	'package-diff': 'A change against the published version that deserves a look',
	'provenance-regression': 'Less provenance than the published version has',
	rebuild: 'Bytes that a second build does not make',
	metadata: 'Package metadata that its format does not allow',
	'npm-files': 'An npm package that packs files it should not',
	'sbom-quality': 'An SBOM that is missing or says too little',
};

/** GitHub reads these as the score by which it orders and filters. */
const SCORES: Readonly<Record<Rating, string>> = {
	low: '3.0',
	moderate: '5.5',
	high: '8.0',
	critical: '9.5',
	unknown: '8.0',
};

const toText = (text: string): string => toPrintable(text, MAX_TEXT);

/** A relative reference of RFC 3986: whatever stands in the path, it is a path. */
const toUri = (file: string): string =>
	toPrintable(file, 1024).split('/').map(encodeURIComponent).join('/').replace(/^\/+/, '');

/** Code scanning wants one; a finding without is shown at the list of what is released. */
const toLocation = ({ where }: GateFinding): object => ({
	physicalLocation: {
		artifactLocation: { uri: toUri(where?.file ?? 'manifest.json') },
		region: { startLine: where?.line ?? 1 },
	},
});

const toSuppression = ({ kind, by, reason, expires }: AppliedOverride): object => ({
	kind: 'external',
	status: 'accepted',
	justification: toText(`${kind}, ${by}${expires === undefined ? '' : ` until ${expires}`}: ${reason}`),
});

const toFingerprint = (gate: GateId, id: string): string =>
	createHash('sha256').update(`${gate}\0${id}`).digest('hex');

const toResult = (finding: GateFinding, { id: gate, overrides }: GateVerdict, ruleIndex: number): object => {
	const accepted = overrides.filter((override) => override.finding === finding.id);
	return {
		ruleId: gate,
		ruleIndex,
		level: finding.severity,
		message: { text: toText(`${finding.message}. ${finding.hint}`) },
		locations: [toLocation(finding)],
		partialFingerprints: { 'slipwayFinding/v1': toFingerprint(gate, finding.id) },
		...(accepted.length > 0 && { suppressions: accepted.map(toSuppression) }),
		properties: {
			finding: toText(finding.id),
			...(finding.rating && { 'security-severity': SCORES[finding.rating] }),
		},
	};
};

const toRule = ({ id }: GateVerdict): object => ({
	id,
	name: id,
	shortDescription: { text: RULES[id] },
	fullDescription: { text: `${RULES[id]} (gate ${id} of Slipway).` },
	defaultConfiguration: { level: 'error' },
	help: {
		text: 'See docs/guides/gate.md: what the gate looks at, and how a finding is accepted for a time.',
	},
	properties: { tags: ['security', 'supply-chain'], 'security-severity': id === 'licences' ? '3.0' : '8.0' },
});

const ORDER = ['error', 'warning', 'note'];

const toResults = (verdicts: readonly GateVerdict[]): object[] =>
	verdicts
		.flatMap((verdict, index) => verdict.findings.map((finding) => ({ finding, verdict, index })))
		.sort((a, b) => ORDER.indexOf(a.finding.severity) - ORDER.indexOf(b.finding.severity))
		.slice(0, MAX_RESULTS)
		.map(({ finding, verdict, index }) => toResult(finding, verdict, index));

/** gate/report.sarif: SARIF 2.1.0 for code scanning, one rule a gate. Canonical JSON. */
export const toSarifText = (
	report: GateReport,
	tool: { readonly name: string; readonly version: string },
): string =>
	`${toCanonicalJson({
		$schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
		version: '2.1.0',
		runs: [
			{
				tool: {
					driver: { name: tool.name, semanticVersion: tool.version, rules: report.verdicts.map(toRule) },
				},
				automationDetails: { id: 'slipway/gate/' },
				results: toResults(report.verdicts),
				columnKind: 'utf16CodeUnits',
			},
		],
	})}\n`;
