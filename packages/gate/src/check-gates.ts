import { verifyRelease } from '@slipway/archive';
import { type Context, SlipwayError, toMessage } from '@slipway/core';
import { GATE_IDS, type GateId } from '@slipway/core/policy';
import {
	GATE_REPORT_MEDIA_TYPE,
	type Gate,
	type GateFinding,
	type GateFindings,
	type GateReport,
	type GateRequest,
	type GateVerdict,
} from './gate.ts';
import { applyEmergency, applyOverrides, checkEmergency } from './overrides.ts';

const toSkipped = (id: GateId, reason: string): GateVerdict => ({
	id,
	verdict: 'skipped',
	findings: [],
	evidence: [],
	dataAge: null,
	overrides: [],
	notes: [reason],
});

/** A gate that could not look is no gate that found nothing. */
const toBroken = (thrown: SlipwayError): GateFindings => ({
	findings: [
		{
			id: thrown.code,
			severity: 'error',
			message: `could not be checked: ${toMessage(thrown)}`,
			hint: thrown.hint,
		},
	],
	evidence: [],
	dataAge: null,
});

const look = async (gate: Gate, request: GateRequest, context: Context): Promise<GateFindings> => {
	try {
		return await gate.check(request, context);
	} catch (thrown) {
		context.signal.throwIfAborted();
		if (thrown instanceof SlipwayError) return toBroken(thrown);
		throw thrown;
	}
};

/** An override names a finding by id: two of one id would hide behind each other. */
const withUniqueIds = (findings: readonly GateFinding[]): GateFinding[] => {
	const counts = new Map<string, number>();
	return findings.map((finding) => {
		const count = (counts.get(finding.id) ?? 0) + 1;
		counts.set(finding.id, count);
		return count === 1 ? finding : { ...finding, id: `${finding.id} #${count}` };
	});
};

const isIn = (list: readonly { readonly finding: string }[], { id }: GateFinding): boolean =>
	list.some(({ finding }) => finding === id);

const toVerdict = (
	id: GateId,
	seen: GateFindings,
	request: GateRequest & { readonly now: number },
): GateVerdict => {
	const { policy, emergency, now } = request;
	const findings = withUniqueIds(seen.findings);
	const own = applyOverrides(
		findings,
		policy.overrides.filter(({ gate }) => gate === id),
		now,
	);
	const open = findings.filter((finding) => finding.severity !== 'note' && !isIn(own.applied, finding));
	const errors = open.filter(({ severity }) => severity === 'error');
	const isFatal = policy.gates[id].level === 'fail';
	const urgent = applyEmergency(id, isFatal ? errors : [], emergency);
	const left = errors.filter((finding) => !isIn(urgent.applied, finding));
	return {
		id,
		verdict: left.length > 0 && isFatal ? 'fail' : open.length > 0 ? 'warn' : 'pass',
		findings,
		evidence: seen.evidence,
		dataAge: seen.dataAge,
		overrides: [...own.applied, ...urgent.applied],
		notes: [...own.notes, ...urgent.notes],
	};
};

const checkOne = async (gate: Gate, request: GateRequest, context: Context): Promise<GateVerdict> => {
	if (request.policy.gates[gate.id].level === 'off') return toSkipped(gate.id, 'the policy turns it off');
	const seen = await look(gate, request, context);
	if (seen.skipped !== undefined) return toSkipped(gate.id, seen.skipped);
	return toVerdict(gate.id, seen, { ...request, now: context.clock.now() });
};

const toOverall = (verdicts: readonly GateVerdict[]): GateReport['overall'] => {
	if (verdicts.some(({ verdict }) => verdict === 'fail')) return 'fail';
	return verdicts.some(({ verdict }) => verdict === 'warn') ? 'warn' : 'pass';
};

/**
 * Hashes every artifact, then lets each gate look at the Release and weighs what it found by the policy: its level, its
 * overrides, an emergency. A gate that cannot look (broken archive, unreadable data) has found an error.
 * @throws SlipwayError RELEASE_ARTIFACT_MISSING, RELEASE_ARTIFACT_CHANGED, GATE_EMERGENCY_INVALID
 */
export const checkGates = async (
	gates: readonly Gate[],
	request: GateRequest,
	context: Context,
): Promise<GateReport> => {
	checkEmergency(request.emergency);
	await verifyRelease(request.release);
	const verdicts: GateVerdict[] = [];
	for (const gate of gates.toSorted((a, b) => GATE_IDS.indexOf(a.id) - GATE_IDS.indexOf(b.id))) {
		context.signal.throwIfAborted();
		const verdict = await checkOne(gate, request, context);
		context.log.info(`gate ${gate.id}: ${verdict.verdict}`);
		verdicts.push(verdict);
	}
	const { project, version } = request.release.manifest;
	return {
		mediaType: GATE_REPORT_MEDIA_TYPE,
		project,
		version,
		policy: request.policyDigest === undefined ? null : { sha256: request.policyDigest },
		...(request.emergency && { emergency: request.emergency }),
		verdicts,
		overall: toOverall(verdicts),
	};
};
