import { parseJson, parseWith, toCanonicalJson } from '@slipway/core';
import { GATE_IDS } from '@slipway/core/policy';
import * as v from 'valibot';
import type { GateCode } from '../code.ts';
import { GATE_REPORT_MEDIA_TYPE, type GateReport } from '../gate.ts';
import { RATINGS } from '../osv/cvss.ts';

const Text = v.string();
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hexadecimal'));

const Finding = v.strictObject({
	id: Text,
	aliases: v.optional(v.array(Text)),
	severity: v.picklist(['error', 'warning', 'note']),
	rating: v.optional(v.picklist(RATINGS)),
	message: Text,
	where: v.optional(
		v.strictObject({ file: Text, line: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))) }),
	),
	hint: Text,
});

const AppliedOverride = v.strictObject({
	kind: v.picklist(['policy', 'emergency']),
	finding: Text,
	by: Text,
	reason: Text,
	date: v.optional(Text),
	expires: v.optional(Text),
});

const Verdict = v.strictObject({
	id: v.picklist(GATE_IDS),
	verdict: v.picklist(['pass', 'warn', 'fail', 'skipped']),
	findings: v.array(Finding),
	evidence: v.array(v.strictObject({ name: Text, digest: v.strictObject({ sha256: Sha256 }) })),
	dataAge: v.nullable(v.pipe(v.number(), v.safeInteger())),
	overrides: v.array(AppliedOverride),
	notes: v.array(Text),
});

const Report = v.strictObject({
	mediaType: v.literal(GATE_REPORT_MEDIA_TYPE),
	project: Text,
	version: Text,
	policy: v.nullable(v.strictObject({ sha256: Sha256 })),
	emergency: v.optional(v.strictObject({ by: Text, reason: Text })),
	verdicts: v.array(Verdict),
	overall: v.picklist(['pass', 'warn', 'fail']),
});

/** Reads gate/report.json. @throws SlipwayError GATE_REPORT_INVALID, JSON_* */
export const parseGateReport = (source: string | Uint8Array): GateReport =>
	parseWith(Report, parseJson(source, 'gate/report.json', { maxBytes: 64 * 1024 * 1024 }), {
		code: 'GATE_REPORT_INVALID' satisfies GateCode,
		what: 'gate/report.json',
		hint: 'Run the gates again: slipway gate.',
	});

/** The bytes of gate/report.json: canonical JSON and a line feed. */
export const toGateReportText = (report: GateReport): string => `${toCanonicalJson(report)}\n`;
