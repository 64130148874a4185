import { readStageRecords, type StoredRecord } from '@slipway/archive';
import { type Artifact, type Descriptor, isSameDigest, SlipwayError } from '@slipway/core';
import type { Gate, GateFinding } from '../gate.ts';
import { toLabel } from '../packed/packed.ts';

const names = (files: readonly Descriptor[], artifact: Artifact): boolean =>
	files.some(({ name, digest }) => name === artifact.name && isSameDigest(digest, artifact.digest));

const toFinding = (artifact: Artifact, records: readonly StoredRecord[]): readonly GateFinding[] => {
	const own = records.filter(({ record }) => names(record.inputs, artifact));
	// A second build took the artifacts in, and gave out those that came out the same.
	if (own.length > 0 && own.every(({ record }) => names(record.outputs, artifact))) return [];
	const { name, path } = artifact;
	const found =
		own.length > 0
			? 'other bytes came out'
			: records.length > 0
				? 'that was of other bytes'
				: 'there was none';
	return [
		{
			id: `${toLabel(artifact)}:rebuild`,
			severity: 'error',
			message: `${name}: expected a second build to give the same bytes, ${found}`,
			where: { file: own[0]?.path ?? path },
			hint:
				own.length > 0
					? 'Look at what differs with `slipway reproduce`, and remove what changes from build to build.'
					: 'Run `slipway reproduce` after the build: it builds again elsewhere and compares every byte.',
		},
	];
};

const readRecords = async (folder: string): Promise<readonly StoredRecord[] | GateFinding> => {
	try {
		return (await readStageRecords({ folder })).filter(({ record }) => record.stage === 'reproduce');
	} catch (error) {
		if (!(error instanceof SlipwayError)) throw error;
		const { message, hint } = error;
		return { id: 'records', severity: 'error', message, where: { file: 'records' }, hint };
	}
};

/** What is published is what a second build of the same source gives, byte for byte (G10). */
export const REBUILD_GATE: Gate = {
	id: 'rebuild',
	check: async ({ release }) => {
		const records = await readRecords(release.folder);
		if ('id' in records) return { findings: [records], evidence: [], dataAge: null };
		return {
			findings: release.manifest.artifacts.flatMap((artifact) => toFinding(artifact, records)),
			evidence: records.map(({ path, digest }) => ({ name: path, digest })),
			dataAge: null,
		};
	},
};
