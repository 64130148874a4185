import { toCanonicalJson } from '@slipway/core';
import type { TransparencyLog } from '../log/transparency-log.ts';
import { readJsonObject, type Service, type ServiceReply, toJsonReply, toRekorError } from '../reply.ts';
import { acceptEntry } from './proposed-entry.ts';
import { makeRekorLog, ORIGIN, toLoggedBody, toProof } from './rekor-log.ts';

const PATH = '/api/v1/log/entries';
/** Number of the one tree (a shard), as it stands before an entry's hash in its name. */
const TREE = '1193046010b2f4d5';
/** First line of its checkpoints, by which other verifiers tell this version from the next. */
const TREE_ORIGIN = `${ORIGIN} - ${BigInt(`0x${TREE}`)}`;
const DAY = 24 * 3600;

interface Found {
	readonly leafHash: string;
	readonly lie: string | undefined;
}

const toPromise = (log: TransparencyLog, said: object, lie: string | undefined): string =>
	Buffer.from(
		log.sign(Buffer.from(lie === 'wrong-promise' ? 'something else' : toCanonicalJson(said))),
	).toString('base64');

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** An entry with its signed entry timestamp (over its canonical JSON), inclusion proof and checkpoint. */
const toEntry = (log: TransparencyLog, { leafHash, lie }: Found): object | undefined => {
	const found = log.find(leafHash);
	if (!found) return undefined;
	const said = {
		body: Buffer.from(found.body).toString('base64'),
		integratedTime: found.time,
		logID: toHex(log.id),
		logIndex: log.before + found.index,
	};
	const { inclusion, checkpoint } = toProof(log, found.index, { lie, origin: TREE_ORIGIN });
	const inclusionProof = {
		checkpoint,
		hashes: inclusion.hashes.map(toHex),
		logIndex: inclusion.index,
		rootHash: toHex(inclusion.rootHash),
		treeSize: inclusion.size,
	};
	const verification = {
		...(lie === 'no-proof' ? {} : { inclusionProof }),
		signedEntryTimestamp: toPromise(log, said, lie),
	};
	return { [`${TREE}${leafHash}`]: { ...said, verification } };
};

const readEntry = (log: TransparencyLog, path: string, lie: string | undefined): ServiceReply => {
	const entry = toEntry(log, { leafHash: path.slice(-64), lie });
	return entry ? toJsonReply(200, entry) : toRekorError(404, 'entry not found');
};

const toConflict = (location: string): ServiceReply =>
	toRekorError(
		409,
		`an equivalent entry already exists in the transparency log with UUID ${location.slice(PATH.length + 1)}`,
		{
			location,
		},
	);

/** `POST /api/v1/log/entries` and `GET /api/v1/log/entries/{uuid}` of Rekor v1. */
export const toRekorService = (log: TransparencyLog): Service => {
	const stranger = makeRekorLog();
	return ({ method, path, body, lie, now }) => {
		const asked = lie === 'other-log' ? stranger : log;
		if (method === 'GET') return readEntry(asked, path, lie);
		const accepted = acceptEntry(readJsonObject(body));
		if ('problem' in accepted) return toRekorError(400, `error processing entry: ${accepted.problem}`);
		const logged = toLoggedBody(toCanonicalJson(accepted.entry), lie);
		const time = Math.floor(now / 1000) + (lie === 'late' ? DAY : 0);
		const { leafHash, known } = asked.add(logged, time);
		const location = `${PATH}/${TREE}${leafHash}`;
		if (known) return toConflict(location);
		return toJsonReply(201, toEntry(asked, { leafHash, lie }) ?? {}, {
			location,
			// Without quotes, as Rekor sends it: its Go client looks the entry up by this text.
			etag: `${TREE}${leafHash}`,
		});
	};
};

/** `GET /api/v1/log`: size and root of the log, with its checkpoint. */
export const toLogInfo = (log: TransparencyLog): ServiceReply => {
	if (log.size === 0)
		return toJsonReply(200, { rootHash: '', signedTreeHead: '', treeID: TREE, treeSize: 0 });
	const { inclusion, checkpoint } = toProof(log, 0, { lie: undefined, origin: TREE_ORIGIN });
	return toJsonReply(200, {
		rootHash: toHex(inclusion.rootHash),
		signedTreeHead: checkpoint,
		treeID: TREE,
		treeSize: inclusion.size,
		origin: TREE_ORIGIN,
	});
};
