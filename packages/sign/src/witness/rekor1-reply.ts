import type { TransparencyLogEntry } from '@sigstore/bundle';
import { parseJson, record } from '@slipway/core';
import * as v from 'valibot';
import type { ServiceReply } from '../services/call-service.ts';
import { readBody } from './entry-body.ts';
import { toWrongEntry } from './wrong-entry.ts';

const Hex = v.pipe(v.string(), v.regex(/^([0-9a-f]{2})*$/), v.maxLength(1024));
const Base64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/));
const Index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const Reply = record(
	v.string(),
	v.object({
		body: Base64,
		integratedTime: v.pipe(Index, v.minValue(1)),
		logID: v.pipe(Hex, v.length(64)),
		logIndex: Index,
		verification: v.object({
			signedEntryTimestamp: v.pipe(Base64, v.minLength(1)),
			inclusionProof: v.object({
				checkpoint: v.string(),
				hashes: v.array(Hex),
				logIndex: Index,
				rootHash: Hex,
				treeSize: Index,
			}),
		}),
	}),
);
type Entry = v.InferOutput<typeof Reply>[string];

const Kind = v.object({ kind: v.string(), apiVersion: v.string() });

const toEntry = (entry: Entry, canonicalizedBody: Buffer, kind: v.InferOutput<typeof Kind>) => {
	const { signedEntryTimestamp, inclusionProof: proof } = entry.verification;
	return {
		logIndex: String(entry.logIndex),
		logId: { keyId: Buffer.from(entry.logID, 'hex') },
		kindVersion: { kind: kind.kind, version: kind.apiVersion },
		integratedTime: String(entry.integratedTime),
		inclusionPromise: { signedEntryTimestamp: Buffer.from(signedEntryTimestamp, 'base64') },
		inclusionProof: {
			logIndex: String(proof.logIndex),
			treeSize: String(proof.treeSize),
			rootHash: Buffer.from(proof.rootHash, 'hex'),
			hashes: proof.hashes.map((hash) => Buffer.from(hash, 'hex')),
			checkpoint: { envelope: proof.checkpoint },
		},
		canonicalizedBody,
	};
};

/**
 * The entry in a reply of Rekor v1 (openapi.yaml, LogEntry): exactly one, with proof and promise.
 * @throws SlipwayError SIGN_LOG_WRONG
 */
export const readRekor1Reply = ({ body }: ServiceReply, url: string): TransparencyLogEntry => {
	let json: unknown;
	try {
		json = parseJson(body, 'the reply of the log', { maxDepth: 16 });
	} catch {
		throw toWrongEntry(url, 'a log entry', 'something that is no JSON');
	}
	const parsed = v.safeParse(Reply, json);
	const [entry, second] = parsed.success ? Object.values(parsed.output) : [];
	if (!entry || second) throw toWrongEntry(url, 'one log entry with its proof', 'something else');
	const canonicalizedBody = Buffer.from(entry.body, 'base64');
	const kind = v.safeParse(Kind, readBody(canonicalizedBody));
	if (!kind.success) throw toWrongEntry(url, 'an entry with a kind', 'one without');
	return toEntry(entry, canonicalizedBody, kind.output);
};
