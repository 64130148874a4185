import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes, type Release, readStageRecords, writeStage } from '@slipway/archive';
import { type Descriptor, SlipwayError } from '@slipway/core';
import type { Emergency, GateReport, GateRequest } from '@slipway/gate';
import { TOOL } from './tool.ts';

const REPORT = 'gate/report.json';

/** A report as it lies in the Release. */
export interface StoredReport {
	readonly report: GateReport;
	/** Of gate/report.json. */
	readonly digest: { readonly sha256: string };
}

/** What the verdicts are about, for the record of the stage. */
const toInputs = ({ release, sboms, policyDigest }: GateRequest): Descriptor[] => [
	...release.manifest.artifacts.map(({ name, digest }) => ({ name, digest })),
	...sboms.map(({ path, digest }) => ({ name: path, digest })),
	...(policyDigest === undefined ? [] : [{ name: 'policy', digest: { sha256: policyDigest } }]),
];

const write = async (folder: string, path: string, text: string): Promise<Descriptor> => {
	const temporary = join(folder, `${path}.${randomUUID()}.tmp`);
	await writeFile(temporary, text, { mode: 0o644 });
	await rename(temporary, join(folder, path));
	return { name: path, digest: { sha256: hashBytes(Buffer.from(text)).digest.sha256 } };
};

const toNotes = ({ verdicts, emergency, overall }: GateReport): string[] => [
	`overall: ${overall}`,
	...verdicts.map(({ id, verdict }) => `${id}: ${verdict}`),
	...(emergency ? [`emergency declared by ${emergency.by}: ${emergency.reason}`] : []),
];

/** Writes the report in its three forms, and the record of the stage, which names each: people read the other two. */
export const writeGateFiles = async (
	request: GateRequest,
	report: GateReport,
	times: { readonly start: number; readonly end: number },
): Promise<StoredReport> => {
	const { toGateMarkdown, toGateReportText, toSarifText } = await import('@slipway/gate');
	const { folder } = request.release;
	await mkdir(join(folder, 'gate'), { recursive: true });
	const { name, digest } = await write(folder, REPORT, toGateReportText(report));
	const renderings = [
		await write(folder, 'gate/report.md', toGateMarkdown(report)),
		await write(folder, 'gate/report.sarif', toSarifText(report, TOOL)),
	];
	await writeStage(request.release, 'gate', {
		tool: TOOL,
		...times,
		inputs: toInputs(request),
		outputs: [{ name, digest }, ...renderings],
		notes: toNotes(report),
	});
	return { report, digest };
};

/** The report in a Release, whatever it is about; undefined where there is none that can be read. */
export const readStoredReport = async ({ folder }: Release): Promise<StoredReport | undefined> => {
	const { parseGateReport } = await import('@slipway/gate');
	const bytes = await readFile(join(folder, REPORT)).catch(() => undefined);
	if (!bytes) return undefined;
	try {
		return { report: parseGateReport(bytes), digest: { sha256: hashBytes(bytes).digest.sha256 } };
	} catch (thrown) {
		if (thrown instanceof SlipwayError) return undefined;
		throw thrown;
	}
};

const toKey = (files: readonly Descriptor[]): string =>
	JSON.stringify(files.map(({ name, digest }) => `${name} ${digest.sha256}`).sort());

const isSame = (a: Emergency | undefined, b: Emergency | undefined): boolean =>
	a?.by === b?.by && a?.reason === b?.reason;

/** An override may have expired since. */
const isStillAccepted = ({ verdicts }: GateReport, now: number): boolean =>
	verdicts
		.flatMap(({ overrides }) => overrides)
		.every(({ expires }) => expires === undefined || Date.parse(expires) + 86_400_000 > now);

/** An earlier report that says what another look would be about: the same bytes, SBOMs, policy and emergency, passed. */
export const findEarlierReport = async (
	request: GateRequest,
	now: number,
): Promise<StoredReport | undefined> => {
	const stored = await readStoredReport(request.release);
	if (!stored || stored.report.overall === 'fail') return undefined;
	if (!isSame(stored.report.emergency, request.emergency) || !isStillAccepted(stored.report, now))
		return undefined;
	const records = await readStageRecords(request.release);
	const isAbout = records.some(
		({ record }) =>
			record.stage === 'gate' &&
			toKey(record.inputs) === toKey(toInputs(request)) &&
			record.outputs.some(({ name, digest }) => name === REPORT && digest.sha256 === stored.digest.sha256),
	);
	return isAbout ? stored : undefined;
};
