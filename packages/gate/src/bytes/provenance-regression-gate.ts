import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes, type Release } from '@slipway/archive';
import { type Artifact, MEDIA_TYPES, parseJson, SlipwayError } from '@slipway/core';
import { BUNDLE_SUFFIX, PREDICATE_TYPES, parseStatement, type Statement } from '@slipway/core/attestation';
import * as v from 'valibot';
import type { Gate, GateEvidence, GateFinding, GateRequest } from '../gate.ts';
import { toLabel } from '../packed/packed.ts';

const Envelope = v.object({ dsseEnvelope: v.object({ payload: v.string() }) });
const Built = v.object({ runDetails: v.object({ builder: v.object({ id: v.string() }) }) });

const MAX_BYTES = 16 * 1024 * 1024;

/** npm takes a statement of its own for each tarball; everything else is in that of the whole release. */
const toBundleName = ({ name, mediaType }: Artifact): string =>
	mediaType === MEDIA_TYPES.npm ? `npm-${name}${BUNDLE_SUFFIX}` : `provenance${BUNDLE_SUFFIX}`;

interface Own {
	readonly statement: Statement;
	readonly evidence: GateEvidence;
}

/** Provenance of this artifact as it lies in the Release; its signature is verified where it is published. */
const readOwn = async ({ folder }: Release, artifact: Artifact): Promise<Own | undefined> => {
	const path = `attestations/${toBundleName(artifact)}`;
	const bytes = await readFile(join(folder, path)).catch(() => undefined);
	if (!bytes) return undefined;
	const bundle = v.safeParse(Envelope, parseJson(bytes, path, { maxBytes: MAX_BYTES }));
	if (!bundle.success) return undefined;
	const statement = parseStatement(Buffer.from(bundle.output.dsseEnvelope.payload, 'base64'));
	const { sha256, sha512 } = artifact.digest;
	const isOurs = statement.subject.some(
		({ digest }) => digest.sha256 === sha256 || (sha512 !== undefined && digest.sha512 === sha512),
	);
	if (statement.predicateType !== PREDICATE_TYPES.provenance || !isOurs) return undefined;
	return { statement, evidence: { name: path, digest: { sha256: hashBytes(bytes).digest.sha256 } } };
};

const toFinding = (
	artifact: Artifact,
	{ severity, about, message, hint }: Pick<GateFinding, 'severity' | 'message' | 'hint'> & { about: string },
): GateFinding => ({
	id: `${toLabel(artifact)}:${about}`,
	severity,
	message: `${artifact.name}: ${message}`,
	where: { file: artifact.path },
	hint,
});

const compareBuilders = (
	artifact: Artifact,
	{ statement }: Own,
	builder: string | undefined,
): readonly GateFinding[] => {
	const built = v.safeParse(Built, statement.predicate);
	const now = built.success ? built.output.runDetails.builder.id : undefined;
	if (builder === undefined || now === builder) return [];
	return [
		toFinding(artifact, {
			severity: 'warning',
			about: 'builder',
			message: `expected the builder ${JSON.stringify(builder)} as before, got ${JSON.stringify(now ?? null)}`,
			hint: 'Where the workflow moved on purpose, tell those who pin it.',
		}),
	];
};

const checkArtifact = async (
	{ release, previous }: GateRequest,
	artifact: Artifact,
	evidence: GateEvidence[],
): Promise<readonly GateFinding[]> => {
	const before = await previous(artifact);
	if (!before?.provenance.attested) return [];
	const { sha256 } = hashBytes(before.bytes).digest;
	evidence.push({
		name: `${toLabel(artifact)} ${before.version} (${before.from})`,
		digest: { sha256 },
	});
	const own = await readOwn(release, artifact);
	if (own) {
		evidence.push(own.evidence);
		return compareBuilders(artifact, own, before.provenance.builder);
	}
	return [
		toFinding(artifact, {
			severity: 'error',
			about: 'provenance',
			message: `${before.version} was published with provenance, expected some for this version too, got none`,
			hint: 'Sign the release (`sign` with `provenance: own` in slipway.yml): tools refuse a version that lost it.',
		}),
	];
};

/** The predecessor cannot be had, or our own bundle is none: not a pass. */
const toUnknown = (artifact: Artifact, error: unknown): GateFinding => {
	if (!(error instanceof SlipwayError) || error.code === 'PROCESS_ABORTED') throw error;
	const { message, hint } = error;
	return toFinding(artifact, { severity: 'error', about: 'unknown', message, hint });
};

/** A version is published with provenance if the one that users have today was (G12). */
export const PROVENANCE_REGRESSION_GATE: Gate = {
	id: 'provenance-regression',
	check: async (request, context) => {
		const evidence: GateEvidence[] = [];
		const findings: GateFinding[] = [];
		for (const artifact of request.release.manifest.artifacts) {
			context.signal.throwIfAborted();
			try {
				findings.push(...(await checkArtifact(request, artifact, evidence)));
			} catch (error) {
				findings.push(toUnknown(artifact, error));
			}
		}
		const isFirst = evidence.length === 0 && findings.length === 0;
		return {
			findings,
			evidence,
			dataAge: null,
			skipped: isFirst ? 'no package of this release has a predecessor with provenance' : undefined,
		};
	},
};
