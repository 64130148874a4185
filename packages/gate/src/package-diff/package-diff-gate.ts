import { hashBytes } from '@slipway/archive';
import { parsePurl, SlipwayError } from '@slipway/core';
import type { Gate, GateEvidence, GateFinding, GateRequest, PreviousVersion } from '../gate.ts';
import { isDeb, isNpm, lookIntoEach, type Packed, readPacked } from '../packed/packed.ts';
import { compareDeb } from './compare-deb.ts';
import { compareFiles } from './compare-files.ts';
import { compareNpm } from './compare-npm.ts';
import type { Comparison } from './comparison.ts';

const compareByFormat = ({ now, before, versions }: Comparison): readonly GateFinding[] => {
	if (now.kind === 'npm' && before.kind === 'npm') return compareNpm({ now, before, versions });
	return now.kind === 'deb' && before.kind === 'deb' ? compareDeb({ now, before, versions }) : [];
};

/** A predecessor that cannot be had is no reason to pass unseen. */
const toUnknown = ({ label, artifact }: Packed, error: unknown): GateFinding => {
	if (!(error instanceof SlipwayError) || error.code === 'PROCESS_ABORTED') throw error;
	return {
		id: `${label}:predecessor`,
		severity: 'error',
		message: `${artifact.name}: it cannot be compared with what users have today: ${error.message}`,
		where: { file: artifact.path },
		hint: error.hint,
	};
};

const compare = async (
	{ policy, unxz }: GateRequest,
	now: Packed,
	previous: PreviousVersion,
): Promise<readonly GateFinding[]> => {
	const before = await readPacked(now.artifact, previous.bytes, unxz);
	const { version = '' } = parsePurl(now.artifact.purl);
	const comparison = { now, before, versions: { now: version, before: previous.version } };
	const maxGrowth = policy.gates['package-diff']['max-growth'];
	return [
		...compareFiles(comparison, { maxGrowth, bytesBefore: previous.bytes.length }),
		...compareByFormat(comparison),
	];
};

/** Compares every package with the version that users get today (G8, G9): what could do more than that one could. */
export const PACKAGE_DIFF_GATE: Gate = {
	id: 'package-diff',
	check: async (request, context) => {
		const evidence: GateEvidence[] = [];
		const findings = await lookIntoEach(
			request,
			async (now) => {
				context.signal.throwIfAborted();
				try {
					const previous = await request.previous(now.artifact);
					if (!previous) return [];
					const { sha256 } = hashBytes(previous.bytes).digest;
					const name = `${now.label} ${previous.version} (${previous.from})`;
					evidence.push({ name, digest: { sha256 } });
					return await compare(request, now, previous);
				} catch (error) {
					return [toUnknown(now, error)];
				}
			},
			(artifact) => isNpm(artifact) || isDeb(artifact),
		);
		const isFirst = evidence.length === 0 && findings.length === 0;
		const skipped = isFirst ? 'no package of this release has a predecessor' : undefined;
		return { findings, evidence, dataAge: null, skipped };
	},
};
