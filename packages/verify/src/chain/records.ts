import {
	type Descriptor,
	parseJson,
	parseWith,
	STAGES,
	type StageName,
	StageRecord,
	toMessage,
} from '@slipway/core';
import type { Evidence, FileDigest } from './evidence.ts';
import { type LinkProblem, toProblem } from './problem.ts';

/** A record of a Release that was read, with the place of its stage in the order of all. */
export interface RecordLink {
	readonly path: string;
	readonly digest: FileDigest;
	readonly record: StageRecord;
	readonly stage: StageName;
	/** Of the stage: 0 is build. */
	readonly order: number;
}

export const toOrder = (stage: StageName): number => STAGES.indexOf(stage);

/** Records of several runners of one platform get numbers when their Releases are joined. */
const isNamed = (path: string, { stage, platform }: StageRecord): boolean => {
	const stem = `records/${stage}-${platform.os}-${platform.arch}`;
	return (
		path === `${stem}.json` ||
		(path.startsWith(`${stem}-`) && /^-\d{1,4}\.json$/.test(path.slice(stem.length)))
	);
};

const isStage = (name: string): name is StageName => (STAGES as readonly string[]).includes(name);

const readRecord = (path: string, bytes: Uint8Array): StageRecord =>
	parseWith(StageRecord, parseJson(bytes, path), {
		code: 'VERIFY_CHAIN_CHANGED',
		what: path,
		hint: 'Get the Release folder again from where it was signed.',
	});

const toLink = (path: string, { bytes, digest }: { bytes: Uint8Array; digest: FileDigest }) => {
	try {
		const record = readRecord(path, bytes);
		if (!isStage(record.stage))
			return toProblem('VERIFY_CHAIN_UNKNOWN', path, `expected a stage of ${STAGES.join(', ')}`);
		if (!isNamed(path, record))
			return toProblem(
				'VERIFY_CHAIN_MISMATCH',
				path,
				`holds the record of ${record.stage} on ${record.platform.os}-${record.platform.arch}, which has another name`,
			);
		return { path, digest, record, stage: record.stage, order: toOrder(record.stage) };
	} catch (cause) {
		return toProblem('VERIFY_CHAIN_CHANGED', path, `is no record of a stage: ${toMessage(cause)}`, cause);
	}
};

/** The records of a Release by stage and path, and which of them are none. */
export const readRecords = ({
	files,
}: Evidence): { readonly records: readonly RecordLink[]; readonly problems: readonly LinkProblem[] } => {
	const records: RecordLink[] = [];
	const problems: LinkProblem[] = [];
	for (const [path, { bytes, digest }] of files) {
		if (!/^records\/[^/]+\.json$/.test(path) || !bytes) continue;
		const found = toLink(path, { bytes, digest });
		if ('code' in found) problems.push(found);
		else records.push(found);
	}
	records.sort((a, b) => a.order - b.order || (a.path < b.path ? -1 : 1));
	return { records, problems };
};

/** Whether a descriptor names this file: each digest that it gives is the file's. */
export const isFile = (descriptor: Descriptor, digest: FileDigest): boolean =>
	descriptor.digest.sha256 === digest.sha256 && (descriptor.digest.sha512 ?? digest.sha512) === digest.sha512;
